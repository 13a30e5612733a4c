using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Schedules;
using Parley.Server.Loops;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>Schedules.</summary>
internal static class ScheduleEndpoints
{
    private const int DefaultPage = 50;

    public static void MapSchedules(this RouteGroupBuilder api)
    {
        var schedules = api.MapGroup("/schedules").WithTags("Schedules");
        schedules.MapPost("/", AddAsync).Document(
            "Make a schedule", "Exactly one of 'cron', 'every_seconds' and 'at' says when it fires; it fires in the name of the caller. Persons only.", ScheduleExamples.Add, ScheduleExamples.Schedule);
        schedules.MapGet("/", ListAsync).Document("List schedules", "All of the organization, by name. Persons only.", response: ScheduleExamples.Schedules);
        schedules.MapGet("/{schedule}", FindAsync).Document("Read a schedule", "With the next three times that are due. Persons only.", response: ScheduleExamples.Schedule);
        schedules.MapPatch("/{schedule}", EditAsync).Document(
            "Change a schedule", "What is absent stays; a new timing counts from now. Who made it, or an admin.", ScheduleExamples.Edit, ScheduleExamples.Schedule);
        schedules.MapDelete("/{schedule}", RemoveAsync).Document("Remove a schedule", "With its history; what it started goes on. Who made it, or an admin.");
        schedules.MapPost("/{schedule}/run", RunAsync).Document("Run a schedule now", "Also in a pause; its next time stays. Who made it, or an admin.", response: ScheduleExamples.Firing);
        schedules.MapPost("/{schedule}/pause", PauseAsync).Document("Pause a schedule", "What is due meanwhile is skipped. Who made it, or an admin.", response: ScheduleExamples.Paused);
        schedules.MapPost("/{schedule}/resume", ResumeAsync).Document("Resume a schedule", "Who made it, or an admin.", response: ScheduleExamples.Schedule);
        schedules.MapGet("/{schedule}/history", HistoryAsync).Document("Read a schedule's history", "What became of its due times, newest first; the newest thousand are kept. Persons only.", response: ScheduleExamples.History);
    }

    private static async Task<Created<ScheduleView>> AddAsync(
        JsonBody<AddScheduleRequest> body, AddSchedule add, ScheduleLoop loop, TimeProvider time, Caller caller, CancellationToken cancellationToken)
    {
        var schedule = await add.RunAsync(caller, ScheduleMapping.ToInput(body.Value), cancellationToken);
        loop.Signal.Set();
        return TypedResults.Created($"/api/v1/schedules/{schedule.Name}", ScheduleMapping.ToView(schedule, time.GetUtcNow()));
    }

    private static async Task<ListOf<ScheduleView>> ListAsync(ListSchedules list, TimeProvider time, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, cancellationToken), schedule => ScheduleMapping.ToView(schedule, time.GetUtcNow()));

    private static async Task<ScheduleView> FindAsync(string schedule, FindSchedule find, TimeProvider time, Caller caller, CancellationToken cancellationToken) =>
        ScheduleMapping.ToView(await find.RunAsync(caller, schedule, cancellationToken), time.GetUtcNow());

    private static async Task<ScheduleView> EditAsync(
        string schedule, JsonBody<EditScheduleRequest> body, EditSchedule edit, ScheduleLoop loop, TimeProvider time, Caller caller, CancellationToken cancellationToken)
    {
        var edited = await edit.RunAsync(caller, schedule, ScheduleMapping.ToInput(body.Value), cancellationToken);
        loop.Signal.Set();
        return ScheduleMapping.ToView(edited, time.GetUtcNow());
    }

    private static async Task<NoContent> RemoveAsync(string schedule, RemoveSchedule remove, Caller caller, CancellationToken cancellationToken)
    {
        await remove.RunAsync(caller, schedule, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<FiringView> RunAsync(string schedule, RunScheduleNow run, Caller caller, CancellationToken cancellationToken) =>
        ScheduleMapping.ToView(await run.RunAsync(caller, schedule, cancellationToken));

    private static async Task<ScheduleView> PauseAsync(string schedule, PauseSchedule pause, TimeProvider time, Caller caller, CancellationToken cancellationToken) =>
        ScheduleMapping.ToView(await pause.RunAsync(caller, schedule, cancellationToken), time.GetUtcNow());

    private static async Task<ScheduleView> ResumeAsync(string schedule, ResumeSchedule resume, ScheduleLoop loop, TimeProvider time, Caller caller, CancellationToken cancellationToken)
    {
        var resumed = await resume.RunAsync(caller, schedule, cancellationToken);
        loop.Signal.Set();
        return ScheduleMapping.ToView(resumed, time.GetUtcNow());
    }

    private static async Task<ScheduleHistoryPage> HistoryAsync(string schedule, long? before, int? limit, ReadScheduleHistory read, Caller caller, CancellationToken cancellationToken)
    {
        var rows = Page.Limit(limit, DefaultPage);
        var page = await read.RunAsync(caller, schedule, before, rows, cancellationToken);
        return new ScheduleHistoryPage([.. page.Select(ScheduleMapping.ToView)], page.Count == rows ? page[^1].Number : null);
    }
}
