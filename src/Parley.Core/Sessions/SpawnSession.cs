using Parley.Core.Agents;
using Parley.Core.Budgets;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Core.Sessions;

/// <summary>
/// Gives a piece of work to an agent in a session of its own, and answers at once. The session's task, its log and its place in the queue are written together; it
/// starts at once where there is room.
/// </summary>
public sealed class SpawnSession(IDatabase database, SendMessage send, TurnModels models, ISessionPolicy policy, IResultSchema schemas, TimeProvider time)
{
    /// <summary>
    /// Returns the session. Throws <c>forbidden</c>, <c>maxChildrenPerAgent</c>, <c>unknown_model</c>, <c>model_not_allowed</c>, <c>too_deep</c>, <c>conflict</c> where the label
    /// is taken or the agent is not hosted, <c>not_found</c>, <c>halted</c>, <c>feature_off</c>, <c>key_reused</c> and <c>invalid_request</c>; then nothing was stored.
    /// </summary>
    public Task<SpawnReceipt> RunAsync(Caller caller, SpawnInput input, CancellationToken cancellationToken) =>
        RunAsync(
            caller, input with { Key = OriginKey.Of(caller, input.Key, "spawn", input.Agent, input.Label, input.Task) }, new SpawnOrigin(caller.Origin?.AskedById), OriginKey.HoldOf(caller), cancellationToken);

    /// <summary>Spawns in one write with what the caller has to check first.</summary>
    internal async Task<SpawnReceipt> RunAsync(Caller caller, SpawnInput input, SpawnOrigin from, Func<IUnitOfWork, ValueTask> first, CancellationToken cancellationToken)
    {
        var spawned = await database.WriteAsync(
            async unit =>
            {
                await first(unit);
                return await WriteAsync(unit, caller, input, from);
            },
            cancellationToken);
        Committed(spawned);
        return spawned.Receipt;
    }

    /// <summary>Spawns as part of a larger write. Afterwards the caller hands the answer to <see cref="Committed"/>.</summary>
    internal async ValueTask<Spawned> WriteAsync(IUnitOfWork unit, Caller caller, SpawnInput input, SpawnOrigin from)
    {
        caller.Require(Scopes.Send);
        var now = time.GetUtcNow();
        var task = CheckedTask(input);
        if (await RepeatedAsync(unit, caller, input, task) is { } before)
        {
            return new Spawned(new SpawnReceipt(StatusOf(before), before, before.Warnings, Duplicate: true), Task: null);
        }

        var (session, warnings) = await DraftAsync(unit, caller, input, from, task, now);
        unit.Conversations.Add(new Conversation(session.ConversationId, session.OrganizationId, ConversationKind.Session, ProjectId: null, session.Key, PeerKey: null, Head: 0, now));
        unit.Conversations.AddMember(session.ConversationId, session.AgentId, now);
        if (caller.IsAgent && caller.Id != session.AgentId)
        {
            unit.Conversations.AddMember(session.ConversationId, caller.Id, now);
        }

        unit.Sessions.Add(new AgentSession(session.Id, session.OrganizationId, session.AgentId, session.Key, SessionKind.Subagent, session.ConversationId, now));
        unit.Subagents.Add(session, from.Context);
        var sent = await send.WriteAsync(unit, caller, new SendInput { To = SessionRoutes.Address + session.Id, Type = "request", Content = task, Key = input.Key }, from.Metadata);
        await unit.Subagents.LockQueueAsync();
        if (caller.IsAgent)
        {
            // The session itself is among them.
            SpawnRules.CheckChildren(await PolicyAsync(unit, policy.Current, caller), caller.Name, await unit.Subagents.CountOpenAsync(caller.Id) - 1);
        }

        var message = sent.Receipt.Message;
        session = session with { RootId = message.RootId, Depth = message.Depth, Warnings = warnings };
        session = message.Verdict == Verdict.Held
            ? session with { State = SubagentState.Held, Reason = "It waits for a person's approval." }
            : await SessionQueue.PlaceAsync(unit, session, policy.Current, now);
        unit.Subagents.Save(session);
        return new Spawned(new SpawnReceipt(StatusOf(session), session, warnings, Duplicate: false), sent);
    }

