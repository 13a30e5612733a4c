using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Sessions;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>Spawned sessions. Bodies carry the names of the founding document.</summary>
internal static class SessionEndpoints
{
    private const int DefaultPage = 100;
    private const int DefaultDays = 7;

    public static void MapSessions(this RouteGroupBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions");
        sessions.MapPost("/spawn", SpawnAsync).Document(
            "Spawn a session", "sessions_spawn: gives a task to a hosted agent in a session of its own and answers at once. The result comes to the caller's inbox by itself.",
            SessionExamples.Spawn, SessionExamples.Spawned);
        sessions.MapPost("/send", SendAsync).Document(
            "Speak to a session", "sessions_send: waits for the answer as long as 'wait' says (30 seconds), or only tells with 0. The answer says how far the message came.",
            SessionExamples.Send, SessionExamples.Sent).DisableRequestTimeout();
        sessions.MapGet("/", ListAsync).Document("List sessions", "sessions_list: the newest first, with what they used. An agent sees what it has spawned and works in.", response: SessionExamples.Sessions);
        sessions.MapGet("/stats", StatsAsync).Document("Success metrics", "Of the sessions spawned in the last days. Persons only.", response: SessionExamples.Stats);
        sessions.MapGet("/{session}", FindAsync).Document(
            "Read a session", "By key, id or label, with its result and what it has spawned. With 'wait' (seconds, at most 60) it is waited for its end.", response: SessionExamples.Details).DisableRequestTimeout();
        sessions.MapGet("/{session}/log", LogAsync).Document(
            "Read a session's log", "What was said, and every tool that was called. Behind 'after'; with 'wait' (seconds, at most 60) it is waited for more. 'open' of the answer before, handed in again, brings what those tools have answered since.", response: SessionExamples.Log).DisableRequestTimeout();
        sessions.MapPost("/{session}/steer", SteerAsync).Document("Steer a session", "A running turn takes the message before its next model call. Its parent, or a person.", SessionExamples.Steer, Examples.Sent);
        sessions.MapPost("/{session}/kill", KillAsync).Document("Kill a session", "Ends it and everything below it; the parent gets that as the result. Its parent, or a person.", SessionExamples.Kill, SessionExamples.One);
        api.MapPost("/subagents", CommandAsync).WithTags("Sessions").Document("Watch and command what was spawned", "subagents: the actions list, log, kill and steer.", SessionExamples.Command, SessionExamples.Active);
    }

    private static async Task<Accepted<SpawnResponse>> SpawnAsync(
        JsonBody<SpawnRequest> body, [FromHeader(Name = "Idempotency-Key")] string? key, SpawnSession spawn, Caller caller, CancellationToken cancellationToken)
    {
        var receipt = await spawn.RunAsync(caller, SessionMapping.ToInput(body.Value, IdempotencyKey.Of(key, body.Value.Key)), cancellationToken);
        return TypedResults.Accepted($"/api/v1/sessions/{receipt.Session.Id}", SessionMapping.ToView(receipt));
    }

    private static async Task<SessionSendResponse> SendAsync(
        JsonBody<SessionSendRequest> body, [FromHeader(Name = "Idempotency-Key")] string? key, SendToSession send, Caller caller, CancellationToken cancellationToken) =>
        SessionMapping.ToView(await send.RunAsync(caller, SessionMapping.ToInput(body.Value, IdempotencyKey.Of(key, body.Value.Key)), cancellationToken));

