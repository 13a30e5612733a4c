using System.Security.Cryptography;
using System.Text;
using Parley.Core.Outbound;

namespace Parley.Runtimes.Keys;

/// <summary>
/// Encrypts with AES-256-GCM under the secret in <c>keys.secret</c>. Who copies the file or what was sealed has nothing; who can read the whole data folder can read all of it, as
/// the server must.
/// </summary>
internal sealed class SealingKey(string folder) : ISealedSecrets
{
    private const int SecretBytes = 32;
    private const int NameBytes = 4;
    private readonly Lock _gate = new();
    private readonly string _secret = Path.Combine(folder, "keys.secret");

    /// <inheritdoc />
    public string Seal(string purpose, string secret) => $"{NameOf(Secret(create: true)!)}.{SealText(purpose, secret)}";

    /// <inheritdoc />
    public string? Open(string purpose, string sealedText)
    {
        try
        {
            return IsOurs(sealedText) ? OpenText(purpose, sealedText[(sealedText.IndexOf('.', StringComparison.Ordinal) + 1)..]) : null;
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public bool IsOurs(string sealedText) => Secret(create: false) is { } secret && sealedText.StartsWith(NameOf(secret) + '.', StringComparison.Ordinal);

    /// <summary>Names no secret.</summary>
    public override string ToString() => nameof(SealingKey);

    /// <summary>The purpose is bound to the text, so that it cannot be moved to another place.</summary>
    internal string SealText(string purpose, string text)
    {
        var (nonce, tag, plain) = (RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize), new byte[AesGcm.TagByteSizes.MaxSize], Encoding.UTF8.GetBytes(text));
        var cipher = new byte[plain.Length];
        using var aes = new AesGcm(Secret(create: true)!, tag.Length);
        aes.Encrypt(nonce, plain, cipher, tag, Encoding.UTF8.GetBytes(purpose));
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String([.. nonce, .. tag, .. cipher]);
    }

    /// <summary>Throws <see cref="CryptographicException"/>, <see cref="FormatException"/> or <see cref="ArgumentException"/> where it is not what was sealed here.</summary>
    internal string OpenText(string purpose, string sealedText)
    {
        var all = Convert.FromBase64String(sealedText);
        var nonce = all.AsSpan(0, AesGcm.NonceByteSizes.MaxSize);
        var tag = all.AsSpan(nonce.Length, AesGcm.TagByteSizes.MaxSize);
        var cipher = all.AsSpan(nonce.Length + tag.Length);
        var text = new byte[cipher.Length];
        using var aes = new AesGcm(Secret(create: false) ?? throw new CryptographicException("The secret is missing."), tag.Length);
        aes.Decrypt(nonce, cipher, tag, text, Encoding.UTF8.GetBytes(purpose));
        return Encoding.UTF8.GetString(text);
    }

    private byte[]? Secret(bool create)
    {
        lock (_gate)
        {
            if (!File.Exists(_secret))
            {
                if (!create)
                {
                    return null;
                }

                PrivateFile.Write(_secret, Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)));
            }

            return Convert.FromBase64String(File.ReadAllText(_secret).Trim());
        }
    }

    /// <summary>Tells one secret from another and gives nothing of it away.</summary>
    private static string NameOf(byte[] secret) => Convert.ToHexStringLower(SHA256.HashData([.. secret, .. "name"u8])[..NameBytes]);
}
