using Parley.Core;
using Parley.Core.Budgets;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Turns;

namespace Parley.Tests.Storage.Conformance;

public abstract class StopSpeakingConformance(TestStore store) : Conformance(store)
{
    private static readonly string[] Names = ["ceo", "cto"];
    private Caller? cto;

    [Fact]
    public async Task Who_speaks_is_stopped_and_what_waits_for_hosted_agents_is_taken_back()
    {
        var stopped = await StopAsync("stopped by owner", stop => new StopSpeaking(House.Database, House.Board, stop, House.Clock).RunAsync(House.Owner, "board", null, Ct));
        stopped.Waiting.ShouldBe(["cto"]);
        await new StopSpeaking(House.Database, House.Board, new SpeakerStop([], []), House.Clock).RunAsync(House.Owner, "board", "ghost", Ct).RefusedAsync(ErrorCode.NotFound);
        await new StopSpeaking(House.Database, House.Board, new SpeakerStop([], []), House.Clock).RunAsync(cto!, "board", "cto", Ct).RefusedAsync(ErrorCode.Forbidden);
    }

    [Fact]
    public async Task Who_speaks_in_a_meeting_that_is_archived_is_stopped() => (await StopAsync(
        "the meeting was archived by owner", stop => new ArchiveMeeting(House.Database, House.Board, stop, House.Clock).RunAsync(House.Owner, "board", Ct))).Meeting.State.ShouldBe(MeetingState.Archived);

    [Fact]
    public async Task Who_is_taken_out_of_a_meeting_is_stopped_in_it() => (await StopAsync(
        "taken out of the meeting by owner", stop => new RemoveParticipant(House.Database, House.Board, stop, House.Clock).RunAsync(House.Owner, "board", "ceo", Ct))).Waiting.ShouldBe(["cto"]);

    [Fact]
    public async Task A_turn_elsewhere_goes_on_when_its_agent_is_taken_out_of_a_meeting()
    {
        var (lease, turn, _) = await PrepareAsync();
        await new StartMeeting(House.Database, House.Board, new MeetingTemplates(null), House.Clock).RunAsync(House.Owner, new StartMeetingInput(Names, Name: "other"), Ct);
        var stopped = new Stops();
        await new RemoveParticipant(House.Database, House.Board, new SpeakerStop([], [stopped]), House.Clock).RunAsync(House.Owner, "other", "ceo", Ct);
        stopped.Turns.ShouldBeEmpty();
        await House.Database.WriteAsync(
            async unit =>
            {
                (await unit.Sessions.HoldAsync(lease)).ShouldBeTrue();
                (await unit.Turns.FindAsync(turn.Id)).ShouldNotBeNull().State.ShouldBe(TurnState.Running);
                return true;
            },
            Ct);
    }

    /// <summary>Stops a turn in the way given, and checks that nothing of it is left.</summary>
    private async Task<MeetingOverview> StopAsync(string reason, Func<SpeakerStop, Task<MeetingOverview>> stop)
    {
        var (lease, turn, asked) = await PrepareAsync();
        var (stopped, notes) = (new Stops(), new Notes());
        var overview = await stop(new SpeakerStop([notes], [stopped]));
        stopped.Turns.ShouldBe([turn.Id]);
        notes.All.ShouldHaveSingleItem().ShouldSatisfyAllConditions(note => note.Kind.ShouldBe(TurnNoteKind.Ended), note => note.Text.ShouldBe(reason));
        await House.Database.WriteAsync(
            async unit =>
            {
                (await unit.Sessions.HoldAsync(lease)).ShouldBeFalse();
                (await unit.Turns.FindAsync(turn.Id)).ShouldNotBeNull().ShouldSatisfyAllConditions(
                    ended => ended.State.ShouldBe(TurnState.Cancelled), ended => ended.Reason.ShouldBe(reason), ended => ended.Reserved.ShouldBe(default));
                (await unit.Budgets.RootAsync(turn.OrganizationId, asked.Id))!.Account.Reserved.ShouldBe(default);
                (await unit.Agents.InboxAsync(turn.AgentId)).ShouldSatisfyAllConditions(inbox => inbox.Cursor.ShouldBe(1), inbox => inbox.Head.ShouldBe(1));
                return true;
            },
            Ct);
        var deliveries = (await House.Read.DeliveriesAsync(House.Owner, asked.Id, Ct)).Deliveries;
        deliveries.Select(delivery => (delivery.AgentName, delivery.State, delivery.Reason)).ShouldBe([("ceo", DeliveryState.Acknowledged, reason), ("cto", DeliveryState.Pending, null)]);
        return overview;
    }

