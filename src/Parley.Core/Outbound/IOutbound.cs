namespace Parley.Core.Outbound;

/// <summary>The one way out: every call that Parley makes to an address that an agent, a person or another server named goes through it.</summary>
public interface IOutbound
{
    /// <summary>
    /// Makes the call and returns the answer, whatever its status. Throws <c>outbound_refused</c> where the operator does not allow it, which no repetition changes, and
    /// <c>outbound_failed</c> where there was no answer, it came too late, or it is too large; the call may have arrived then.
    /// </summary>
    Task<OutboundAnswer> SendAsync(OutboundCall call, CancellationToken cancellationToken);
}

/// <summary>A call that leaves the server.</summary>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Address">Whom it goes to.</param>
public sealed record OutboundCall(string Method, Uri Address)
{
    /// <summary>The most bytes of an answer that are read where nothing else is said.</summary>
    public const int UsualBytes = 64 * 1024;

    /// <summary>How long a call may take where nothing else is said.</summary>
    public static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(15);

    /// <summary>What is sent, or null.</summary>
    public byte[]? Body { get; init; }

    /// <summary>What the body is.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>Further headers. Their values are in no log and no error.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>For everything: the name, the connection, the call and the whole answer.</summary>
    public TimeSpan Time { get; init; } = UsualTime;

    /// <summary>The most bytes of the answer's body; a longer one fails the call.</summary>
    public int MostBytes { get; init; } = UsualBytes;
}

/// <summary>What came back.</summary>
/// <param name="Status">The HTTP status; one of 300 to 399 was not followed.</param>
/// <param name="ContentType">What the body is, in lower case and without parameters, or null.</param>
/// <param name="Body">All of it.</param>
public sealed record OutboundAnswer(int Status, string? ContentType, byte[] Body)
{
    /// <summary>When to ask again, where the answer said so in seconds.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the status is one of 200 to 299.</summary>
    public bool IsSuccess => Status is >= 200 and <= 299;
}
