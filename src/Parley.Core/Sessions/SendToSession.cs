using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Core.Sessions;

/// <summary>What <c>sessions_send</c> is asked for: one of the three names says where to, or label and agent together say which session is made where there is none.</summary>
/// <param name="SessionKey"><c>agent:patton:main</c>, the key or id of a spawned session, or <c>parent</c> within one.</param>
/// <param name="AgentId">An agent's main session, by its name or alias; with a label the agent that works in that session.</param>
/// <param name="Label">A spawned session by its label.</param>
/// <param name="Message">What is said.</param>
/// <param name="Wait">How long to wait for the answer; zero only tells. Null is 30 s, at most 10 minutes.</param>
/// <param name="Key">Makes a repeated call find the first one.</param>
public sealed record SendToSessionInput(string? SessionKey, string? AgentId, string? Label, string? Message, TimeSpan? Wait, string? Key);

/// <summary>How far a message to a session came.</summary>
/// <param name="Status"><c>answered</c>, <c>read</c>, <c>delivered</c>, <c>deferred</c> or <c>held</c>.</param>
/// <param name="SessionKey">The session it went to.</param>
/// <param name="Sent">The message.</param>
/// <param name="Reply">The answer, or null.</param>
public sealed record SessionAnswer(string Status, string SessionKey, Message Sent, Message? Reply);

/// <summary>Says something in another session and waits for the answer, or only tells.</summary>
public sealed class SendToSession(IDatabase database, SendMessage send, SpawnSession spawn, ISessionPolicy policy, ISessionSignal signal, TimeProvider time)
{
    /// <summary>The name of the session that has spawned the one at work.</summary>
    public const string Parent = "parent";

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Returns how far it came when it was answered or the time was over. Throws <c>not_found</c>, <c>forbidden</c>, <c>session_ended</c>, and every refusal of a send; where it
    /// makes the session, every refusal of a spawn.
    /// </summary>
    public async Task<SessionAnswer> RunAsync(Caller caller, SendToSessionInput input, CancellationToken cancellationToken)
    {
        var key = OriginKey.Of(caller, input.Key, "ask", input.SessionKey, input.AgentId, input.Label, input.Message);
        var answer = await RunAsync(caller, input with { Key = key }, new SpawnOrigin(caller.Origin?.AskedById), OriginKey.HoldOf(caller), cancellationToken);
        if (caller.Origin?.Hold is { } hold && answer.Reply is { } reply)
        {
            await SettleAsync(caller, reply, hold, cancellationToken);
        }

        return answer;
    }

    internal async Task<SessionAnswer> RunAsync(Caller caller, SendToSessionInput input, SpawnOrigin from, Func<IUnitOfWork, ValueTask> first, CancellationToken cancellationToken)
    {
        var wait = input.Wait ?? Usual;
        if (wait < TimeSpan.Zero || wait > Longest)
        {
            throw ParleyError.Invalid("wait", "The time to wait is out of bounds.", "Use 0 to 600 seconds; 0 only tells.");
        }

        var (target, message) = await SayAsync(caller, input, from, first, cancellationToken);
        using var watch = signal.Watch(message.ConversationId);
        var began = time.GetTimestamp();
        while (true)
        {
            var answer = await database.ReadAsync(unit => AnswerAsync(unit, target, message), cancellationToken);
            var left = wait - time.GetElapsedTime(began);
            if (answer.Reply is not null || left <= TimeSpan.Zero || answer.Status is "held" or "deferred")
            {
                return answer;
            }

            await watch.WaitAsync(left < Look ? left : Look, cancellationToken);
        }
    }

    private async Task<(SessionTarget Target, Message Message)> SayAsync(
        Caller caller, SendToSessionInput input, SpawnOrigin from, Func<IUnitOfWork, ValueTask> first, CancellationToken cancellationToken)
    {
        if (await database.WriteAsync(unit => TargetAsync(unit, caller, input), cancellationToken) is { } target)
        {
            // As the task of a spawn is kept, so that a repetition is the same text.
            var text = input is { Label: not null, AgentId: not null } ? input.Message?.Trim() : input.Message;
            var receipt = await send.RunAsync(caller, new SendInput { To = target.Address, Content = text, Type = "request", Key = input.Key }, first, cancellationToken);
            return (target, receipt.Message);
        }

        var asked = new SpawnInput { Agent = input.AgentId!, Task = input.Message ?? "", Label = input.Label, Key = input.Key };
        var made = (await spawn.RunAsync(caller, asked, from, first, cancellationToken)).Session;
        var task = await database.ReadAsync(unit => unit.Messages.PageAsync(new HistoryQuery(made.OrganizationId, made.ConversationId, After: 0, Limit: 1)), cancellationToken);
        return (TargetOf(made), task[0]);
    }

    /// <summary>An answer that a turn has got must not start another turn.</summary>
    internal Task<bool> SettleAsync(Caller caller, Message reply, Func<IUnitOfWork, ValueTask> hold, CancellationToken cancellationToken) => database.WriteAsync(
        async unit =>
        {
            await hold(unit);
            await unit.Agents.InboxAsync(caller.Id);
            unit.Turns.Acknowledge(caller.Id, reply.Id, "It was the answer to a question of the turn.", time.GetUtcNow());
            unit.Turns.AdvanceCursor(caller.Id);
            return true;
        },
        cancellationToken);

