using System.Globalization;
using System.Security.Cryptography;

namespace Parley.Client;

/// <summary>Keys of sends: a random part drawn once, and a count, which is cheaper than a random number a message.</summary>
internal sealed class Keys
{
    private readonly string prefix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
    private long count;

    public string Next() => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref count)}");
}
