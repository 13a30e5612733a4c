using System.Globalization;
using System.Text;
using Parley.Core.Budgets;
using Parley.Core.Messages;
using Parley.Core.Turns;

namespace Parley.Core.Sessions;

/// <summary>
/// The turns of a spawned session: the agent sees its task and what was said in the session, and nothing of its parent. Its last text is the result, unless it still
/// waits for what it has spawned itself.
/// </summary>
public sealed class SubagentSession(EndSession ending, IResultSchema schemas) : ISessionRules
{
    private const int HistoryMessages = 200;

    /// <inheritdoc/>
    public SessionKind Kind => SessionKind.Subagent;

    /// <inheritdoc/>
    public bool TakesMessages => true;

    /// <inheritdoc/>
    public SendInput? Answer(TurnFacts facts, string text) => null;

    /// <inheritdoc/>
    public async ValueTask<SessionSetup?> PrepareAsync(IUnitOfWork unit, AgentSession session, HostedAgent hosted, IReadOnlyList<InboxItem> unread) =>
        await unit.Subagents.FindAsync(session.OrganizationId, session.Id) is { State: SubagentState.Running } work ? new SessionSetup(hosted with { Model = work.Model }) : null;

    /// <inheritdoc/>
    public async ValueTask<string?> RefusalAsync(IUnitOfWork unit, AgentSession session, Amount next) =>
        await unit.Subagents.FindAsync(session.OrganizationId, session.Id) is { Ceiling.IsSet: true } work ? SubagentRules.Refusal(work.Ceiling, await unit.Subagents.UseAsync(session.Id), next) : null;

    /// <inheritdoc/>
    public async ValueTask<SessionFrame> FrameAsync(IUnitOfWork unit, TurnFacts facts, DateTimeOffset now)
    {
        if (await unit.Subagents.FindAsync(facts.Session.OrganizationId, facts.Session.Id) is not { } work)
        {
            return new SessionFrame("", []);
        }

        var unread = facts.Unread.Select(item => item.Message.Id).ToHashSet();
        var history = new List<HistoryEntry>();
        foreach (var id in await unit.Subagents.ContextAsync(work.Id))
        {
            if (await unit.Messages.FindAsync(work.OrganizationId, id) is { Withheld: Withheld.No } copied)
            {
                history.Add(new HistoryEntry(copied, copied.SenderId == work.AgentId));
            }
        }

        var newest = facts.Unread.Max(item => item.Message.CreatedAt);
        var said = await unit.Messages.PageAsync(new HistoryQuery(work.OrganizationId, work.ConversationId, Limit: HistoryMessages));
        said.Reverse();
        history.AddRange(said.Where(message => !unread.Contains(message.Id) && message.CreatedAt <= newest && message.Withheld == Withheld.No)
            .Select(message => new HistoryEntry(message, message.SessionId == work.Id)));
        return new SessionFrame(Instructions(work), history);
    }

    /// <inheritdoc/>
    public async ValueTask<string?> ReviewAsync(IUnitOfWork unit, TurnFacts facts, string text, IReadOnlyList<TurnStep> steps)
    {
        var work = await unit.Subagents.FindAsync(facts.Session.OrganizationId, facts.Session.Id);
        if (work?.Schema is not { } schema || SubagentRules.WasAskedAgain(steps) || (await unit.Subagents.ChildrenAsync(work.Id)).Exists(child => !child.Outlive))
        {
            return null;
        }

        return schemas.FaultOf(schema, SubagentRules.Json(text)) is { } fault
            ? $"Parley: your result was not taken, because it does not follow the JSON Schema that was asked for: {fault} Answer once more with the JSON alone; it is the last time that you are asked."
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<WakeHint?> EndedAsync(IUnitOfWork unit, TurnEnd end, DateTimeOffset now)
    {
        if (await unit.Subagents.FindAsync(end.Session.OrganizationId, end.Session.Id) is not { Ended: false } work)
        {
            return null;
        }

        if (end.Text is not { } text)
        {
            return (await ending.WriteAsync(unit, work, SubagentRules.EndOf(hasResult: false, end.Reason), text: null, end.Reason, end.Turn.Id, now)).Hint;
        }

        if (await WaitsAsync(unit, work, end.Turn.Id))
        {
            var pause = new SessionEnd(work.OrganizationId, work.ConversationId);
            if (text.Length > 0)
            {
                await EndSession.ReportAsync(unit, work, use: null, text, byAgent: true, MessageType.Status, now, pause);
            }

            return pause.Hint;
        }

        if (work.Schema is { } schema && schemas.FaultOf(schema, SubagentRules.Json(text)) is { } fault)
        {
            var reason = $"its result does not follow the JSON Schema, also after it was asked again: {fault}";
            return (await ending.WriteAsync(unit, work, SubagentState.Failed, text: null, reason, end.Turn.Id, now)).Hint;
        }

        var result = work.Schema is null ? text : SubagentRules.Json(text);
        return (await ending.WriteAsync(unit, work, SubagentState.Completed, result.Length > 0 ? result : "(no text)", reason: null, end.Turn.Id, now)).Hint;
    }

    /// <summary>Whether more comes: what it has spawned has not ended, or was not read yet.</summary>
    private static async ValueTask<bool> WaitsAsync(IUnitOfWork unit, Subagent work, Guid turnId)
    {
        if ((await unit.Subagents.ChildrenAsync(work.Id)).Exists(child => !child.Outlive))
        {
            return true;
        }

        var known = (await unit.Turns.InputsAsync(turnId)).Select(input => input.MessageId).ToHashSet();
        return (await unit.Turns.UnreadAsync(work.AgentId, work.ConversationId, Limits.PageRows)).Exists(item => !known.Contains(item.Message.Id));
    }

    private static string Instructions(Subagent work)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"You work alone on one task, in the session {work.Key}, for {(work.ParentKind == CallerKind.User ? "the person " : "")}{work.ParentName}.");
        text.Append(work.Fork
            ? " You have a copy of the conversation in which it was given; nothing that is said there from now on reaches you."
            : " You know nothing of the conversation in which it was given; all you have is the task.");
        text.Append(CultureInfo.InvariantCulture, $"\nYour last text is the result: Parley hands it to {work.ParentName} by itself and ends the session. Let it stand alone, with everything that was asked for.");
        text.Append(CultureInfo.InvariantCulture, $"\nTo ask {work.ParentName} something while you work, use {SessionTools.SendName} with sessionKey \"{SendToSession.Parent}\". What comes for you meanwhile is put before your next step.");
        text.Append(CultureInfo.InvariantCulture, $"\nWhen you spawn sessions yourself, end your turn and wait: their results come to you together. You have {SubagentRules.Runtime(work.Timeout)} in all.");
        if (work.Schema is { } schema)
        {
            text.Append("\nThe result has to be JSON, and nothing besides, that follows this JSON Schema:\n").Append(schema);
        }

        return text.ToString();
    }
}
