using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parley.Core;

namespace Parley.Runtimes.Keys;

/// <summary>
/// <c>keys.json</c>: the keys encrypted with AES-256-GCM under the secret in <c>keys.secret</c>. Who copies one of the two files has nothing;
/// who can read the whole data folder can read the keys, as the server must.
/// </summary>
internal sealed class KeyFile(string folder)
{
    private const int SecretBytes = 32;
    private readonly Lock _gate = new();
    private readonly string _keys = Path.Combine(folder, "keys.json");
    private readonly string _secret = Path.Combine(folder, "keys.secret");

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
            all[name] = Seal(name, key);
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

    private string Seal(string name, string key)
    {
        var (nonce, tag, text) = (RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize), new byte[AesGcm.TagByteSizes.MaxSize], Encoding.UTF8.GetBytes(key));
        var cipher = new byte[text.Length];
        using var aes = new AesGcm(Secret(create: true), tag.Length);
        // The name is bound to the text, so that a key cannot be moved to another provider's entry.
        aes.Encrypt(nonce, text, cipher, tag, Encoding.UTF8.GetBytes(name));
        CryptographicOperations.ZeroMemory(text);
        return Convert.ToBase64String([.. nonce, .. tag, .. cipher]);
    }

    private string Open(string name, string sealedText)
    {
        try
        {
            var all = Convert.FromBase64String(sealedText);
            var nonce = all.AsSpan(0, AesGcm.NonceByteSizes.MaxSize);
            var tag = all.AsSpan(nonce.Length, AesGcm.TagByteSizes.MaxSize);
            var cipher = all.AsSpan(nonce.Length + tag.Length);
            var text = new byte[cipher.Length];
            using var aes = new AesGcm(Secret(create: false), tag.Length);
            aes.Decrypt(nonce, cipher, tag, text, Encoding.UTF8.GetBytes(name));
            return Encoding.UTF8.GetString(text);
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException or ArgumentException)
        {
            throw Broken($"The stored key of {name} cannot be read.", fault);
        }
    }

    private byte[] Secret(bool create)
    {
        if (!File.Exists(_secret))
        {
            if (!create)
            {
                throw new CryptographicException("The secret is missing.");
            }

            WritePrivate(_secret, Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)));
        }

        return Convert.FromBase64String(File.ReadAllText(_secret).Trim());
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

    private void Write(Dictionary<string, string> all) => WritePrivate(_keys, JsonSerializer.Serialize(all, s_readable));

    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true };

    /// <summary>Written beside and moved over, so that a reader sees the old or the new one; never readable by others.</summary>
    private static void WritePrivate(string file, string text)
    {
        var beside = $"{file}.{Environment.ProcessId}";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(beside, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, file, overwrite: true);
    }

    private static ParleyError Broken(string message, Exception cause) =>
        new(ErrorCode.Internal, message, "Delete keys.json in the data folder and set the keys again: parley key set PROVIDER.", cause);
}