    /// <summary>Wakes the agent after the commit.</summary>
    internal void Committed(Spawned spawned)
    {
        if (spawned.Task is { } sent)
        {
            send.Committed(sent);
        }
    }

    private static string StatusOf(Subagent session) => session.State == SubagentState.Held ? "held" : "accepted";

    private static string CheckedTask(SpawnInput input) => string.IsNullOrWhiteSpace(input.Task)
        ? throw ParleyError.Invalid("task", "The task is empty.", "Say what the agent is to do; it knows nothing else.")
        : input.Task.Trim();

    private static async ValueTask<Subagent?> RepeatedAsync(IUnitOfWork unit, Caller caller, SpawnInput input, string task)
    {
        if (input.Key is null || await unit.Messages.FindByKeyAsync(caller.Id, input.Key) is not { } first)
        {
            return null;
        }

        return await unit.Subagents.FindInAsync(caller.OrganizationId, first.ConversationId) is { } session && session.Task == task
            ? session
            : throw new ParleyError(ErrorCode.KeyReused, "The key was used before for another content.", "Use a new key for another task.");
    }

    private async ValueTask<(Subagent Session, IReadOnlyList<string> Warnings)> DraftAsync(
        IUnitOfWork unit, Caller caller, SpawnInput input, SpawnOrigin from, string task, DateTimeOffset now)
    {
        await SessionLookup.CheckFeatureAsync(unit, caller.OrganizationId);
        var agent = await AgentRules.FoundAsync(unit, caller.OrganizationId, input.Agent);
        var rules = (await PolicyAsync(unit, policy.Current, caller)).Knowing(agent);
        var level = await CheckCallerAsync(unit, caller, agent, rules);
        var hosted = await unit.Hosting.FindAsync(agent.OrganizationId, agent.Id) ?? throw new ParleyError(
            ErrorCode.Conflict, $"'{agent.Name}' is not hosted by Parley, so it has no sessions that can be spawned.", $"Host it: parley agent host {agent.Name} --model demo/echo");
        var (model, warning) = hosted.Program is null
            ? SpawnRules.ModelOf(rules, agent.Name, hosted.Model, input.Model?.Trim(), name => IsKnown(hosted.Runtime, name))
            : (hosted.Model, SpawnRules.ProgramWarning(agent.Name, hosted.Model, input.Model?.Trim()));
        if (input.Schema is { } schema)
        {
            schemas.Check(schema);
        }

        var id = Guid.CreateVersion7(now);
        return (new Subagent
        {
            Id = id,
            OrganizationId = agent.OrganizationId,
            Key = $"agent:{agent.Name}:subagent:{id}",
            AgentId = agent.Id,
            AgentName = agent.Name,
            ConversationId = Guid.CreateVersion7(now),
            ParentKind = caller.Kind,
            ParentId = caller.Id,
            ParentName = caller.Name,
            ParentSessionId = caller.Origin?.SessionId,
            ParentTurnId = caller.Origin?.TurnId,
            AskedById = from.AskedById,
            Level = level,
            RootId = Guid.Empty,
            Label = await LabelAsync(unit, caller, input.Label),
            Task = task,
            Model = model,
            Fork = IsFork(caller, input.Context),
            Schema = input.Schema,
            Timeout = SpawnRules.TimeoutOf(rules, input.Timeout),
            Ceiling = new Ceiling(SpawnRules.LimitOf(rules.MaxTokens, input.MaxTokens, "max_tokens"), SpawnRules.LimitOf(rules.MaxCost, input.MaxCost, "max_cost")),
            Outlive = input.Outlive,
            Announce = await Announcement.CheckedAsync(unit, agent, input.Announce),
            State = SubagentState.Queued,
            CreatedAt = now,
        }, warning is null ? [] : [warning]);
    }

