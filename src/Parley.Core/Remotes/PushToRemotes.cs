using Parley.Core.Agents;
using Parley.Core.Budgets;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Outbound;

namespace Parley.Core.Remotes;

/// <summary>
/// Hands the deliveries of remote agents over, one after the other in the order of the inbox, and sends their answers as messages of theirs. Each step is stored before the next
/// one, under a lease: whatever breaks off is taken up again with the same ids. A delivery is acknowledged after its answer was stored and sent.
/// </summary>
public sealed class PushToRemotes(IDatabase database, IRemoteDoor door, ISealedSecrets secrets, SendMessage send, HaltBoard halts, IWake wake, TimeProvider time)
{
    private const int AtOnce = 100;
    private const int LooksAhead = 100;

    /// <summary>Does the next step for every agent for which one is due, and waits for the answers; true where more may be due.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await DueAsync(AtOnce, cancellationToken);
        await Task.WhenAll(due.Select(id => RunAsync(id, cancellationToken)));
        return due.Count == AtOnce;
    }

    /// <summary>The agents that have something to be done that this node can do, at most so many.</summary>
    public async Task<List<Guid>> DueAsync(int limit, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(unit => unit.Remotes.DueAsync(time.GetUtcNow(), limit), cancellationToken);
        return due.FindAll(remote => remote.Credential is null || secrets.IsOurs(remote.Credential)).ConvertAll(remote => remote.AgentId);
    }

    /// <summary>Does what is due for one agent until it has to wait; nothing where another node is busy with it.</summary>
    public async Task RunAsync(Guid agentId, CancellationToken cancellationToken)
    {
        if (await database.WriteAsync(unit => ClaimAsync(unit, agentId, time.GetUtcNow()), cancellationToken) is not { } run)
        {
            return;
        }

        if (run.Call is { Phase: RemotePhase.Send or RemotePhase.Poll })
        {
            var (answer, fault) = await CallAsync(run, cancellationToken);
            // What came back is stored even where the server stops now.
            run = await database.WriteAsync(unit => RecordAsync(unit, run, answer, fault, time.GetUtcNow()), CancellationToken.None);
        }

        if (run?.Call.Phase == RemotePhase.Answer)
        {
            run = await AnswerAsync(run, cancellationToken);
        }

        if (run?.Call.Phase is RemotePhase.Done or RemotePhase.Dead)
        {
            Wakes.Send(wake, run.Agent.OrganizationId, await database.WriteAsync(unit => FinishAsync(unit, run, time.GetUtcNow()), CancellationToken.None));
        }
        else if (run is not null)
        {
            await database.WriteAsync(unit => ReleaseAsync(unit, run), CancellationToken.None);
        }
    }

    private async ValueTask<Run?> ClaimAsync(IUnitOfWork unit, Guid agentId, DateTimeOffset now)
    {
        if (await unit.Remotes.FindAsync(agentId) is not { } remote || await unit.Agents.FindAsync(remote.OrganizationId, agentId) is not { RemovedAt: null } agent
            || halts.OfAgent(remote.OrganizationId, agentId) is not null || await unit.Remotes.ClaimAsync(agentId, RemoteRules.LeaseTime) is not { } fence)
        {
            return null;
        }

        var call = await unit.Remotes.CallAsync(agentId);
        if (call is null && await NextAsync(unit, agent, now) is { } next)
        {
            unit.Remotes.Save(call = next);
        }

        if (call is null || call.NextAt > now)
        {
            unit.Remotes.Release(agentId, fence);
            return null;
        }

        var message = await unit.Messages.FindAsync(remote.OrganizationId, call.MessageId) ?? throw ParleyError.NotFound("message");

        var counted = call.Phase is RemotePhase.Send or RemotePhase.Poll ? call with { Attempts = call.Attempts + 1 } : call;
        if (counted.Phase == RemotePhase.Send)
        {
            unit.Deliveries.Offer(agentId, call.Number - 1, call.Number, now);
        }

        return new Run(remote, agent, message, counted, fence, await unit.Remotes.ContextAsync(agentId, message.ConversationId));
    }

    /// <summary>The next delivery that is for the remote agent to work on; what is not is acknowledged without a call. A call counts as a turn of its chain.</summary>
    private static async ValueTask<RemoteCall?> NextAsync(IUnitOfWork unit, Agent agent, DateTimeOffset now)
    {
        // Roots are locked before inboxes, as a turn's claim locks them.
        var cursor = await unit.Remotes.CursorAsync(agent.Id);
        var passed = new List<(Guid MessageId, string Reason)>();
        RemoteCall? next = null;
        foreach (var item in await unit.Deliveries.PageAsync(agent.Id, cursor, LooksAhead))
        {
            if (item.State is not (DeliveryState.Pending or DeliveryState.Offered))
            {
                continue;
            }

            var reason = RemoteAddress.ReasonAgainst(agent, item.Message) ?? await RefusalAsync(unit, item.Message, now);
            if (reason is null)
            {
                next = new RemoteCall { AgentId = agent.Id, MessageId = item.Message.Id, Number = item.Number, StartedAt = now, NextAt = now };
                break;
            }

            passed.Add((item.Message.Id, reason));
        }

        await unit.Agents.InboxAsync(agent.Id);
        foreach (var (id, reason) in passed)
        {
            unit.Turns.Acknowledge(agent.Id, id, reason, now);
        }

        unit.Turns.AdvanceCursor(agent.Id);
        return next;
    }

    private static async ValueTask<string?> RefusalAsync(IUnitOfWork unit, Message message, DateTimeOffset now)
    {
        if (await unit.Budgets.RootAsync(message.OrganizationId, message.RootId) is not { } root)
        {
            root = new Root(message.RootId, message.OrganizationId, await unit.Budgets.RootLimitsAsync(message.OrganizationId) ?? new RootLimits(), Turns: 0, Account: default, now);
            unit.Budgets.Add(root);
        }

        var reason = BudgetRules.Refusal(root, message.Depth);
        unit.Budgets.Save(reason is null ? BudgetRules.Admit(root) : BudgetRules.Stop(root, reason, now));
        return reason is null ? null : "The remote agent was not called: " + reason;
    }

    private async Task<(RemoteAnswer? Answer, ParleyError? Fault)> CallAsync(Run run, CancellationToken cancellationToken)
    {
        try
        {
            var token = RemoteTokens.Read(run.Remote, secrets);
            return run.Call is { Phase: RemotePhase.Poll, TaskId: { } task }
                ? (await door.PollAsync(run.Remote.Interface, token, task, cancellationToken), null)
                : (await door.SendAsync(run.Remote.Interface, token, new RemoteMessage($"parley-{run.Message.Id:n}", run.Message.Content, run.Message.SenderName, run.Context), cancellationToken), null);
        }
        catch (ParleyError fault)
        {
            return (null, fault);
        }
    }

    private static async ValueTask<Run?> RecordAsync(IUnitOfWork unit, Run run, RemoteAnswer? answer, ParleyError? fault, DateTimeOffset now)
    {
        if (!await unit.Remotes.HoldAsync(run.Agent.Id, run.Fence))
        {
            return null;
        }

        var after = RemoteRules.After(run.Call, answer, fault, now, Random.Shared.NextDouble());
        unit.Remotes.Save(after);
        if (answer?.ContextId is { } context)
        {
            unit.Remotes.SaveContext(run.Agent.Id, run.Message.ConversationId, new RemoteContext(context, answer.State == RemoteState.InputRequired ? answer.TaskId : null));
        }

        return run with { Call = after };
    }

    /// <summary>Sends the answer under a key of the message's, so that it is there once.</summary>
    private async Task<Run?> AnswerAsync(Run run, CancellationToken cancellationToken)
    {
        RemoteCall after;
        try
        {
            await send.RunAsync(
                RemoteAddress.CallerOf(run.Agent), RemoteAddress.AnswerTo(run.Message, run.Call.Answer!),
                async unit => _ = await unit.Remotes.HoldAsync(run.Agent.Id, run.Fence) ? true : throw new ParleyError(ErrorCode.Conflict, "Another node has taken it up.", "Nothing is to be done."),
                cancellationToken);
            after = run.Call with { Phase = RemotePhase.Done, Reason = null };
        }
        catch (ParleyError known) when (known.Code == ErrorCode.KeyReused)
        {
            // It was sent before this step broke off.
            after = run.Call with { Phase = RemotePhase.Done, Reason = null };
        }
        catch (ParleyError refusal)
        {
            after = RemoteRules.Wait(run.Call, refusal, time.GetUtcNow()) ?? run.Call with { Phase = RemotePhase.Done, Reason = $"The answer was refused: {refusal.Message}" };
        }

        return await database.WriteAsync(
            async unit =>
            {
                if (!await unit.Remotes.HoldAsync(run.Agent.Id, run.Fence))
                {
                    return null;
                }

                unit.Remotes.Save(after);
                return run with { Call = after };
            },
            CancellationToken.None);
    }

    private static async ValueTask<List<InboxPosition>> FinishAsync(IUnitOfWork unit, Run run, DateTimeOffset now)
    {
        if (!await unit.Remotes.HoldAsync(run.Agent.Id, run.Fence))
        {
            return [];
        }

        unit.Remotes.EndCall(run.Agent.Id);
        unit.Remotes.Release(run.Agent.Id, run.Fence);
        var told = new List<InboxPosition>();
        await unit.Agents.InboxAsync(run.Agent.Id);
        await unit.Deliveries.LockAsync(run.Message.Id);
        if (run.Call.Phase == RemotePhase.Dead)
        {
            if (await unit.Deliveries.FindAsync(run.Message.Id, run.Agent.Id) is { } delivery && DeliveryRules.MayFollow(delivery.State, DeliveryState.Dead))
            {
                told = await RejectDelivery.EndAsync(unit, run.Agent.OrganizationId, run.Agent.Name, delivery, run.Call.Reason ?? "It could not be handed over.", now);
            }
        }
        else
        {
            unit.Turns.Acknowledge(run.Agent.Id, run.Message.Id, run.Call.Reason, now);
        }

        unit.Turns.AdvanceCursor(run.Agent.Id);
        return told;
    }

    private static async ValueTask<bool> ReleaseAsync(IUnitOfWork unit, Run run)
    {
        var held = await unit.Remotes.HoldAsync(run.Agent.Id, run.Fence);
        if (held)
        {
            unit.Remotes.Release(run.Agent.Id, run.Fence);
        }

        return held;
    }

    private sealed record Run(RemoteAgent Remote, Agent Agent, Message Message, RemoteCall Call, long Fence, RemoteContext? Context);
}