    /// <summary>A meeting of a hosted agent, whose turn runs, and one from outside.</summary>
    private async Task<(Lease Lease, Turn Turn, Message Asked)> PrepareAsync()
    {
        var ceo = await House.AgentAsync("ceo");
        cto = await House.AgentAsync("cto");
        var meeting = (await new StartMeeting(House.Database, House.Board, new MeetingTemplates(null), House.Clock).RunAsync(House.Owner, new StartMeetingInput(Names, Name: "board"), Ct)).Meeting;
        await House.Database.WriteAsync(
            unit =>
            {
                unit.Hosting.Save(new HostedAgent(ceo.Id, ceo.OrganizationId, HostedAgent.ModelRuntime, "demo/ceo", House.Now));
                return ValueTask.FromResult(true);
            },
            Ct);
        var asked = (await House.SayAsync(House.Owner, "meeting:board", "Go")).Message;
        var (turn, lease) = await BeginAsync(meeting, ceo, asked);
        return (lease, turn, asked);
    }

    /// <summary>A turn that runs and has a model call under way.</summary>
    private Task<(Turn Turn, Lease Lease)> BeginAsync(Meeting meeting, Caller agent, Message asked) => House.Database.WriteAsync(
        async unit =>
        {
            var session = new AgentSession(Guid.CreateVersion7(House.Now), agent.OrganizationId, agent.Id, "agent:ceo:meeting", SessionKind.Meeting, meeting.Id, House.Now);
            var state = await unit.Sessions.OpenAsync(session);
            var turn = new Turn
            {
                Id = Guid.CreateVersion7(House.Now), OrganizationId = agent.OrganizationId, SessionId = state.Session.Id, AgentId = agent.Id, RootId = asked.Id, Depth = 0, ConversationId = meeting.Id,
                Model = "demo/ceo", CreatedAt = House.Now,
            };
            unit.Turns.Add(turn, [new TurnInput(asked.Id, 1, asked.Id)]);
            unit.Turns.Save(turn with { Reserved = new Amount(100, 5), ReservedDay = new DateOnly(2030, 1, 1) });
            var root = new Root(asked.Id, agent.OrganizationId, new RootLimits(), 1, default, House.Now);
            unit.Budgets.Add(root);
            unit.Budgets.Save(root with { Account = new Account(default, new Amount(100, 5)) });
            unit.Turns.Offer(agent.Id, asked.Id, House.Now);
            var lease = new Lease(state.Session.Id, state.Fence + 1);
            unit.Sessions.Take(lease, "node", turn.Id);
            return (turn, lease);
        },
        Ct);

    private sealed class Stops : ITurnStop
    {
        public List<Guid> Turns { get; } = [];

        public void Stop(Guid turnId) => Turns.Add(turnId);
    }

    private sealed class Notes : ITurnWatch
    {
        public List<TurnNote> All { get; } = [];

        public void Note(TurnNote note) => All.Add(note);
    }
}

public sealed class SqliteStopSpeakingTests() : StopSpeakingConformance(new SqliteStore());

public sealed class PostgresStopSpeakingTests() : StopSpeakingConformance(new PostgresStore());
