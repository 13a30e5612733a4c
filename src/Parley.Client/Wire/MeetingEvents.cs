namespace Parley.Client.Wire;

/// <summary>Something that happens in a room: an event of <c>GET /api/v1/meetings/{meeting}/stream</c>. Exactly one of the fields for its kind is set.</summary>
/// <param name="Kind">What.</param>
/// <param name="Message">With <see cref="MeetingEventKind.Message"/>: what was said, with its chain.</param>
/// <param name="Turn">With <see cref="MeetingEventKind.Turn"/>: what a hosted agent's turn does now.</param>
/// <param name="Meeting">With <see cref="MeetingEventKind.State"/>: the meeting as it is now.</param>
public sealed record MeetingEvent(MeetingEventKind Kind, MessageView? Message = null, TurnView? Turn = null, MeetingView? Meeting = null);

/// <summary>What happens in a room.</summary>
public enum MeetingEventKind
{
    /// <summary>
    /// Something was said. Comes once for every message, in the order of the numbers, also over reconnections. One that waits for a person (<see cref="MessageView.Withheld"/>)
    /// comes once more when that person has decided.
    /// </summary>
    Message,

    /// <summary>A hosted agent's turn goes on. A hint: after a reconnection the turns that run begin again with <c>started</c> and all their text so far.</summary>
    Turn,

    /// <summary>The settings, participants or the state of the meeting: first when the stream begins, then after every change.</summary>
    State,

    /// <summary>Nobody speaks and nobody is waited for. Comes after the messages before it, and again whenever that becomes true anew.</summary>
    Idle,
}

/// <summary>What a hosted agent's turn does now.</summary>
/// <param name="TurnId">The turn; the message that it ends with carries it in <see cref="ChainView.TurnId"/>.</param>
/// <param name="Agent">Whose.</param>
/// <param name="Depth">The chain depth at which it speaks.</param>
/// <param name="Kind">
/// <c>started</c> (what was shown of it before is void), <c>text</c> (the next piece), <c>tool</c> (the text is the tool's name), <c>answered</c> (its message follows or has come),
/// <c>passed</c> (nothing to add), <c>ended</c> (failed, stopped or met a bound: the text says why).
/// </param>
/// <param name="Text">See <paramref name="Kind"/>.</param>
public sealed record TurnView(Guid TurnId, string Agent, int Depth, string Kind, string Text = "");