    /// <summary>Whether the caller may spawn the agent; returns the level of the new session.</summary>
    private static async ValueTask<int> CheckCallerAsync(IUnitOfWork unit, Caller caller, Agent agent, SessionPolicy rules)
    {
        if (!caller.IsAgent)
        {
            return 1;
        }

        SpawnRules.CheckPermission(rules, caller.Name, agent.Name);
        if (caller.Origin is not { } origin)
        {
            return 1;
        }

        var level = (await unit.Subagents.FindAsync(caller.OrganizationId, origin.SessionId))?.Level + 1 ?? 1;
        SpawnRules.CheckLevel(rules, level);
        if (await unit.Budgets.RootAsync(caller.OrganizationId, origin.RootId) is { } root && BudgetRules.Refusal(root, origin.Depth + 1) is { } reason)
        {
            throw new ParleyError(ErrorCode.TooDeep, reason, "Do it in this session, or let a person raise the bound: parley budget set root");
        }

        return level;
    }

    /// <summary>The policy in which the caller stands under its own name.</summary>
    internal static async ValueTask<SessionPolicy> PolicyAsync(IUnitOfWork unit, SessionPolicy rules, Caller caller) =>
        caller.IsAgent && await unit.Agents.FindAsync(caller.OrganizationId, caller.Id) is { } agent ? rules.Knowing(agent) : rules;

    private bool IsKnown(string runtime, string model)
    {
        try
        {
            models.Check(runtime, model);
            return true;
        }
        catch (ParleyError error) when (error.Code == ErrorCode.InvalidRequest)
        {
            return false;
        }
    }

    private static async ValueTask<string?> LabelAsync(IUnitOfWork unit, Caller caller, string? label)
    {
        if (string.IsNullOrWhiteSpace(label))
        {
            return null;
        }

        var name = label.Trim();
        if (name.Length > Limits.NameLength || Draft.Unstorable(name) || Guid.TryParse(name, out _) || name.StartsWith("agent:", StringComparison.OrdinalIgnoreCase) || name == SendToSession.Parent)
        {
            throw ParleyError.Invalid("label", "The label is too long or looks like a key.", "Use a short name of your own, such as research.");
        }

        return await unit.Subagents.FindLabelAsync(caller.OrganizationId, caller.Id, name) is { Ended: false } taken
            ? throw new ParleyError(ErrorCode.Conflict, $"An open session has the label '{name}': {taken.Key}.", "Use another label, or end that session first.")
            : name;
    }

    private static bool IsFork(Caller caller, string? context) => context?.Trim().ToLowerInvariant() switch
    {
        null or "" or "isolated" => false,
        "fork" when caller.Origin is not null => true,
        "fork" => throw ParleyError.Invalid("context", "There is no conversation to copy: only a hosted agent's running turn has one.", "Put what it must know into the task, and leave out context."),
        _ => throw ParleyError.Invalid("context", "The context is unknown.", "Use isolated or fork."),
    };
}

/// <summary>From where a hosted agent spawns.</summary>
/// <param name="AskedById">The message that its turn is about, or null.</param>
internal sealed record SpawnOrigin(Guid? AskedById = null)
{
    /// <summary>The messages of its conversation, for a fork.</summary>
    public IReadOnlyList<Guid> Context { get; init; } = [];

    /// <summary>What Parley itself says of the task, such as which schedule gave it; null for nothing.</summary>
    public System.Text.Json.Nodes.JsonObject? Metadata { get; init; }
}

/// <summary>What was spawned within a larger write.</summary>
/// <param name="Receipt">The answer to the caller.</param>
/// <param name="Task">Its first message; null for a repetition.</param>
internal readonly record struct Spawned(SpawnReceipt Receipt, Sent? Task);
