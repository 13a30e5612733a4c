using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Sessions;

namespace Parley.Server.Mapping;

/// <summary>Spawned sessions on the wire. Money travels as dollars, times as seconds.</summary>
internal static class SessionMapping
{
    private const decimal Million = 1_000_000m;

    public static SpawnInput ToInput(SpawnRequest request, string? key) => new()
    {
        Agent = request.AgentId ?? throw ParleyError.Invalid("agentId", "'agentId' is missing.", "Name the agent that does the work."),
        Task = request.Task ?? "",
        Model = request.Model,
        Label = request.Label,
        Timeout = Seconds.ToTime(request.Timeout, "timeout"),
        Context = request.Context,
        Schema = request.Schema is { ValueKind: System.Text.Json.JsonValueKind.Object } schema ? schema.GetRawText()
            : request.Schema is null ? null : throw ParleyError.Invalid("schema", "The schema is no object.", "Give a JSON Schema such as {\"type\":\"object\"}."),
        MaxTokens = request.MaxTokens,
        MaxCost = request.MaxCost is null or (>= 0 and <= 1_000_000_000) ? (long?)(request.MaxCost * Million)
            : throw ParleyError.Invalid("maxCost", "The amount is out of bounds.", "Give US dollars, such as 1.50."),
        Outlive = request.Outlive ?? false,
        Announce = request.Announce,
        Key = request.Key ?? key,
    };

    public static SpawnResponse ToView(SpawnReceipt receipt) => new(
        receipt.Status, receipt.Session.Key, SubagentRules.NameOf(receipt.Session.State), receipt.Session.Model, receipt.Session.Label, receipt.Session.Timeout.TotalSeconds,
        receipt.Warnings, receipt.Duplicate);

    public static SendToSessionInput ToInput(SessionSendRequest request, string? key) => new(
        request.SessionKey, request.AgentId, request.Label, request.Message, Seconds.ToTime(request.Wait, "wait"), request.Key ?? key);

    public static SessionSendResponse ToView(SessionAnswer answer) => new(answer.Status, answer.SessionKey, answer.Sent.Id, answer.Reply?.Content, answer.Reply?.SenderName);

    public static SessionView ToView(SubagentStatus status, DateTimeOffset now)
    {
        var session = status.Session;
        var runtime = status.Runtime(now);
        return new SessionView(
            session.Key, session.AgentName, session.ParentName, session.ParentSessionId, session.Label, session.Task, SubagentRules.NameOf(session.State), session.Reason, session.Model,
            runtime is { } time ? SubagentRules.Runtime(time) : null, runtime is { } ran ? Math.Round(ran.TotalSeconds, 3) : null, status.Use.Usage.Total, status.Use.Cost / Million,
            status.Use.Turns, session.RootId, session.Timeout.TotalSeconds, session.Warnings, session.CreatedAt, session.StartedAt, session.EndedAt)
        {
            Id = session.Id,
            Context = session.Fork ? "fork" : "isolated",
            MaxTokens = session.Ceiling.Tokens,
            MaxCost = session.Ceiling.Cost / Million,
            Outlive = session.Outlive,
            Announce = session.Announce is { } place ? Announcement.NameOf(place) : null,
            Structured = session.Schema is not null,
        };
    }

    public static SessionDetailsView ToView(SessionDetails details, DateTimeOffset now) => new(
        ToView(details.Status, now), details.Result?.Content, [.. details.Children.Select(child => ToView(child, now))], $"/api/v1/sessions/{details.Status.Session.Id}/log");

    public static SessionLogView ToView(SessionLog log, int after, int? open = null) => new(
        log.Session.Key, SubagentRules.NameOf(log.Session.State), [.. AnswersOf(log, open is { } number && number <= after ? number : null), .. log.Entries.Skip(after).SelectMany(ToViews)],
        Math.Max(after, log.Entries.Count), log.Open, after == 0 ? [.. log.Turns.Select(ToView)] : null);

    private static SessionTurnView ToView(SessionTurn one) => new(
        one.Turn.Id, HostingMapping.NameOf(one.Turn.State), one.Turn.Model, one.Calls, one.Turn.Usage.Input, one.Turn.Usage.Output, one.Turn.Cost / Million, one.Turn.CreatedAt,
        one.Turn.EndedAt);

    /// <summary>What the tools have answered that were shown as called before.</summary>
    private static IEnumerable<SessionLogEntryView> AnswersOf(SessionLog log, int? open) => open is not { } number || !log.IsAnswered(number) ? []
        : log.Entries[number - 1].Step is { } step ? step.Answer.ToolCalls.Zip(step.Results!, (call, result) => new SessionLogEntryView("answer", step.At, step.Model, result.Text, Tool: call.Name))
        : [];

    public static SessionStatsView ToView(SessionFigures figures, int days, int capacity)
    {
        var ended = figures.Spawned - figures.Open;
        return new SessionStatsView(
            days, figures.Spawned, figures.Running, figures.Open - figures.Running, figures.Completed, figures.Failed, figures.Killed, figures.TimedOut,
            ended > 0 ? Math.Round((double)figures.Completed / ended, 4) : null, ended > 0 ? Math.Round((double)figures.Reported / ended, 4) : null,
            Math.Round(figures.MeanSeconds, 3), figures.Spawned > 0 ? Math.Round(figures.Cost / Million / figures.Spawned, 6) : 0, capacity);
    }

    private static IEnumerable<SessionLogEntryView> ToViews(SessionLogEntry entry)
    {
        if (entry.Message is { } message)
        {
            return [new SessionLogEntryView("message", entry.At, message.SenderName, message.Content, WireNames.Of(message.Type))];
        }

        if (entry.Step is { } step)
        {
            var calls = step.Answer.ToolCalls.Select((call, i) => new SessionLogEntryView(
                "tool", entry.At, step.Model, call.Arguments, Tool: call.Name, Answer: step.Results is { } results && i < results.Count ? results[i].Text : null));
            calls = calls.Concat(step.Answer.OwnCalls.Select(call => new SessionLogEntryView("tool", entry.At, step.Model, "", Tool: call.Name, Answer: call.State)));
            return step.Followup is { Length: > 0 } followup ? calls.Append(new SessionLogEntryView("note", entry.At, "parley", followup)) : calls;
        }

        return entry.Turn!.Warnings.Append(entry.Turn.Reason).OfType<string>().Select(text => new SessionLogEntryView("note", entry.At, "parley", text));
    }
}
