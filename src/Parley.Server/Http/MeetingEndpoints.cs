using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Meetings;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;

namespace Parley.Server.Http;

/// <summary>Meetings.</summary>
internal static class MeetingEndpoints
{
    private const int DefaultPage = 50;

    public static void MapMeetings(this RouteGroupBuilder api)
    {
        var meetings = api.MapGroup("/meetings").WithTags("Meetings");
        meetings.MapPost("/", StartAsync).Document("Start a meeting", "With its participants and settings. Nobody speaks before the first message. Persons only.", MeetingExamples.Start, MeetingExamples.Meeting);
        meetings.MapGet("/", ListAsync).Document("List meetings", "The open ones, or the archived ones with 'archived'; an agent sees those it takes part in. The last started hundred.", response: MeetingExamples.Meetings);
        meetings.MapGet("/{meeting}", FindAsync).Document("Read a meeting", "Its settings, who is in it, who is waited for, and whom to ask next.", response: MeetingExamples.Meeting);
        meetings.MapPatch("/{meeting}", EditAsync).Document("Change a meeting", "Topic, chain length, limits, strategy, moderator; what is absent stays. Persons only.", MeetingExamples.Edit, MeetingExamples.Meeting);
        meetings.MapPost("/{meeting}/participants/{agent}", AddAsync).Document("Take an agent into the room", "To take part is the permission to speak with everybody in it. Persons only.", response: MeetingExamples.Meeting);
        meetings.MapDelete("/{meeting}/participants/{agent}", RemoveAsync).Document("Take an agent out of the room", "What it said stays. Persons only.", response: MeetingExamples.Meeting);
        meetings.MapPost("/{meeting}/messages", PostAsync).Document(
            "Say something", "A person's text asks those it mentions, or all; an agent's those it mentions, as far as the chain goes. The answer's chain has whom it asks.", MeetingExamples.Post, MeetingExamples.Posted);
        meetings.MapPost("/{meeting}/respond/{agent}", RespondAsync).Document("Make a participant speak", "Also where a chain met its limit: a person's message asks it. Persons only.", response: MeetingExamples.Posted);
        meetings.MapPost("/{meeting}/stop", StopAsync).Document(
            "Stop who speaks", "Ends the running turns of hosted agents and takes back what waits for them; of one with 'agent'. Persons only.", response: MeetingExamples.Meeting);
        meetings.MapPost("/{meeting}/archive", ArchiveAsync).Document("Archive a meeting", "It takes no messages until it is resumed. Persons only.", response: MeetingExamples.Meeting);
        meetings.MapPost("/{meeting}/resume", ResumeAsync).Document("Resume a meeting", "Opens an archived one again. Persons only.", response: MeetingExamples.Meeting);
        meetings.MapGet("/{meeting}/history", HistoryAsync).Document("Read the transcript", "The messages after a number, or the last ones, in the order said.", response: MeetingExamples.History);
        meetings.MapGet("/{meeting}/stats", StatsAsync).Document("Figures of a meeting", "Who spoke how often and at what depth, who asks whom, what it cost, why chains ended.", response: MeetingExamples.Stats);
        meetings.MapGet("/{meeting}/export", ExportAsync).Document("Export the transcript", "As 'markdown' (default), or as 'jsonl' with one message a line.").Produces<string>(contentType: "text/markdown").DisableRequestTimeout();
        meetings.MapGet("/{meeting}/stream", MeetingStream.RunAsync).Document(
            "Follow a meeting", "Server-sent events: 'message' (its id is the number; Last-Event-ID or 'after' resumes), 'turn', 'state' and 'idle'. Without 'after' only what comes.")
            .Produces<string>(contentType: "text/event-stream").DisableRequestTimeout();
        api.MapGet("/meeting-templates", TemplatesAsync).WithTags("Meetings").Document("List templates", "Built in, and the files of the data folder.", response: MeetingExamples.Templates);
    }

    private static async Task<Created<MeetingView>> StartAsync(JsonBody<StartMeetingRequest> body, StartMeeting start, Caller caller, CancellationToken cancellationToken)
    {
        var meeting = MeetingMapping.ToView(await start.RunAsync(caller, MeetingMapping.ToInput(body.Value), cancellationToken));
        return TypedResults.Created($"/api/v1/meetings/{meeting.Name}", meeting);
    }

