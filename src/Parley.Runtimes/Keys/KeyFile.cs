using System.Security.Cryptography;
using System.Text.Json;
using Parley.Core;

namespace Parley.Runtimes.Keys;

/// <summary><c>keys.json</c>: the keys of providers, sealed under the secret in <c>keys.secret</c>.</summary>
internal sealed class KeyFile(string folder)
{
    private readonly Lock _gate = new();
    private readonly SealingKey _seal = new(folder);
    private readonly string _keys = Path.Combine(folder, "keys.json");

    public IReadOnlySet<string> Names()
    {
        lock (_gate)
        {
            return Read().Keys.ToHashSet(StringComparer.Ordinal);
        }
    }

    public string? Find(string name)
    {
        lock (_gate)
        {
            return Read().TryGetValue(name, out var sealedText) ? Open(name, sealedText) : null;
        }
    }

    public void Set(string name, string key)
    {
        lock (_gate)
        {
            var all = Read();
            all[name] = _seal.SealText(name, key);
            Write(all);
        }
    }

    public bool Remove(string name)
    {
        lock (_gate)
        {
            var all = Read();
            if (!all.Remove(name))
            {
                return false;
            }

            Write(all);
            return true;
        }
    }

    private string Open(string name, string sealedText)
    {
        try
        {
            return _seal.OpenText(name, sealedText);
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException or ArgumentException)
        {
            throw Broken($"The stored key of {name} cannot be read.", fault);
        }
    }

    private Dictionary<string, string> Read()
    {
        try
        {
            return File.Exists(_keys) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(_keys)) ?? [] : [];
        }
        catch (JsonException fault)
        {
            throw Broken($"{_keys} is damaged.", fault);
        }
    }

    private void Write(Dictionary<string, string> all) => PrivateFile.Write(_keys, JsonSerializer.Serialize(all, s_readable));

    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true };

    private static ParleyError Broken(string message, Exception cause) =>
        new(ErrorCode.Internal, message, "Delete keys.json in the data folder and set the keys again: parley key set PROVIDER.", cause);
}
