using Parley.Core.Budgets;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>
/// Takes a session's next turn for a node: leases the session, takes all unread deliveries, and admits the turn on the roots of their chains. A turn that its
/// owner left behind is taken up again instead.
/// </summary>
public sealed class ClaimTurn(IDatabase database, HaltBoard halts, IWake wake, TimeProvider time)
{
    /// <summary>Deliveries of one turn, at the most.</summary>
    public const int MostInputs = 100;

    /// <summary>How often a turn is taken over from lost owners before it counts as failed.</summary>
    public const int MostTakeovers = 5;

    /// <summary>Returns the turn, or null where there is nothing to do for this node.</summary>
    /// <param name="due">The session.</param>
    /// <param name="node">What this node calls itself, for people who look.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ClaimedTurn?> RunAsync(DueSession due, string node, CancellationToken cancellationToken)
    {
        if (halts.OfAgent(due.OrganizationId, due.AgentId) is not null)
        {
            return null;
        }

        var (claimed, positions) = await database.WriteAsync(unit => ClaimAsync(unit, due, node, time.GetUtcNow()), cancellationToken);
        Wakes.Send(wake, due.OrganizationId, positions);
        return claimed;
    }

    private static async ValueTask<(ClaimedTurn? Turn, IReadOnlyList<InboxPosition> Told)> ClaimAsync(IUnitOfWork unit, DueSession due, string node, DateTimeOffset now)
    {
        if (await unit.Agents.FindAsync(due.OrganizationId, due.AgentId) is not { } agent)
        {
            return (null, []);
        }

        var kind = due.MeetingId is null ? SessionKind.Main : SessionKind.Meeting;
        var key = due.MeetingId is { } meeting ? $"agent:{agent.Name}:meeting:{meeting}" : $"agent:{agent.Name}:main";
        var state = await unit.Sessions.OpenAsync(new AgentSession(Guid.CreateVersion7(now), agent.OrganizationId, agent.Id, key, kind, due.MeetingId, now));
        if (state.Leased || state.NotBefore > now)
        {
            return (null, []);
        }

        var hosted = agent.RemovedAt is null ? await unit.Hosting.FindAsync(agent.OrganizationId, agent.Id) : null;
        var open = state.TurnId is { } id ? await unit.Turns.FindAsync(id) : null;
        if (open is not null)
        {
            return await ResumeAsync(unit, open, state, agent, hosted, node, now);
        }

        return hosted is null ? (null, []) : (await BeginAsync(unit, state.Session, state.Fence + 1, agent, hosted, node, now), []);
    }

    private static async ValueTask<(ClaimedTurn?, IReadOnlyList<InboxPosition>)> ResumeAsync(
        IUnitOfWork unit, Turn open, SessionState state, Agents.Agent agent, HostedAgent? hosted, string node, DateTimeOffset now)
    {
        var turn = await TurnLedger.SettleAsync(unit, open) with { Takeovers = open.Takeovers + (state.Abandoned ? 1 : 0) };
        var items = await unit.Turns.ItemsAsync(agent.Id, turn.Id);
        if (hosted is null || items.Count == 0)
        {
            unit.Turns.Save(turn with { State = TurnState.Cancelled, Reason = hosted is null ? "The agent is not hosted any more." : "What it was about is gone.", EndedAt = now });
            unit.Sessions.Release(state.Session.Id, null, 0, null);
            return (null, []);
        }

        var claimed = new ClaimedTurn(turn, new Lease(state.Session.Id, state.Fence + 1), agent, hosted, state.Session, items, await unit.Turns.StepsAsync(turn.Id));
        if (turn.Takeovers >= MostTakeovers)
        {
            return (null, await TurnFailure.WriteAsync(unit, claimed, turn, $"Its owner was lost {turn.Takeovers} times.", needsPerson: true, now));
        }

        unit.Turns.Save(turn);
        unit.Sessions.Take(claimed.Lease, node, turn.Id);
        return (claimed, []);
    }

