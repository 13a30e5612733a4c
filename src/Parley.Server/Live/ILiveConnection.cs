using Parley.Core;

namespace Parley.Server.Live;

/// <summary>A connection that stays open and has to end when its token does, when it does not read, or when the server stops.</summary>
internal interface ILiveConnection
{
    /// <summary>Who is connected.</summary>
    Caller Caller { get; }

    /// <summary>When the token stops; null where it does not.</summary>
    DateTimeOffset? ExpiresAt { get; }

    /// <summary>True where the client has not read for too long while more waits than may.</summary>
    bool IsTooSlow { get; }

    /// <summary>The last number that was handed over, for the client to resume from.</summary>
    string LastCursor { get; }

    /// <summary>Ends the connection for a reason.</summary>
    Task CloseAsync(ErrorCode code, string reason);
}
