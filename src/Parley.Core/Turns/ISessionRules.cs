using Parley.Core.Agents;
using Parley.Core.Budgets;
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

    /// <summary>Whether what comes while the turn runs joins it before its next model call; elsewhere it waits for the next turn.</summary>
    bool TakesMessages => false;

    /// <summary>What of the unread messages the next turn takes; the others wait for the one after it.</summary>
    List<InboxItem> Choose(List<InboxItem> unread) => unread;

    /// <summary>How the agent is run in this session and what its unread messages stand for; null where the session runs no turn now.</summary>
    ValueTask<SessionSetup?> PrepareAsync(IUnitOfWork unit, AgentSession session, HostedAgent hosted, IReadOnlyList<InboxItem> unread) => new(new SessionSetup(hosted));

    /// <summary>Why the session may not use that much more; null where it may. The caller has it locked.</summary>
    ValueTask<string?> RefusalAsync(IUnitOfWork unit, AgentSession session, Amount next) => new((string?)null);

    /// <summary>What the model is told of a last text that is not what was asked for, so that it answers again; null where it is accepted.</summary>
    ValueTask<string?> ReviewAsync(IUnitOfWork unit, TurnFacts facts, string text, IReadOnlyList<TurnStep> steps) => new((string?)null);

    /// <summary>What the end of a turn means to its session, in the turn's own write, before its deliveries are settled. Returns what to wake after the commit.</summary>
    ValueTask<WakeHint?> EndedAsync(IUnitOfWork unit, TurnEnd end, DateTimeOffset now) => new((WakeHint?)null);
}

/// <summary>How a session runs a turn.</summary>
/// <param name="Hosted">How the agent is hosted in it.</param>
/// <param name="Asked">The message that a person or agent waits to see answered, where the unread ones are only results of work that was given away for it.</param>
public sealed record SessionSetup(HostedAgent Hosted, Message? Asked = null);

/// <summary>The end of a turn.</summary>
/// <param name="Agent">Whose.</param>
/// <param name="Session">In which session.</param>
/// <param name="Turn">The turn as it is stored, with what it used.</param>
/// <param name="Text">Its last text; null where it ended without one.</param>
/// <param name="Reason">Why, where it did not end by itself.</param>
public sealed record TurnEnd(Agent Agent, AgentSession Session, Turn Turn, string? Text, string? Reason);

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

    /// <summary>What a person or agent waits to see answered, where <see cref="Unread"/> holds only results of work that was given away for it.</summary>
    public Message? Asked { get; init; }
}

/// <summary>How a session's kind fills a prompt.</summary>
/// <param name="Instructions">Joins the instructions of the turn.</param>
/// <param name="History">What was said before, oldest first, not yet cut; the unread messages are not in it.</param>
public sealed record SessionFrame(string Instructions, IReadOnlyList<HistoryEntry> History);

/// <summary>One message of a session's past.</summary>
/// <param name="Message">As stored.</param>
/// <param name="Own">True where the agent itself said it.</param>
public sealed record HistoryEntry(Message Message, bool Own);
