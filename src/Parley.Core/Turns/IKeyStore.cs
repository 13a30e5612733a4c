namespace Parley.Core.Turns;

/// <summary>The keys of the providers. A value goes in and is never handed out again; a change counts for the next call of a model.</summary>
public interface IKeyStore
{
    /// <summary>Every provider that takes a key, and whether it has one; never the value.</summary>
    IReadOnlyList<ProviderKey> List();

    /// <summary>Stores a key, encrypted. Throws <c>invalid_request</c> where no provider of that name takes one or the text cannot be a key.</summary>
    void Set(string provider, string key);

    /// <summary>Forgets the stored key; false where none was stored. A key of the environment stays.</summary>
    bool Remove(string provider);
}

/// <summary>Whether a provider has a key.</summary>
/// <param name="Provider">The part of a model's name before the slash.</param>
/// <param name="Source">Where the key that counts comes from.</param>
/// <param name="Variable">The environment variable that goes before a stored key.</param>
/// <param name="Required">False where the provider may answer without one.</param>
public sealed record ProviderKey(string Provider, KeySource Source, string Variable, bool Required);

/// <summary>Where a key comes from.</summary>
public enum KeySource
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>An environment variable of the server.</summary>
    Environment,

    /// <summary>The encrypted store in the data folder.</summary>
    Stored,
}
