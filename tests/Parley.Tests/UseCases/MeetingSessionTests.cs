using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Turns;

namespace Parley.Tests.UseCases;

public sealed class MeetingSessionTests
{
    private static readonly string[] Names = ["ceo", "cto"];

    [Fact]
    public async Task A_turn_in_a_room_knows_the_room_its_talk_and_its_place_in_the_chain()
    {
        await using var house = await TestHouse.OpenAsync();
        var (meeting, ceo, cto) = await StartAsync(house, chainLength: 1);
        await SayAsync(house, house.Owner, "@ceo ready?");
        await SayAsync(house, ceo, "Ask @cto.");
        var rules = new MeetingSession(house.Board);
        var facts = await FactsAsync(house, meeting, cto, depth: 1);

        var frame = await house.Database.ReadAsync(unit => rules.FrameAsync(unit, facts, house.Clock.Now), TestHouse.Stop);

        frame.Instructions.ShouldContain("meeting 'board' as 'cto'");
        frame.Instructions.ShouldContain("Its topic: Launch");
        frame.Instructions.ShouldContain("\n- @ceo");
        frame.Instructions.ShouldContain("depth 1 of at most 1");
        frame.Instructions.ShouldContain("exactly PASS");
        frame.Instructions.ShouldContain("@user");
        frame.History.Select(entry => (entry.Message.Content, entry.Own)).ShouldBe([("@ceo ready?", false)]);
        var answer = rules.Answer(facts, " Ready. ").ShouldNotBeNull();
        (answer.To, answer.Content, answer.ReplyTo).ShouldBe(($"meeting:{meeting.Id}", "Ready.", facts.Unread[0].Message.Id));
        rules.Answer(facts, " pass\n").ShouldBeNull();
        rules.Answer(facts, "PASS the salt").ShouldNotBeNull();
    }

    [Fact]
    public async Task What_a_turn_says_stands_at_the_turns_depth_and_carries_the_turn()
    {
        await using var house = await TestHouse.OpenAsync();
        var (_, ceo, _) = await StartAsync(house, chainLength: 4);
        var asked = await SayAsync(house, house.Owner, "@ceo ready?");
        var origin = new Origin(Guid.NewGuid(), Guid.NewGuid(), asked.RootId, Depth: 4);
        var chain = Chain.Of(await SayAsync(house, ceo with { Origin = origin }, "@cto?")).ShouldNotBeNull();
        (chain.Depth, chain.EndedBy, chain.TurnId).ShouldBe((4, Ending.Depth, origin.TurnId));
    }

    private static async Task<(Meeting Meeting, Caller Ceo, Caller Cto)> StartAsync(TestHouse house, int chainLength)
    {
        var (ceo, cto) = (await house.AgentAsync("ceo"), await house.AgentAsync("cto"));
        var started = await new StartMeeting(house.Database, house.Board, new MeetingTemplates(null), house.Clock).RunAsync(
            house.Owner, new StartMeetingInput(Names, "Launch", "board", chainLength), TestHouse.Stop);
        return (started.Meeting, ceo, cto);
    }

    private static async Task<Message> SayAsync(TestHouse house, Caller caller, string text) =>
        (await new SendMessage(house.Database, new Router(house.Board, new MeetingRoutes(house.Board)), house.Wake, house.Clock).RunAsync(
            caller, new SendInput { To = "meeting:board", Content = text }, TestHouse.Stop)).Message;

    private static Task<TurnFacts> FactsAsync(TestHouse house, Meeting meeting, Caller agent, int depth) => house.Database.ReadAsync(
        async unit =>
        {
            var session = new AgentSession(Guid.NewGuid(), meeting.OrganizationId, agent.Id, "agent:cto:meeting", SessionKind.Meeting, meeting.Id, house.Clock.Now);
            var unread = await unit.Deliveries.PageAsync(agent.Id, 0, 10);
            return new TurnFacts((await unit.Agents.FindAsync(meeting.OrganizationId, agent.Id))!, session, unread, depth, unread[0].Message.RootId);
        },
        TestHouse.Stop);
}
