namespace Parley.Client.Sockets;

/// <summary>How a <see cref="ChannelSocket"/> connects.</summary>
public sealed record SocketOptions
{
    /// <summary>The project, by name or id, to whose <c>#general</c> a send without a recipient goes; null for none.</summary>
    public string? Project { get; init; }

    /// <summary>Where to begin reading; null begins after the acknowledged cursor.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many received messages wait for the reader before the rest is left with the server for later. Default 1024.</summary>
    public int Buffered { get; init; } = 1024;

    /// <summary>How long a lost connection is tried again. Default: without end.</summary>
    public TimeSpan ReconnectFor { get; init; } = Timeout.InfiniteTimeSpan;
}
