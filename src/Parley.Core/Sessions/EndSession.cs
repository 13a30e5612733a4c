using System.Globalization;
using System.Text.Json.Nodes;
using Parley.Core.Budgets;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Core.Sessions;

/// <summary>
/// The one end of a spawned session: state, result and the result's delivery to the parent are written together, with the end of everything that it has spawned and
/// the start of what waited for its place. There is no ended session that is not reported.
/// </summary>
public sealed class EndSession(SendMessage send, ISessionPolicy policy, params IEnumerable<ISessionFollower> followers)
{
    /// <summary>Characters of the task that stand beside its result, so that whoever gets several knows which is which.</summary>
    private const int LongestTask = 160;

    /// <summary>Ends the session within a write. What has ended already stays as it is.</summary>
    /// <param name="unit">The write. The caller has locked the session's own row.</param>
    /// <param name="session">The session as it is stored.</param>
    /// <param name="state">How it ends.</param>
    /// <param name="text">Its result, or null where Parley reports the end itself.</param>
    /// <param name="reason">Why, where it did not end with a result.</param>
    /// <param name="running">The turn that ends with it and writes itself, or null.</param>
    /// <param name="now">The time of the write.</param>
    internal async ValueTask<SessionEnd> WriteAsync(
        IUnitOfWork unit, Subagent session, SubagentState state, string? text, string? reason, Guid? running, DateTimeOffset now)
    {
        var end = new SessionEnd(session.OrganizationId, session.ConversationId);
        await EndOneAsync(unit, session, state, text, reason, running, end, now);
        await unit.Subagents.LockQueueAsync();
        end.Woken.AddRange(await SessionQueue.StartAsync(unit, policy.Current, now));
        return end;
    }

    private async ValueTask EndOneAsync(
        IUnitOfWork unit, Subagent session, SubagentState state, string? text, string? reason, Guid? running, SessionEnd end, DateTimeOffset now)
    {
        if (!SubagentRules.MayFollow(session.State, state))
        {
            return;
        }

        await FreeAsync(unit, session, running, end, now);
        foreach (var child in await unit.Subagents.ChildrenAsync(session.Id))
        {
            if (child.Outlive)
            {
                unit.Subagents.Save(child with { ParentSessionId = null });
            }
            else
            {
                await EndOneAsync(unit, child, SubagentState.Killed, text: null, $"its parent '{session.Key}' has ended", running: null, end, now);
            }
        }

        var ended = session with { State = state, Reason = reason, EndedAt = now };
        var announced = await AnnounceAsync(unit, ended, text, end);
        var use = await unit.Subagents.UseAsync(session.Id);
        var message = await ReportAsync(unit, announced, use, text ?? Report(announced, now), byAgent: text is not null, MessageType.Result, now, end);
        await AcknowledgeAsync(unit, announced, reason, now);
        var stored = announced with { ResultId = message };
        unit.Subagents.Save(stored);
        foreach (var follower in followers)
        {
            await follower.EndedAsync(unit, stored, message, now);
        }

        if (state is SubagentState.Failed or SubagentState.TimedOut || reason?.StartsWith(SubagentRules.Guardian, StringComparison.Ordinal) is true)
        {
            unit.Obligations.Raise(new Attention(
                Guid.CreateVersion7(now), session.OrganizationId, "session_" + SubagentRules.NameOf(state), $"'{session.Key}' {SubagentRules.NameOf(state)}: {reason}", message, now, ResolvedAt: null));
        }
    }

    /// <summary>Appends what the agent says in its session, delivered to its parent where the session ends with it.</summary>
    internal static async ValueTask<Guid> ReportAsync(
        IUnitOfWork unit, Subagent session, SessionUse? use, string text, bool byAgent, MessageType type, DateTimeOffset now, SessionEnd end)
    {
        await unit.Conversations.LockAsync(session.ConversationId);
        var id = Guid.CreateVersion7(now);
        unit.Messages.Append(new Message
        {
            Id = id,
            OrganizationId = session.OrganizationId,
            ConversationId = session.ConversationId,
            ConversationKind = ConversationKind.Session,
            Number = await unit.Conversations.NextNumberAsync(session.ConversationId),
            SenderKind = byAgent ? CallerKind.Agent : CallerKind.System,
            SenderId = byAgent ? session.AgentId : Guid.Empty,
            SenderName = byAgent ? session.AgentName : "parley",
            SenderType = byAgent ? "" : "system",
            SessionId = session.Id,
            Type = type,
            Content = TurnWrites.Storable(text),
            Metadata = use is null ? "{}" : new JsonObject { [SessionResult.Name] = Facts(session, use, now) }.ToJsonString(),
            RootId = session.RootId,
            // A result goes up the tree again: whoever gets it is as deep as when it gave the work away.
            Depth = session.ParentTurnId is null ? session.Depth + 1 : Math.Max(0, session.Depth - 1),
            Verdict = Verdict.Accepted,
            CreatedAt = now,
        });
        if (type == MessageType.Result && session.ParentKind == CallerKind.Agent)
        {
            await unit.Agents.LockInboxesAsync([session.AgentId, session.ParentId], membersOf: null);
            var number = await unit.Deliveries.AddAsync(new Delivery { MessageId = id, AgentId = session.ParentId, State = DeliveryState.Pending, AcceptedAt = now });
            end.Woken.Add(new InboxPosition(session.ParentId, number));
        }

        return id;
    }

