using Parley.Core.Agents;
using Parley.Core.Messages;

namespace Parley.Core.Turns;

/// <summary>What the kind of a session decides of its turns; one implementation a kind.</summary>
public interface ISessionRules
{
    /// <summary>The kind.</summary>
    SessionKind Kind { get; }

    /// <summary>What the model is told beyond the persona, and what was said before.</summary>
    ValueTask<SessionFrame> FrameAsync(IUnitOfWork unit, TurnFacts facts, DateTimeOffset now);

    /// <summary>The message that the turn's last text becomes, or null where nothing is to be sent (a pass).</summary>
    SendInput? Answer(TurnFacts facts, string text);
}

/// <summary>What a turn is about.</summary>
/// <param name="Agent">Whose turn.</param>
/// <param name="Session">In which session.</param>
/// <param name="Unread">What it answers, oldest first; never empty.</param>
/// <param name="Depth">How many agents' turns lie between it and its root.</param>
/// <param name="RootId">What started the chain.</param>
public sealed record TurnFacts(Agent Agent, AgentSession Session, IReadOnlyList<InboxItem> Unread, int Depth, Guid RootId)
{
    /// <summary>The turn itself; the keys of what it has sent begin with it.</summary>
    public Guid TurnId { get; init; }
}

/// <summary>How a session's kind fills a prompt.</summary>
/// <param name="Instructions">Joins the instructions of the turn.</param>
/// <param name="History">What was said before, oldest first, not yet cut; the unread messages are not in it.</param>
public sealed record SessionFrame(string Instructions, IReadOnlyList<HistoryEntry> History);

/// <summary>One message of a session's past.</summary>
/// <param name="Message">As stored.</param>
/// <param name="Own">True where the agent itself said it.</param>
public sealed record HistoryEntry(Message Message, bool Own);
