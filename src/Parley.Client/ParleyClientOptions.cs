namespace Parley.Client;

/// <summary>How a <see cref="ParleyClient"/> reaches its server.</summary>
public sealed record ParleyClientOptions
{
    /// <summary>The server's address, such as <c>http://127.0.0.1:7275</c>.</summary>
    public required Uri Server { get; init; }

    /// <summary>The secret of an agent's or user's token; null reaches only what needs none.</summary>
    public string? Token { get; init; }

    /// <summary>How long one call may take; the time of a long poll is added. Default 30 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long a send is repeated after a lost connection or a busy server. Default 30 seconds; zero never repeats.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>True gives every send without a key one of its own, so that repeating it can never store it twice. Default true.</summary>
    public bool GenerateKeys { get; init; } = true;

    /// <summary>Where the waiting between attempts takes its time from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
