namespace Parley.Tests.Support;

/// <summary>What a fake provider answers to one call.</summary>
public sealed record FakeReply
{
    public string Text { get; init; } = "";

    public IReadOnlyList<FakeToolCall> Tools { get; init; } = [];

    /// <summary>Input tokens without the cached ones, cached ones, output tokens; null counts nothing.</summary>
    public FakeUsage? Usage { get; init; } = new(10, 0, 5);

    /// <summary>True where the answer ends because it is as long as it may be.</summary>
    public bool AtLimit { get; init; }

    public FakeEnd End { get; init; } = FakeEnd.Whole;

    /// <summary>How long a streamed answer rests before each piece.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>Other than 200 answers an error.</summary>
    public int Status { get; init; } = 200;

    public string? RetryAfter { get; init; }

    /// <summary>Where a redirect points to.</summary>
    public string? Location { get; init; }

    /// <summary>The body of an error; without it the usual one of the format.</summary>
    public string? Body { get; init; }

    /// <summary>The code inside the usual body of an error.</summary>
    public string? Code { get; init; }
}

/// <summary>A tool that a fake model calls.</summary>
public sealed record FakeToolCall(string Name, string Arguments, string Id);

/// <summary>What a fake model counts: input outside the cache, input read from it, output, and input written into it (Anthropic only).</summary>
public sealed record FakeUsage(int Input, int Cached, int Output, int Written = 0);

/// <summary>How a streamed answer ends.</summary>
public enum FakeEnd
{
    /// <summary>As it should.</summary>
    Whole,

    /// <summary>It says no more and keeps the connection until the caller leaves.</summary>
    Stall,

    /// <summary>The connection breaks.</summary>
    Cut,

    /// <summary>It ends in good order in the middle of the answer.</summary>
    Early,

    /// <summary>The next piece is no JSON.</summary>
    Malformed,

    /// <summary>The next piece is an error of the provider.</summary>
    Error,
}
