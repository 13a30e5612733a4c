using Parley.Core.Agents;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>A turn that this node owns.</summary>
/// <param name="Turn">The turn as it was when it was claimed.</param>
/// <param name="Lease">What owns it.</param>
/// <param name="Agent">Whose.</param>
/// <param name="Hosted">How its agent is hosted.</param>
/// <param name="Session">In which session.</param>
/// <param name="Unread">What it answers, by inbox number.</param>
/// <param name="Steps">What was answered in it before, where it is taken up again.</param>
public sealed record ClaimedTurn(
    Turn Turn, Lease Lease, Agent Agent, HostedAgent Hosted, AgentSession Session, IReadOnlyList<InboxItem> Unread, IReadOnlyList<TurnStep> Steps)
{
    /// <summary>What came while it ran, where it is taken up again.</summary>
    public IReadOnlyList<JoinedMessage> Joined { get; init; } = [];

    /// <summary>What is to be answered where the unread messages are only results.</summary>
    public Message? Asked { get; init; }
}

/// <summary>A message that joined a turn while it ran.</summary>
/// <param name="Item">The message.</param>
/// <param name="Step">How many model calls had been answered before.</param>
public sealed record JoinedMessage(InboxItem Item, int Step);

/// <summary>A turn while it runs: what changes is written first and kept here afterwards.</summary>
internal sealed class TurnRun(ClaimedTurn claimed)
{
    public Turn Turn { get; set; } = claimed.Turn;

    public List<TurnStep> Steps { get; } = [.. claimed.Steps];

    public List<JoinedMessage> Joined { get; } = [.. claimed.Joined];

    /// <summary>All that is settled with the turn.</summary>
    public IEnumerable<InboxItem> Inputs => Facts.Unread.Concat(Joined.Select(joined => joined.Item));

    public Lease Lease => claimed.Lease;

    public Agent Agent => claimed.Agent;

    public HostedAgent Hosted => claimed.Hosted;

    public TurnFacts Facts { get; } = new(claimed.Agent, claimed.Session, claimed.Unread, claimed.Turn.Depth, claimed.Turn.RootId) { TurnId = claimed.Turn.Id, Asked = claimed.Asked };

    /// <summary>Who speaks: whatever is sent belongs to the turn's chain.</summary>
    public Caller Caller { get; } = new(
        CallerKind.Agent, claimed.Agent.OrganizationId, claimed.Agent.Id, claimed.Agent.Name, Role.Member, Scopes.Read | Scopes.Send, Guid.Empty)
    {
        Origin = new Origin(claimed.Turn.Id, claimed.Session.Id, claimed.Turn.RootId, claimed.Turn.Depth),
    };
}

/// <summary>Another owner has the turn now; nothing of this one's is written any more.</summary>
internal sealed class TurnLost() : Exception("Another owner has the turn.");
