using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Parley.Client;
using Parley.Client.Wire;
using Parley.Core.Turns;
using Parley.Server.Live;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Meetings;

public sealed class MeetingStreamTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_come_in_order_and_idle_only_when_nobody_is_waited_for()
    {
        await using var room = await Room.OpenAsync();
        var step = 0;
        var events = await room.UntilAsync(
            all => all[^1].Kind == MeetingEventKind.Idle && all.Count(happened => happened.Message is not null) == 3,
            each: async happened =>
            {
                switch (happened)
                {
                    case { Kind: MeetingEventKind.Idle } when step++ == 0:
                        await room.Owner.Meetings.PostAsync("board", "@ceo go", Ct);
                        break;
                    case { Message.From: "owner" }:
                        await room.AnswerAsync("ceo", "@cto?");
                        break;
                    case { Message.From: "ceo" }:
                        await room.AnswerAsync("cto", "Done.");
                        break;
                    default:
                        break;
                }
            });
        events[0].Meeting.ShouldNotBeNull().Name.ShouldBe("board");
        events.Select(happened => happened.Kind).ShouldBe(
            [MeetingEventKind.State, MeetingEventKind.Idle, MeetingEventKind.Message, MeetingEventKind.Message, MeetingEventKind.Message, MeetingEventKind.Idle]);
        events.Where(happened => happened.Message is not null).Select(happened => happened.Message!.Number).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task It_resumes_behind_a_number_and_begins_with_what_comes_where_none_is_given()
    {
        await using var room = await Room.OpenAsync();
        for (var i = 1; i <= 5; i++)
        {
            await room.Owner.Meetings.PostAsync("board", $"@ceo {i}", Ct);
        }

        var events = await room.UntilAsync(all => all.Count(happened => happened.Message is not null) == 2, after: 3);
        events.Where(happened => happened.Message is not null).Select(happened => happened.Message!.Number).ShouldBe([4, 5]);
        var live = await room.UntilAsync(
            all => all.Exists(happened => happened.Message is not null), after: null,
            each: async happened => await (happened.Kind == MeetingEventKind.State ? room.Owner.Meetings.PostAsync("board", "@ceo 6", Ct) : Task.CompletedTask));
        live[^1].Message!.Number.ShouldBe(6);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/meetings/board/stream");
        request.Headers.Add("Last-Event-ID", "5");
        using var answer = await room.Server.Owner.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Ct));
        string? line;
        while ((line = await reader.ReadLineAsync(Ct)) is not null && !line.StartsWith("data: {\"id\"", StringComparison.Ordinal) || line!.Contains("\"chain_length\"", StringComparison.Ordinal))
        {
            // Comments, the meeting, and the names of events.
        }

        line.ShouldContain("@ceo 6");
    }

    [Fact]
    public async Task A_cut_connection_is_taken_up_again_without_loss_or_repetition()
    {
        await using var room = await Room.OpenAsync();
        var watch = room.Server.Services.GetRequiredService<ConnectionWatch>();
        var cuts = 0;
        var events = await room.UntilAsync(
            all => all.Count(happened => happened.Message is not null) == 4,
            each: async happened =>
            {
                if (happened.Kind == MeetingEventKind.State && cuts++ < 4)
                {
                    await room.Owner.Meetings.PostAsync("board", $"@ceo {cuts}", Ct);
                    await watch.CloseAllAsync();
                }
            });
        events.Where(happened => happened.Message is not null).Select(happened => happened.Message!.Number).ShouldBe([1, 2, 3, 4]);
        cuts.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Who_comes_later_sees_what_a_running_turn_has_said_so_far()
    {
        await using var room = await Room.OpenAsync();
        var meeting = await room.Owner.Meetings.FindAsync("board", Ct);
        var organization = (await room.Server.Services.GetRequiredService<Core.IDatabase>().ReadAsync(unit => unit.Organizations.ListAsync(), Ct)).Single().Id;
        var hub = room.Server.Services.GetRequiredService<TurnHub>();
        var note = new TurnNote(organization, meeting.Id, Guid.NewGuid(), "ceo", 0, TurnNoteKind.Started);
        hub.Note(note);
        hub.Note(note with { Kind = TurnNoteKind.Text, Text = "We " });
        hub.Note(note with { Kind = TurnNoteKind.Text, Text = "should" });
        var events = await room.UntilAsync(
            all => all.Exists(happened => happened.Turn?.Kind == "answered"),
            each: happened =>
            {
                if (happened.Turn is { Kind: "text" })
                {
                    hub.Note(note with { Kind = TurnNoteKind.Answered });
                }

                return Task.CompletedTask;
            });
        events.Where(happened => happened.Turn is not null).Select(happened => (happened.Turn!.Kind, happened.Turn.Text, happened.Turn.Agent)).ShouldBe(
            [("started", "", "ceo"), ("text", "We should", "ceo"), ("answered", "", "ceo")]);

        // A participant sees that somebody speaks, not the words before they are said.
        hub.Note(note with { TurnId = Guid.NewGuid() });
        hub.Note(note with { TurnId = Guid.NewGuid(), Kind = TurnNoteKind.Text, Text = "secret" });
        var seen = await room.UntilAsync(all => all.Exists(happened => happened.Kind == MeetingEventKind.Idle), client: room.Client("cto"));
        seen.ShouldAllBe(happened => happened.Turn == null || happened.Turn.Kind == "started");
    }

    [Fact]
    public async Task A_change_of_the_settings_is_shown_and_who_leaves_the_room_sees_no_more()
    {
        await using var room = await Room.OpenAsync();
        var events = await room.UntilAsync(
            all => all.Count(happened => happened.Meeting is not null) == 2,
            each: async happened => await (happened.Meeting is { ChainLength: 4 } ? room.Owner.Meetings.EditAsync("board", new EditMeetingRequest(ChainLength: 7), Ct) : Task.CompletedTask));
        events[^1].Meeting!.ChainLength.ShouldBe(7);

        var gone = await Should.ThrowAsync<ParleyException>(() => room.UntilAsync(
            _ => false, client: room.Client("cto"),
            each: async happened => await (happened.Kind == MeetingEventKind.State ? room.Owner.Meetings.RemoveParticipantAsync("board", "cto", Ct) : Task.CompletedTask)));
        gone.Problem.Status.ShouldBe((int)HttpStatusCode.NotFound);
    }
}