    private static async Task<ListOf<MeetingView>> ListAsync(bool? archived, ListMeetings list, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, archived == true, cancellationToken), MeetingMapping.ToView);

    private static async Task<MeetingView> FindAsync(string meeting, FindMeeting find, Caller caller, CancellationToken cancellationToken) =>
        MeetingMapping.ToView(await find.RunAsync(caller, meeting, cancellationToken));

    private static async Task<MeetingView> EditAsync(string meeting, JsonBody<EditMeetingRequest> body, EditMeeting edit, Caller caller, CancellationToken cancellationToken) =>
        MeetingMapping.ToView(await edit.RunAsync(caller, meeting, MeetingMapping.ToInput(body.Value), cancellationToken));

    private static async Task<MeetingView> AddAsync(string meeting, string agent, AddParticipant add, Caller caller, CancellationToken cancellationToken) =>
        MeetingMapping.ToView(await add.RunAsync(caller, meeting, agent, cancellationToken));

    private static async Task<MeetingView> RemoveAsync(string meeting, string agent, RemoveParticipant remove, Caller caller, CancellationToken cancellationToken) =>
        MeetingMapping.ToView(await remove.RunAsync(caller, meeting, agent, cancellationToken));

    private static async Task<MeetingPost> PostAsync(
        string meeting, JsonBody<PostToMeetingRequest> body, [FromHeader(Name = "Idempotency-Key")] string? key, PostToMeeting post, Caller caller, CancellationToken cancellationToken) =>
        MeetingMapping.ToPost(await post.RunAsync(caller, meeting, MeetingMapping.ToInput(body.Value, IdempotencyKey.Of(key, body.Value.Key)), cancellationToken));

    private static async Task<MeetingPost> RespondAsync(string meeting, string agent, RespondInMeeting respond, Caller caller, CancellationToken cancellationToken) =>
        MeetingMapping.ToPost(await respond.RunAsync(caller, meeting, agent, cancellationToken));

    private static async Task<MeetingView> StopAsync(string meeting, string? agent, StopSpeaking stop, Caller caller, CancellationToken cancellationToken) =>
        MeetingMapping.ToView(await stop.RunAsync(caller, meeting, agent, cancellationToken));

    private static async Task<MeetingView> ArchiveAsync(string meeting, ArchiveMeeting archive, Caller caller, CancellationToken cancellationToken) =>
        MeetingMapping.ToView(await archive.RunAsync(caller, meeting, cancellationToken));

    private static async Task<MeetingView> ResumeAsync(string meeting, ResumeMeeting resume, Caller caller, CancellationToken cancellationToken) =>
        MeetingMapping.ToView(await resume.RunAsync(caller, meeting, cancellationToken));

    private static async Task<MeetingHistoryPage> HistoryAsync(string meeting, string? after, int? limit, ReadMeeting read, Caller caller, CancellationToken cancellationToken)
    {
        var rows = Page.Limit(limit, DefaultPage);
        var from = Page.Number(after, "after");
        var page = await read.PageAsync(caller, meeting, from, rows, cancellationToken);
        return new MeetingHistoryPage([.. page.Select(MessageMapping.ToView)], from is not null && page.Count == rows ? page[^1].Number : null);
    }

    private static async Task<MeetingStatsView> StatsAsync(string meeting, ReadMeetingStats stats, Caller caller, CancellationToken cancellationToken) =>
        MeetingMapping.ToView(await stats.RunAsync(caller, meeting, cancellationToken));

    private static async Task ExportAsync(HttpContext context, string meeting, string? format, FindMeeting find, ReadMeeting read, Caller caller, CancellationToken cancellationToken)
    {
        var lines = format switch
        {
            null or "markdown" => false,
            "jsonl" => true,
            _ => throw ParleyError.Invalid("format", "The format is unknown.", "Use markdown or jsonl."),
        };
        var overview = await find.RunAsync(caller, meeting, cancellationToken);
        context.Response.ContentType = lines ? "application/jsonl; charset=utf-8" : "text/markdown; charset=utf-8";
        var output = context.Response.BodyWriter;
        if (!lines)
        {
            output.Write(TranscriptText.Head(overview.Meeting, [.. overview.Participants.Select(agent => agent.Name)]));
        }

        await foreach (var message in read.AllAsync(caller, meeting, cancellationToken))
        {
            output.Write(lines ? JsonSerializer.Serialize(MessageMapping.ToView(message), WireJson.Default.MessageView) + "\n" : TranscriptText.Of(message));
            if (output.UnflushedBytes > 64 * 1024)
            {
                await output.FlushAsync(cancellationToken);
            }
        }
    }

    private static ListOf<MeetingTemplateView> TemplatesAsync(MeetingTemplates templates, Caller caller)
    {
        caller.Require(Core.Organizations.Scopes.Read);
        return ChannelMapping.ToList(templates.All(), MeetingMapping.ToView);
    }

    private static void Write(this System.IO.Pipelines.PipeWriter output, string text) => Encoding.UTF8.GetBytes(text, output);
}