    /// <summary>The newest state of the message and its answer.</summary>
    private static async ValueTask<SessionAnswer> AnswerAsync(IUnitOfWork unit, SessionTarget target, Message sent)
    {
        if (await ReplyAsync(unit, target, sent) is { } reply)
        {
            return new SessionAnswer("answered", target.Key, sent, reply);
        }

        var delivery = target.RecipientId is { } recipient ? await unit.Deliveries.FindAsync(sent.Id, recipient) : null;
        var status = delivery?.State switch
        {
            DeliveryState.Held => "held",
            DeliveryState.Deferred => "deferred",
            DeliveryState.Offered or DeliveryState.Acknowledged or DeliveryState.Replied => "read",
            _ => "delivered",
        };
        return new SessionAnswer(status, target.Key, sent, Reply: null);
    }

    /// <summary>What answers it: a message that names it, or, in a spawned session, whatever the agent says there afterwards.</summary>
    private static async ValueTask<Message?> ReplyAsync(IUnitOfWork unit, SessionTarget target, Message sent)
    {
        var said = await unit.Messages.PageAsync(new HistoryQuery(sent.OrganizationId, sent.ConversationId, After: sent.Number, Limit: Limits.PageRows));
        return said.Find(message => message.Withheld == Withheld.No && (target.SpawnedId is { } id
            ? (message.SessionId == id) != target.ToParent
            : message.ParentId == sent.Id && message.SenderId == target.RecipientId));
    }

    /// <summary>Where it goes; null where the session of label and agent has to be made.</summary>
    private async ValueTask<SessionTarget?> TargetAsync(IUnitOfWork unit, Caller caller, SendToSessionInput input)
    {
        await SessionLookup.CheckFeatureAsync(unit, caller.OrganizationId);
        if (input is { SessionKey: null, Label: { } label, AgentId: not null })
        {
            return await LabelledAsync(unit, caller, label.Trim(), input.AgentId);
        }

        var name = (input.SessionKey ?? input.AgentId ?? input.Label)?.Trim() ?? "";
        if (name == Parent && caller.Origin is { } origin && await unit.Subagents.FindAsync(caller.OrganizationId, origin.SessionId) is { } own)
        {
            return new SessionTarget(SessionRoutes.Address + own.Id, own.Key, own.ParentKind == CallerKind.Agent ? own.ParentId : null, own.Id, ToParent: true);
        }

        if (input.AgentId is not null || MainOf(name) is not null)
        {
            return await MainAsync(unit, caller, MainOf(name) ?? name);
        }

        if (input.SessionKey is not null && !name.Contains(':', StringComparison.Ordinal) && !Guid.TryParse(name, out _)
            && await unit.Subagents.FindLabelAsync(caller.OrganizationId, caller.IsAgent ? caller.Id : null, name) is null)
        {
            return await MainAsync(unit, caller, name);
        }

        var session = await SessionLookup.CommandedAsync(unit, caller, name);
        return session.Ended
            ? throw SessionLookup.Ended(session)
            : TargetOf(session);
    }

    private static SessionTarget TargetOf(Subagent session) => new(SessionRoutes.Address + session.Id, session.Key, session.AgentId, session.Id, ToParent: false);

    /// <summary>The caller's open session of that label; what has ended leaves its label to the next.</summary>
    private static async ValueTask<SessionTarget?> LabelledAsync(IUnitOfWork unit, Caller caller, string label, string agentId)
    {
        var agent = await AgentRules.FoundAsync(unit, caller.OrganizationId, agentId);
        return await unit.Subagents.FindLabelAsync(caller.OrganizationId, caller.Id, label) is not { Ended: false } session || !await SessionLookup.MayKnowAsync(unit, caller, session) ? null
            : session.AgentId == agent.Id ? TargetOf(session)
            : throw new ParleyError(ErrorCode.Conflict, $"The session '{label}' is one of '{session.AgentName}', not of '{agent.Name}'.", "Use another label, or leave the agent out.");
    }

    private static string? MainOf(string key) => key.Split(':') is ["agent", var name, "main"] ? name : null;

    private async ValueTask<SessionTarget> MainAsync(IUnitOfWork unit, Caller caller, string name)
    {
        var agent = await AgentRules.FoundAsync(unit, caller.OrganizationId, name);
        if (caller.IsAgent)
        {
            var rules = (await SpawnSession.PolicyAsync(unit, policy.Current, caller)).Knowing(agent);
            SpawnRules.CheckTalk(rules, caller.Name, agent.Name);
            await AllowedLinks.EnsureAsync(unit, rules, caller, agent, time.GetUtcNow());
        }

        return new SessionTarget(agent.Name, AgentSession.MainKey(agent.Name), agent.Id, SpawnedId: null, ToParent: false);
    }

    /// <summary>Where a message goes.</summary>
    /// <param name="Address">The address of the send.</param>
    /// <param name="Key">The session's key.</param>
    /// <param name="RecipientId">The agent that gets it, or null for a person.</param>
    /// <param name="SpawnedId">The spawned session in which it is said, or null.</param>
    /// <param name="ToParent">Whether it goes from that session up to its parent.</param>
    private sealed record SessionTarget(string Address, string Key, Guid? RecipientId, Guid? SpawnedId, bool ToParent);
}