    private static async Task<ListOf<SessionView>> ListAsync(
        bool? active, string? agent, int? limit, ListSessions list, TimeProvider time, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(
            await list.RunAsync(caller, agent, active == true, Page.Limit(limit, DefaultPage), cancellationToken), session => SessionMapping.ToView(session, time.GetUtcNow()));

    private static async Task<SessionStatsView> StatsAsync(int? days, ReadSessionFigures figures, ISessionPolicy policy, Caller caller, CancellationToken cancellationToken) =>
        days is < 1 or > 3650
            ? throw ParleyError.Invalid("days", "The number of days is out of bounds.", "Use 1 to 3650.")
            : SessionMapping.ToView(await figures.RunAsync(caller, TimeSpan.FromDays(days ?? DefaultDays), cancellationToken), days ?? DefaultDays, policy.Current.MaxConcurrent);

    private static async Task<SessionDetailsView> FindAsync(string session, double? wait, WaitForSession read, TimeProvider time, Caller caller, CancellationToken cancellationToken) =>
        SessionMapping.ToView(await read.EndAsync(caller, session, Seconds.ToTime(wait, "wait") ?? TimeSpan.Zero, cancellationToken), time.GetUtcNow());

    private static async Task<SessionLogView> LogAsync(string session, int? after, int? open, double? wait, WaitForSession read, Caller caller, CancellationToken cancellationToken)
    {
        var from = after is null or >= 0 ? after ?? 0 : throw ParleyError.Invalid("after", "'after' is below zero.", "Use the number that 'next' gave.");
        var asked = open is null or > 0 ? open : throw ParleyError.Invalid("open", "'open' is below one.", "Use the number that 'open' gave.");
        return SessionMapping.ToView(await read.LogAsync(caller, session, from, asked, Seconds.ToTime(wait, "wait") ?? TimeSpan.Zero, cancellationToken), from, asked);
    }

    private static async Task<SendResponse> SteerAsync(
        string session, JsonBody<SteerRequest> body, [FromHeader(Name = "Idempotency-Key")] string? key, SteerSession steer, Caller caller, CancellationToken cancellationToken) =>
        MessageMapping.ToResponse((await steer.RunAsync(caller, session, body.Value.Message ?? "", IdempotencyKey.Of(key, body.Value.Key), cancellationToken)).Receipt);

    private static async Task<SessionView> KillAsync(
        string session, JsonBody<KillRequest> body, KillSession kill, ReadSession read, TimeProvider time, Caller caller, CancellationToken cancellationToken)
    {
        var killed = await kill.RunAsync(caller, session, body.Value.Reason, cancellationToken);
        return SessionMapping.ToView((await read.RunAsync(caller, killed.Id.ToString(), cancellationToken)).Status, time.GetUtcNow());
    }

    private static async Task<SubagentsResponse> CommandAsync(
        JsonBody<SubagentsRequest> body, ListSessions list, ReadSessionLog log, KillSession kill, SteerSession steer, TimeProvider time, Caller caller, CancellationToken cancellationToken)
    {
        var (action, key, message) = (body.Value.Action, body.Value.SessionKey, body.Value.Message);
        if (action == "list")
        {
            return new SubagentsResponse([.. (await list.RunAsync(caller, agent: null, open: true, DefaultPage, cancellationToken)).Select(session => SessionMapping.ToView(session, time.GetUtcNow()))]);
        }

        if (string.IsNullOrWhiteSpace(key) && action is "log" or "kill" or "steer")
        {
            throw ParleyError.Invalid("sessionKey", "'sessionKey' is missing.", "Name the session: its key or label.");
        }

        switch (action)
        {
            case "log":
                var found = SessionMapping.ToView(await log.RunAsync(caller, key!, cancellationToken), after: 0);
                return new SubagentsResponse(Status: found.Status, SessionKey: found.Session, Log: found.Entries);
            case "kill":
                var killed = await kill.RunAsync(caller, key!, message, cancellationToken);
                return new SubagentsResponse(Status: SubagentRules.NameOf(killed.State), SessionKey: killed.Key);
            case "steer":
                var steered = await steer.RunAsync(caller, key!, message ?? "", key: null, cancellationToken);
                return new SubagentsResponse(Status: "accepted", SessionKey: steered.Session.Key);
            default:
                throw ParleyError.Invalid("action", "The action is unknown.", "Use list, log, kill or steer.");
        }
    }
}
