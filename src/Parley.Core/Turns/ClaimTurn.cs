using Parley.Core.Budgets;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>
/// Takes a session's next turn for a node: leases the session, takes all unread deliveries, and admits the turn on the roots of their chains. A turn that its
/// owner left behind is taken up again instead.
/// </summary>
public sealed class ClaimTurn(IDatabase database, IEnumerable<ISessionRules> rules, HaltBoard halts, IWake wake, TimeProvider time)
{
    private readonly Dictionary<SessionKind, ISessionRules> rules = rules.ToDictionary(kind => kind.Kind);

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

        var (claimed, told) = await database.WriteAsync(unit => ClaimAsync(unit, due, node, time.GetUtcNow()), cancellationToken);
        if (told is { } hint)
        {
            wake.Wake(hint);
        }

        return claimed;
    }

    private async ValueTask<(ClaimedTurn? Turn, WakeHint? Told)> ClaimAsync(IUnitOfWork unit, DueSession due, string node, DateTimeOffset now)
    {
        if (await unit.Agents.FindAsync(due.OrganizationId, due.AgentId) is not { } agent)
        {
            return (null, null);
        }

        var state = await OpenAsync(unit, due, agent, now);
        if (state.Leased || state.NotBefore > now)
        {
            return (null, null);
        }

        var hosted = agent.RemovedAt is null ? await unit.Hosting.FindAsync(agent.OrganizationId, agent.Id) : null;
        var open = state.TurnId is { } id ? await unit.Turns.FindAsync(id) : null;
        if (open is not null)
        {
            return await ResumeAsync(unit, open, state, agent, hosted, node, now);
        }

        return hosted is null ? (null, null) : await BeginAsync(unit, state.Session, state.Fence + 1, agent, hosted, node, now);
    }

    /// <summary>The session; a spawned one is there already, of the others each begins with its first unread message.</summary>
    private static async ValueTask<SessionState> OpenAsync(IUnitOfWork unit, DueSession due, Agents.Agent agent, DateTimeOffset now)
    {
        if (due.ConversationId is not { } conversation)
        {
            return await unit.Sessions.OpenAsync(new AgentSession(Guid.CreateVersion7(now), agent.OrganizationId, agent.Id, AgentSession.MainKey(agent.Name), SessionKind.Main, null, now));
        }

        return await unit.Sessions.FindInAsync(agent.Id, conversation)
            ?? await unit.Sessions.OpenAsync(
                new AgentSession(Guid.CreateVersion7(now), agent.OrganizationId, agent.Id, $"agent:{agent.Name}:meeting:{conversation}", SessionKind.Meeting, conversation, now));
    }

    private async ValueTask<(ClaimedTurn?, WakeHint?)> ResumeAsync(
        IUnitOfWork unit, Turn open, SessionState state, Agents.Agent agent, HostedAgent? hosted, string node, DateTimeOffset now)
    {
        var turn = await TurnLedger.SettleAsync(unit, open) with { Takeovers = open.Takeovers + (state.Abandoned ? 1 : 0) };
        var items = await unit.Turns.ItemsAsync(agent.Id, turn.Id);
        var setup = hosted is null || items.Count == 0 ? null : await rules[state.Session.Kind].PrepareAsync(unit, state.Session, hosted, items);
        if (setup is null)
        {
            var ended = turn with { State = TurnState.Cancelled, Reason = hosted is null ? "The agent is not hosted any more." : "What it was about is gone.", EndedAt = now };
            unit.Turns.Save(ended);
            unit.Sessions.Release(state.Session.Id, null, 0, null);
            return (null, await rules[state.Session.Kind].EndedAsync(unit, new TurnEnd(agent, state.Session, ended, Text: null, ended.Reason), now));
        }

        var steps = (await unit.Turns.InputsAsync(turn.Id)).ToDictionary(input => input.MessageId, input => input.Step);
        var claimed = new ClaimedTurn(
            turn, new Lease(state.Session.Id, state.Fence + 1), agent, setup.Hosted, state.Session, items.FindAll(item => steps[item.Message.Id] == 0), await unit.Turns.StepsAsync(turn.Id))
        {
            Joined = [.. items.Where(item => steps[item.Message.Id] > 0).Select(item => new JoinedMessage(item, steps[item.Message.Id]))],
            Asked = setup.Asked,
        };
        if (turn.Takeovers >= MostTakeovers)
        {
            return (null, await TurnFailure.WriteAsync(unit, rules[state.Session.Kind], claimed, turn, $"Its owner was lost {turn.Takeovers} times.", needsPerson: true, now));
        }

        unit.Turns.Save(turn);
        unit.Sessions.Take(claimed.Lease, node, turn.Id);
        return (claimed, null);
    }

    private async ValueTask<(ClaimedTurn?, WakeHint?)> BeginAsync(
        IUnitOfWork unit, AgentSession session, long fence, Agents.Agent agent, HostedAgent hosted, string node, DateTimeOffset now)
    {
        var unread = rules[session.Kind].Choose(await unit.Turns.ReadyAsync(agent.Id, session.ConversationId, MostInputs));
        if (unread.Count == 0 || await rules[session.Kind].PrepareAsync(unit, session, hosted, unread) is not { } setup)
        {
            return (null, null);
        }

        var (items, refused) = await AdmitAsync(unit, agent, Fitting(unread, setup.Hosted), now);
        if (items.Count == 0)
        {
            return (null, await EndedAsync(unit, agent, session, unread[0].Message, refused, now));
        }

        // The chain of the deepest message goes on, of several the newest.
        var primary = items.OrderByDescending(item => item.Message.Depth).ThenByDescending(item => item.Number).First().Message;
        var facts = new TurnFacts(agent, session, items, primary.Depth, primary.RootId) { Asked = setup.Asked };
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
            Model = setup.Hosted.Model,
            CreatedAt = now,
        };
        unit.Turns.Add(turn, items.ConvertAll(item => new TurnInput(item.Message.Id, item.Number, item.Message.RootId)));
        foreach (var item in items)
        {
            unit.Turns.Offer(agent.Id, item.Message.Id, now);
        }

        var lease = new Lease(session.Id, fence);
        unit.Sessions.Take(lease, node, turn.Id);
        return (new ClaimedTurn(turn, lease, agent, setup.Hosted, session, items, []) { Asked = setup.Asked }, null);
    }

    /// <summary>Tells the session that a bound keeps every turn from it.</summary>
    private ValueTask<WakeHint?> EndedAsync(IUnitOfWork unit, Agents.Agent agent, AgentSession session, Message first, string? reason, DateTimeOffset now)
    {
        var none = new Turn
        {
            Id = Guid.Empty, OrganizationId = agent.OrganizationId, SessionId = session.Id, AgentId = agent.Id, RootId = first.RootId, Depth = first.Depth, Model = "",
            State = TurnState.Bounded, Reason = reason, CreatedAt = now, EndedAt = now,
        };
        return rules[session.Kind].EndedAsync(unit, new TurnEnd(agent, session, none, Text: null, reason), now);
    }

    /// <summary>As many as fit into half of the agent's context, and one in any case.</summary>
    private static List<InboxItem> Fitting(List<InboxItem> unread, HostedAgent hosted)
    {
        var left = hosted.ContextTokens * (long)TurnPrompt.CharactersPerToken / 2;
        var count = unread.TakeWhile((item, i) => (left -= item.Message.Content.Length + HistoryCut.Head) >= 0 || i == 0).Count();
        return unread[..count];
    }

    /// <summary>Counts the turn on every root, and acknowledges what a root's bounds keep from starting one.</summary>
    private static async ValueTask<(List<InboxItem> Admitted, string? Refused)> AdmitAsync(IUnitOfWork unit, Agents.Agent agent, List<InboxItem> unread, DateTimeOffset now)
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
        return (admitted, refused.Count > 0 ? refused[0].Reason : null);
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
