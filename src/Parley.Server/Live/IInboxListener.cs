using Parley.Core;

namespace Parley.Server.Live;

/// <summary>Somebody on this node who waits for an agent's messages: a WebSocket, an event stream, a long poll.</summary>
internal interface IInboxListener
{
    /// <summary>The agent.</summary>
    Caller Caller { get; }

    /// <summary>
    /// Something got that number in the inbox; the frame is null where the message is not at hand. Returns at once: true where something waits to be flushed.
    /// </summary>
    bool Offer(long number, SharedFrame? frame);

    /// <summary>Hands over what was offered, several messages at once where there are several.</summary>
    void Flush();

    /// <summary>The inbox has come that far, and what it has up to there may have been missed. Returns at once.</summary>
    void Check(long head);
}
