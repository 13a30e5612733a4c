using Parley.Core;
using Parley.Core.Budgets;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Turns;

namespace Parley.Tests.Storage.Conformance;

public abstract class StopSpeakingConformance(TestStore store) : Conformance(store)
{
    private static readonly string[] Names = ["ceo", "cto"];

    [Fact]
    public async Task Who_speaks_is_stopped_and_what_waits_for_hosted_agents_is_taken_back()
    {
        var (ceo, cto) = (await House.AgentAsync("ceo"), await House.AgentAsync("cto"));
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
        var (stopped, notes) = (new Stops(), new Notes());

        var overview = await new StopSpeaking(House.Database, House.Board, [notes], [stopped], House.Clock).RunAsync(House.Owner, "board", null, Ct);

        overview.Waiting.ShouldBe(["cto"]);
        stopped.Turns.ShouldBe([turn.Id]);
        notes.All.ShouldHaveSingleItem().ShouldSatisfyAllConditions(note => note.Kind.ShouldBe(TurnNoteKind.Ended), note => note.Text.ShouldBe("stopped by owner"));
        await House.Database.WriteAsync(
            async unit =>
            {
                (await unit.Sessions.HoldAsync(lease)).ShouldBeFalse();
                (await unit.Turns.FindAsync(turn.Id)).ShouldNotBeNull().ShouldSatisfyAllConditions(
                    ended => ended.State.ShouldBe(TurnState.Cancelled), ended => ended.Reason.ShouldBe("stopped by owner"), ended => ended.Reserved.ShouldBe(default));
                (await unit.Budgets.RootAsync(ceo.OrganizationId, asked.Id))!.Account.Reserved.ShouldBe(default);
                (await unit.Agents.InboxAsync(ceo.Id)).ShouldSatisfyAllConditions(inbox => inbox.Cursor.ShouldBe(1), inbox => inbox.Head.ShouldBe(1));
                return true;
            },
            Ct);
        var deliveries = (await House.Read.DeliveriesAsync(House.Owner, asked.Id, Ct)).Deliveries;
        deliveries.Select(delivery => (delivery.AgentName, delivery.State, delivery.Reason)).ShouldBe(
            [("ceo", DeliveryState.Acknowledged, "stopped by owner"), ("cto", DeliveryState.Pending, null)]);
        await new StopSpeaking(House.Database, House.Board, [], [], House.Clock).RunAsync(House.Owner, "board", "ghost", Ct).RefusedAsync(ErrorCode.NotFound);
        await new StopSpeaking(House.Database, House.Board, [], [], House.Clock).RunAsync(cto, "board", "cto", Ct).RefusedAsync(ErrorCode.Forbidden);
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
