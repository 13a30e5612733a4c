using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Parley.Core.Webhooks;

/// <summary>Signs calls as Standard Webhooks says (https://www.standardwebhooks.com): the receiver knows that they are Parley's, and whole.</summary>
public static class WebhookSignature
{
    /// <summary>What a secret begins with.</summary>
    public const string Prefix = "whsec_";

    private const int UsualBytes = 32;
    private const int FewestBytes = 24;
    private const int MostBytes = 64;

    /// <summary>A new secret.</summary>
    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(UsualBytes));

    /// <summary>Returns a secret that somebody handed in. Throws <c>invalid_request</c>.</summary>
    public static string Check(string secret)
    {
        var text = secret.Trim();
        var bytes = new byte[MostBytes + 1];
        return text.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) && length is >= FewestBytes and <= MostBytes
            ? text
            : throw ParleyError.Invalid("secret", "That is no secret of a webhook.", $"Leave it out to get one, or write {Prefix} and {FewestBytes} to {MostBytes} random bytes in base64.");
    }

    /// <summary>The headers of a call: its id, its time, and one signature for each secret.</summary>
    public static Dictionary<string, string> Headers(string id, DateTimeOffset at, string body, params IEnumerable<string> secrets)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>
        {
            ["webhook-id"] = id,
            ["webhook-timestamp"] = time,
            ["webhook-signature"] = string.Join(' ', secrets.Select(secret => $"v1,{Sign(secret, $"{id}.{time}.{body}")}")),
        };
    }

    /// <summary>The <c>webhook-id</c> of a call.</summary>
    public static string IdOf(Guid id) => $"msg_{id:n}";

    private static string Sign(string secret, string content) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), Encoding.UTF8.GetBytes(content)));
}
