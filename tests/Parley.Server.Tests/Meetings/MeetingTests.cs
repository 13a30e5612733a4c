using System.Net;
using System.Text;
using Parley.Client;
using Parley.Client.Wire;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Meetings;

/// <summary>Meetings through HTTP and WebSocket, with agents from outside that answer by hand.</summary>
public sealed class MeetingTests
{
    private static readonly string[] Names = ["ceo", "cto", "cfo"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_documents_first_example_runs_through_HTTP()
    {
        await using var room = await Room.OpenAsync();
        var asked = await room.Owner.Meetings.PostAsync("board", "ceo, should we launch next month?", Ct);
        asked.Message.Chain.ShouldNotBeNull().Asks.ShouldBe(["ceo"]);
        await room.AnswerAsync("ceo", "Depends on readiness. @cto status update?");
        await room.AnswerAsync("cto", "90% ready, need QA. @cfo budget for contractors?");
        await room.AnswerAsync("cfo", "$50K available. @ceo revenue impact of delay?");
        await room.AnswerAsync("ceo", "$200K revenue risk. Let's spend the $50K.");

        var history = (await room.Owner.Meetings.HistoryAsync("board", after: 0, cancellation: Ct)).Items;
        history.Select(message => message.From).ShouldBe(["owner", "ceo", "cto", "cfo", "ceo"]);
        history.Skip(1).Select(message => (message.Chain!.Depth, message.Chain.Limit)).ShouldBe([(0, 4), (1, 4), (2, 4), (3, 4)]);
        history[^1].Chain!.Asks.ShouldBeEmpty();
        history[^1].Metadata!.Value.GetProperty("parley.chain").GetProperty("depth").GetInt32().ShouldBe(3);
        var stats = await room.Owner.Meetings.StatsAsync("board", Ct);
        stats.Depths.ShouldBe([new DepthCount(0, 1), new DepthCount(1, 1), new DepthCount(2, 1), new DepthCount(3, 1)]);
        stats.Speakers[0].Agent.ShouldBe("ceo");
    }

    [Fact]
    public async Task The_limit_is_met_named_overridden_and_raised()
    {
        await using var room = await Room.OpenAsync(2);
        var meetings = room.Owner.Meetings;
        await meetings.PostAsync("board", "@ceo what is our hiring plan?", Ct);
        await room.AnswerAsync("ceo", "@cto whom?");
        await room.AnswerAsync("cto", "Two engineers. @cfo money?");
        var last = await room.AnswerAsync("cfo", "Yes. @cto @ceo when?");
        last.Chain.ShouldNotBeNull().ShouldSatisfyAllConditions(
            chain => chain.Depth.ShouldBe(2), chain => chain.EndedBy.ShouldBe("depth"), chain => chain.Unheard.ShouldBe(["cto", "ceo"]), chain => chain.Asks.ShouldBeEmpty());
        (await meetings.FindAsync("board", Ct)).Suggestions.Select(suggestion => (suggestion.Agent, suggestion.Reason)).ShouldBe([("cto", "unheard"), ("ceo", "unheard")]);

        (await meetings.RespondAsync("board", "cto", Ct)).Message.Chain!.Asks.ShouldBe(["cto"]);
        (await room.AnswerAsync("cto", "In May.")).Chain!.Depth.ShouldBe(0);
        (await meetings.EditAsync("board", new EditMeetingRequest(ChainLength: 6), Ct)).ChainLength.ShouldBe(6);
        (await meetings.EditAsync("board", new EditMeetingRequest(ChainLength: 11), Ct)).Warnings.ShouldHaveSingleItem();
        (await meetings.EditAsync("board", new EditMeetingRequest(ChainLength: 0), Ct)).Warnings.ShouldHaveSingleItem();
        await meetings.PostAsync("board", "@ceo and now?", Ct);
        (await room.AnswerAsync("ceo", "@cto?")).Chain!.EndedBy.ShouldBe("off");
    }

    [Fact]
    public async Task An_agent_from_outside_takes_part_by_WebSocket_and_sees_its_chain()
    {
        await using var room = await Room.OpenAsync();
        using var socket = await room.Server.ConnectAsync(room.Agents["cto"], null, "parley.v1");
        await socket.NextAsync("hello");
        await room.Owner.Meetings.PostAsync("board", "@ceo go", Ct);
        await room.AnswerAsync("ceo", "@cto status?");
        var received = await socket.NextAsync("chat");
        received.GetProperty("chain").GetProperty("depth").GetInt32().ShouldBe(0);
        received.GetProperty("conversation_kind").GetString().ShouldBe("meeting");
        await socket.SendAsync(new { to = "meeting:board", content = "Ready. @cfo?", type = "chat", reply_to = received.GetProperty("id").GetGuid() });
        await room.UntilAsync(events => events.Any(happened => happened.Message is { From: "cto" } message && message.Chain!.Depth == 1 && message.Chain.Asks is ["cfo"]));
    }

    [Fact]
    public async Task Unknown_names_are_named_back_and_ask_nobody()
    {
        await using var room = await Room.OpenAsync();
        var chain = (await room.Owner.Meetings.PostAsync("board", "@ctoo, are you there?", Ct)).Message.Chain.ShouldNotBeNull();
        chain.Unknown.ShouldBe(["ctoo"]);
        chain.Asks.ShouldBeEmpty();
        (await Should.ThrowAsync<ParleyException>(() => room.Owner.Meetings.PostAsync("board", new PostToMeetingRequest("x", To: ["ctoo"]), Ct))).Fix.ShouldContain("ceo");
    }

    [Fact]
    public async Task The_transcript_can_be_taken_along_as_Markdown_and_as_JSON_Lines()
    {
        await using var room = await Room.OpenAsync();
        await room.Owner.Meetings.PostAsync("board", "@ceo # not a title?", Ct);
        await room.AnswerAsync("ceo", "No.\n\n@cto?");
        var (text, lines) = (await ExportAsync("markdown"), await ExportAsync("jsonl"));
        text.ShouldStartWith("# board\n");
        text.ShouldContain("> @ceo # not a title?");
        text.ShouldContain("> No.\n>\n> @cto?");
        lines.TrimEnd().Split('\n').Length.ShouldBe(2);
        (await Should.ThrowAsync<ParleyException>(() => ExportAsync("pdf"))).Code.ShouldBe("invalid_request");

        async Task<string> ExportAsync(string format)
        {
            using var target = new MemoryStream();
            await room.Owner.Meetings.ExportAsync("board", format, target, Ct);
            return Encoding.UTF8.GetString(target.ToArray());
        }
    }

    [Fact]
    public async Task Templates_are_listed_and_set_up_a_meeting()
    {
        await using var room = await Room.OpenAsync();
        (await room.Owner.Meetings.ListTemplatesAsync(Ct)).Items.Count(template => template is { BuiltIn: true, Fault: null }).ShouldBe(5);
        var meeting = await room.Owner.Meetings.StartAsync(new StartMeetingRequest(Names, "the launch", Template: "decision"), Ct);
        (meeting.ChainLength, meeting.Strategy, meeting.Template).ShouldBe((8, "consensus", "decision"));
        meeting.Opening!.ShouldContain("the launch");
        meeting.Participants.Single(participant => participant.Name == "ceo").Role!.ShouldStartWith("proposer:");
        (await room.Owner.Meetings.PostAsync(meeting.Name, meeting.Opening!, Ct)).Message.Chain!.Asks.Count.ShouldBe(3);
        await room.Owner.Meetings.ArchiveAsync(meeting.Name, Ct);
        (await room.Owner.Meetings.ListAsync(archived: true, Ct)).Items.ShouldHaveSingleItem().Name.ShouldBe(meeting.Name);
        (await Should.ThrowAsync<ParleyException>(() => room.Owner.Meetings.PostAsync(meeting.Name, "x", Ct))).Problem.Status.ShouldBe((int)HttpStatusCode.Conflict);
        (await room.Owner.Meetings.ResumeAsync(meeting.Name, Ct)).State.ShouldBe("open");
        (await room.Owner.Meetings.RemoveParticipantAsync(meeting.Name, "cfo", Ct)).Participants.Count.ShouldBe(2);
        (await room.Owner.Meetings.AddParticipantAsync(meeting.Name, "cfo", Ct)).Participants.Count.ShouldBe(3);
    }
}
