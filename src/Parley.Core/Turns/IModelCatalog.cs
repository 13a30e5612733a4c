namespace Parley.Core.Turns;

/// <summary>The models that can be named, what they cost and whether they can be reached.</summary>
public interface IModelCatalog
{
    /// <summary>The price of a model, or null where none is known; a local or demonstration model costs nothing and says so.</summary>
    Price? PriceOf(string model);

    /// <summary>Throws <c>invalid_request</c> with the providers that exist where the name has no provider that is known. Asks nobody.</summary>
    void Check(string model);

    /// <summary>Every provider with its state and the models it lists, asked now; a provider that does not answer within 3 s is listed as unreachable.</summary>
    Task<IReadOnlyList<ProviderInfo>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>What a model costs, in millionths of a US dollar for a million tokens, which is dollars a million tokens times 1,000,000.</summary>
/// <param name="Input">For input tokens.</param>
/// <param name="CachedInput">For input tokens read from the provider's cache.</param>
/// <param name="Output">For output tokens.</param>
/// <param name="WrittenInput">For input tokens written into the provider's cache; null where they cost what other input does.</param>
public sealed record Price(long Input, long CachedInput, long Output, long? WrittenInput = null)
{
    /// <summary>It costs nothing.</summary>
    public static readonly Price Free = new(0, 0, 0);

    /// <summary>What that use costs, in millionths of a dollar, rounded up.</summary>
    public long Of(Usage usage)
    {
        var plain = (Int128)(usage.Input - usage.CachedInput - usage.WrittenInput) * Input;
        var millionths = plain + ((Int128)usage.CachedInput * CachedInput) + ((Int128)usage.WrittenInput * (WrittenInput ?? Input)) + ((Int128)usage.Output * Output);
        return (long)((millionths + 999_999) / 1_000_000);
    }
}

/// <summary>A provider of models as it is now.</summary>
/// <param name="Name">The part before the slash.</param>
/// <param name="State"><c>ready</c>, <c>no key</c> or <c>unreachable</c>, with the fix in <paramref name="Note"/>.</param>
/// <param name="Address">Where it is asked; empty for a built-in one.</param>
/// <param name="Note">What to do, or what to know.</param>
/// <param name="Models">What it lists or what the price table knows of it.</param>
public sealed record ProviderInfo(string Name, string State, string Address, string Note, IReadOnlyList<ModelInfo> Models);

/// <summary>A model by its full name, with its price where one is known.</summary>
public sealed record ModelInfo(string Name, Price? Price);