    private static async ValueTask<ClaimedTurn?> BeginAsync(
        IUnitOfWork unit, AgentSession session, long fence, Agents.Agent agent, HostedAgent hosted, string node, DateTimeOffset now)
    {
        var unread = await unit.Turns.UnreadAsync(agent.Id, session.ConversationId, MostInputs);
        var items = await AdmitAsync(unit, agent, Fitting(unread, hosted), now);
        if (items.Count == 0)
        {
            return null;
        }

        // The chain of the deepest message goes on, of several the newest.
        var primary = items.OrderByDescending(item => item.Message.Depth).ThenByDescending(item => item.Number).First().Message;
        var facts = new TurnFacts(agent, session, items, primary.Depth, primary.RootId);
        var turn = new Turn
        {
            Id = Guid.CreateVersion7(now),
            OrganizationId = agent.OrganizationId,
            SessionId = session.Id,
            AgentId = agent.Id,
            RootId = primary.RootId,
            Depth = primary.Depth,
            ProjectId = primary.ProjectId,
            ConversationId = session.ConversationId ?? MainSession.TargetOf(facts)?.ConversationId,
            Model = hosted.Model,
            CreatedAt = now,
        };
        unit.Turns.Add(turn, items.ConvertAll(item => new TurnInput(item.Message.Id, item.Number, item.Message.RootId)));
        foreach (var item in items)
        {
            unit.Turns.Offer(agent.Id, item.Message.Id, now);
        }

        var lease = new Lease(session.Id, fence);
        unit.Sessions.Take(lease, node, turn.Id);
        return new ClaimedTurn(turn, lease, agent, hosted, session, items, []);
    }

    /// <summary>As many as fit into half of the agent's context, and one in any case.</summary>
    private static List<InboxItem> Fitting(List<InboxItem> unread, HostedAgent hosted)
    {
        var left = hosted.ContextTokens * (long)TurnPrompt.CharactersPerToken / 2;
        var count = unread.TakeWhile((item, i) => (left -= item.Message.Content.Length + HistoryCut.Head) >= 0 || i == 0).Count();
        return unread[..count];
    }

    /// <summary>Counts the turn on every root, and acknowledges what a root's bounds keep from starting one.</summary>
    private static async ValueTask<List<InboxItem>> AdmitAsync(IUnitOfWork unit, Agents.Agent agent, List<InboxItem> unread, DateTimeOffset now)
    {
        var admitted = new List<InboxItem>(unread.Count);
        var refused = new List<(InboxItem Item, string Reason)>();
        foreach (var chain in unread.GroupBy(item => item.Message.RootId).OrderBy(chain => chain.Key))
        {
            var root = await RootAsync(unit, agent.OrganizationId, chain.Key, now);
            var before = admitted.Count;
            foreach (var item in chain)
            {
                if (BudgetRules.Refusal(root, item.Message.Depth) is { } reason)
                {
                    refused.Add((item, reason));
                }
                else
                {
                    admitted.Add(item);
                }
            }

            var counted = admitted.Count > before ? BudgetRules.Admit(root) : root;
            unit.Budgets.Save(refused.Find(entry => entry.Item.Message.RootId == root.Id) is { Reason: { } why } ? BudgetRules.Stop(counted, why, now) : counted);
        }

        await AcknowledgeAsync(unit, agent.Id, refused, now);
        admitted.Sort((one, other) => one.Number.CompareTo(other.Number));
        return admitted;
    }

    private static async ValueTask AcknowledgeAsync(IUnitOfWork unit, Guid agentId, List<(InboxItem Item, string Reason)> refused, DateTimeOffset now)
    {
        if (refused.Count == 0)
        {
            return;
        }

        await unit.Agents.InboxAsync(agentId);
        foreach (var (item, reason) in refused)
        {
            unit.Turns.Acknowledge(agentId, item.Message.Id, "No turn was started: " + reason, now);
        }

        unit.Turns.AdvanceCursor(agentId);
    }

    private static async ValueTask<Root> RootAsync(IUnitOfWork unit, Guid organizationId, Guid id, DateTimeOffset now)
    {
        if (await unit.Budgets.RootAsync(organizationId, id) is { } known)
        {
            return known;
        }

        unit.Budgets.Add(new Root(id, organizationId, await unit.Budgets.RootLimitsAsync(organizationId) ?? new RootLimits(), Turns: 0, Account: default, now));
        return (await unit.Budgets.RootAsync(organizationId, id))!;
    }
}
