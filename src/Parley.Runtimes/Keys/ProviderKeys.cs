using Parley.Core;
using Parley.Core.Turns;
using Parley.Runtimes.Models;

namespace Parley.Runtimes.Keys;

/// <summary>Keys of the environment first, then those of the encrypted file. Read anew for each call, so a change needs no restart.</summary>
public sealed class ProviderKeys : IKeyStore
{
    private const int LongestKey = 1000;
    private readonly RuntimeOptions _options;
    private readonly KeyFile _file;

    /// <summary>Keeps the file in <see cref="RuntimeOptions.DataFolder"/>.</summary>
    public ProviderKeys(RuntimeOptions options)
    {
        _options = options;
        _file = new KeyFile(options.DataFolder);
    }

    /// <inheritdoc />
    public IReadOnlyList<ProviderKey> List()
    {
        var stored = _file.Names();
        return [.. Provider.All.Where(provider => provider.TakesKey).Select(provider => new ProviderKey(provider.Name, SourceOf(provider, stored), provider.KeyVariable, provider.NeedsKey))];
    }

    /// <inheritdoc />
    public void Set(string provider, string key)
    {
        var known = Known(provider);
        var trimmed = key.Trim();
        if (trimmed.Length is 0 or > LongestKey || trimmed.Any(letter => letter is <= ' ' or > '~'))
        {
            throw ParleyError.Invalid("key", "That is no key: it is empty, too long, or has blanks or other than ASCII letters.", $"Copy the key from the page of {known.Name} and set it again.");
        }

        _file.Set(known.Name, trimmed);
    }

    /// <inheritdoc />
    public bool Remove(string provider) => _file.Remove(Known(provider).Name);

    /// <summary>Names no key.</summary>
    public override string ToString() => nameof(ProviderKeys);

    internal string? Find(Provider provider) => !provider.TakesKey ? null : Variable(provider) ?? _file.Find(provider.Name);

    private KeySource SourceOf(Provider provider, IReadOnlySet<string> stored) =>
        Variable(provider) is not null ? KeySource.Environment : stored.Contains(provider.Name) ? KeySource.Stored : KeySource.None;

    private string? Variable(Provider provider) => _options.Environment(provider.KeyVariable)?.Trim() is { Length: > 0 } key ? key : null;

    private static Provider Known(string name) => Provider.Find(name) is { TakesKey: true } provider
        ? provider
        : throw ParleyError.Invalid("provider", $"No provider '{(name.Length > 60 ? name[..60] + "…" : name)}' takes a key.", $"Name one of {string.Join(", ", Provider.All.Where(known => known.TakesKey).Select(known => known.Name))}.");
}