    /// <summary>What stands beside a result, for programs and for the parent's prompt.</summary>
    private static JsonObject Facts(Subagent session, SessionUse use, DateTimeOffset now)
    {
        var facts = new JsonObject
        {
            ["sessionKey"] = session.Key,
            ["label"] = session.Label,
            ["task"] = session.Task.Length <= LongestTask ? session.Task : session.Task[..LongestTask] + "…",
            ["status"] = SubagentRules.NameOf(session.State),
            ["reason"] = session.Reason,
            ["runtime"] = SubagentRules.Runtime((session.EndedAt ?? now) - (session.StartedAt ?? now)),
            ["runtimeMs"] = (long)((session.EndedAt ?? now) - (session.StartedAt ?? now)).TotalMilliseconds,
            ["model"] = session.Model,
            ["tokens"] = use.Usage.Total,
            ["cost"] = BudgetRules.Dollars(use.Cost),
            ["transcript"] = $"/api/v1/sessions/{session.Id}/log",
        };
        if (session.AskedById is { } asked)
        {
            facts[SessionResult.Asked] = asked.ToString();
        }

        return facts;
    }

    private static string Report(Subagent session, DateTimeOffset now)
    {
        var time = SubagentRules.Runtime((session.EndedAt ?? now) - (session.StartedAt ?? now));
        var reason = session.Reason is { Length: > 0 } why ? ": " + why : "";
        return $"{session.Key} ended as {SubagentRules.NameOf(session.State)} after {time}{reason}";
    }

    /// <summary>Takes the session from whoever runs a turn in it.</summary>
    private static async ValueTask FreeAsync(IUnitOfWork unit, Subagent session, Guid? running, SessionEnd end, DateTimeOffset now)
    {
        if (await unit.Sessions.FindAsync(session.Id) is not { TurnId: { } id } || id == running || await unit.Turns.FindAsync(id) is not { EndedAt: null } turn)
        {
            return;
        }

        unit.Turns.Save(await TurnLedger.SettleAsync(unit, turn) with { State = TurnState.Cancelled, Reason = "The session has ended.", EndedAt = now });
        unit.Sessions.Release(session.Id, turnId: null, failures: 0, notBefore: null);
        end.Stopped.Add(id);
    }

    private static async ValueTask AcknowledgeAsync(IUnitOfWork unit, Subagent session, string? reason, DateTimeOffset now)
    {
        await unit.Agents.InboxAsync(session.AgentId);
        foreach (var item in await unit.Turns.UnreadAsync(session.AgentId, session.ConversationId, Limits.PageRows))
        {
            unit.Turns.Acknowledge(session.AgentId, item.Message.Id, reason, now);
        }

        unit.Turns.AdvanceCursor(session.AgentId);
    }

    /// <summary>A result that cannot be posted is still reported; the session says why.</summary>
    private async ValueTask<Subagent> AnnounceAsync(IUnitOfWork unit, Subagent session, string? text, SessionEnd end)
    {
        if (session.Announce is null || text is null)
        {
            return session;
        }

        var caller = new Caller(CallerKind.Agent, session.OrganizationId, session.AgentId, session.AgentName, Role.Member, Scopes.Send, Guid.Empty)
        {
            Origin = new Origin(Guid.Empty, session.Id, session.RootId, session.Depth),
        };
        try
        {
            end.Sent.Add(await send.WriteAsync(unit, caller, Announcement.PostOf(session, TurnWrites.Storable(text))));
            return session;
        }
        catch (ParleyError error) when (TurnWrites.IsRefusal(error))
        {
            return session with { Warnings = [.. session.Warnings, $"The result was not posted to {Announcement.NameOf(session.Announce)}: {error.Message}"] };
        }
    }
}

/// <summary>What follows the commit of a session's end.</summary>
internal sealed class SessionEnd(Guid organizationId, Guid conversationId)
{
    /// <summary>Whose inbox grew, or whose session starts.</summary>
    public List<InboxPosition> Woken { get; } = [];

    /// <summary>Turns that were taken from whoever runs them.</summary>
    public List<Guid> Stopped { get; } = [];

    /// <summary>Posts of results.</summary>
    public List<Sent> Sent { get; } = [];

    /// <summary>The hint for all of it.</summary>
    public WakeHint Hint => new(organizationId, conversationId, [.. Woken, .. Sent.SelectMany(sent => sent.Places.Read())], Message: null);
}
