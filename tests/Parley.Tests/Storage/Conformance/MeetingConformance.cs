using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Budgets;
using Parley.Core.Halts;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.Conformance;

public abstract class MeetingConformance(TestStore store) : Conformance(store)
{
    private static readonly string[] Names = ["ceo", "cto", "cfo"];

    private Dictionary<string, Caller> Agents { get; } = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var name in Names)
        {
            Agents[name] = await House.AgentAsync(name);
        }
    }

    [Fact]
    public async Task The_documents_discussion_runs_through_the_depths_without_any_link()
    {
        await StartAsync();
        var asked = await SayAsync(House.Owner, "ceo, should we launch next month?");
        Shows(asked, 0, 0, "ceo", "", null);
        Shows(await AnswerAsync("ceo", "Depends on readiness. @cto status update?"), 1, 0, "cto", "", null);
        Shows(await AnswerAsync("cto", "90% ready, need QA. @cfo budget for contractors?"), 2, 1, "cfo", "", null);
        Shows(await AnswerAsync("cfo", "$50K available. @ceo revenue impact of delay?"), 3, 2, "ceo", "", null);
        var last = await AnswerAsync("ceo", "$200K revenue risk. Let's spend the $50K.");
        Shows(last, 4, 3, "", "", null);
        last.RootId.ShouldBe(asked.Id);
        (await FindAsync()).Suggestions.ShouldBeEmpty();
        (await House.ReceivedAsync(Agents["cto"])).Count.ShouldBe(1);
    }

    [Fact]
    public async Task At_the_limit_the_unheard_are_named_and_a_person_can_make_them_respond()
    {
        await StartAsync(new(Names, ChainLength: 1));
        await SayAsync(House.Owner, "@ceo hiring plan?");
        await AnswerAsync("ceo", "@cfo what can we pay?");
        Shows(await AnswerAsync("cfo", "Two people. @cto whom do you need?"), 2, 1, "", "cto", Ending.Depth);
        (await House.ReceivedAsync(Agents["cto"])).ShouldBeEmpty();
        var overview = await FindAsync();
        overview.Suggestions[0].ShouldBe(new Suggestion("cto", Unheard: true));

        var asks = (await Respond.RunAsync(House.Owner, "board", "cto", Ct)).Message;
        Chain.Of(asks)!.Asks.ShouldBe(["cto"]);
        (await House.Read.FindAsync(House.Owner, asks.ParentId!.Value, Ct)).SenderName.ShouldBe("cfo");
        Shows(await AnswerAsync("cto", "Two engineers. @cfo fine?"), 1, 0, "cfo", "", null);
    }

    [Fact]
    public async Task Without_chaining_only_those_a_person_asks_speak_and_raising_the_length_acts_at_once()
    {
        await StartAsync(new(Names, ChainLength: 0));
        await SayAsync(House.Owner, "@ceo plan?");
        Shows(await AnswerAsync("ceo", "@cto?"), 1, 0, "", "cto", Ending.Off);
        var raised = await new EditMeeting(House.Database, House.Board, House.Clock).RunAsync(House.Owner, "board", new EditMeetingInput(ChainLength: 6), Ct);
        (raised.Meeting.ChainLength, raised.Meeting.Revision).ShouldBe((6, 1));
        await SayAsync(House.Owner, "@ceo again?");
        Shows(await AnswerAsync("ceo", "@cto?"), 1, 0, "cto", "", null);
    }

    [Fact]
    public async Task A_longer_chain_that_a_person_allows_deepens_its_root_unless_the_organization_has_bounds()
    {
        await StartAsync(new(Names, ChainLength: 7));
        var asked = await SayAsync(House.Owner, "@ceo go");
        string[] next = ["ceo", "cto", "ceo", "cto", "ceo", "cto", "ceo", "cto"];
        for (var i = 0; i < next.Length; i++)
        {
            Shows(await AnswerAsync(next[i], $"{i} @{(next[i] == "ceo" ? "cto" : "ceo")}!"), i + 1, i, i < 7 ? (next[i] == "ceo" ? "cto" : "ceo") : "", i < 7 ? "" : "ceo", i < 7 ? null : Ending.Depth);
        }

        (await House.Database.ReadAsync(unit => unit.Budgets.RootAsync(House.Owner.OrganizationId, asked.Id), Ct))!.Limits.MaxDepth.ShouldBe(7);

        await House.Database.WriteAsync(unit =>
        {
            unit.Budgets.SetRootLimits(House.Owner.OrganizationId, new RootLimits(MaxDepth: 2));
            return ValueTask.FromResult(true);
        }, Ct);
        var again = await SayAsync(House.Owner, "@ceo again");
        await AnswerAsync("ceo", "@cto?");
        (await House.Database.ReadAsync(unit => unit.Budgets.RootAsync(House.Owner.OrganizationId, again.Id), Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_stopped_root_ends_the_chain_as_over_budget()
    {
        await StartAsync();
        var asked = await SayAsync(House.Owner, "@ceo go");
        await House.Database.WriteAsync(unit =>
        {
            unit.Budgets.Add(new Root(asked.Id, House.Owner.OrganizationId, new RootLimits(MaxTurns: 0), 0, default, House.Now));
            return ValueTask.FromResult(true);
        }, Ct);
        Shows(await AnswerAsync("ceo", "@cto?"), 1, 0, "", "cto", Ending.Budget);
    }

    [Fact]
    public async Task Nothing_that_an_agent_from_outside_hands_in_begins_its_chain_anew()
    {
        await StartAsync();
        var asked = await SayAsync(House.Owner, "@ceo go");
        await AnswerAsync("ceo", "@cto?", asked.Id);
        var depth = 1;
        for (var i = 0; i < 10; i++)
        {
            var said = await (i % 2 == 0 ? AnswerAsync("ceo", $"{i} @cto?") : AnswerAsync("ceo", $"{i} @cto?", asked.Id));
            said.RootId.ShouldBe(asked.Id);
            said.Depth.ShouldBe(++depth);
        }

        (await House.ReceivedAsync(Agents["cto"])).Count.ShouldBe(4);
        await AnswerAsync("ceo", "x", Guid.NewGuid()).RefusedAsync(ErrorCode.InvalidRequest);
        var elsewhere = await House.SayAsync(House.Owner, "ceo", "direct");
        await AnswerAsync("ceo", "x", elsewhere.Message.Id).RefusedAsync(ErrorCode.InvalidRequest);
    }

    [Fact]
    public async Task A_message_to_nobody_asks_all_and_branches_run_at_their_own_depth()
    {
        await StartAsync();
        Shows(await SayAsync(House.Owner, "What do you think?"), 0, 0, "ceo,cfo,cto", "", null);
        (await FindAsync()).Waiting.ShouldBe(["ceo", "cfo", "cto"]);
        Shows(await AnswerAsync("ceo", "@cto @cfo?"), 1, 0, "cto,cfo", "", null);
        foreach (var name in new[] { "cto", "cfo" })
        {
            var asked = (await House.InboxAsync(Agents[name])).Single(item => item.Message.SenderName == "ceo").Message;
            Shows(await AnswerAsync(name, "Yes.", asked.Id), 2, 1, "", "", null);
        }

        await House.Acknowledge.RunAsync(Agents["cto"], 2, Ct);
        (await FindAsync()).Waiting.ShouldBe(["cfo"]);
    }

    [Fact]
    public async Task Only_participants_take_part_and_others_cannot_know()
    {
        await StartAsync(new(["ceo", "cto"]));
        await House.StoresNothingAsync(() => House.SayAsync(Agents["cfo"], "meeting:board", "hello"), ErrorCode.UnknownRecipient);
        await House.StoresNothingAsync(() => House.SayAsync(Agents["cfo"], "meeting:nothing", "hello"), ErrorCode.UnknownRecipient);
        await new FindMeeting(House.Database, House.Board).RunAsync(Agents["cfo"], "board", Ct).RefusedAsync(ErrorCode.NotFound);
        await new ReadMeeting(House.Database).PageAsync(Agents["cfo"], "board", null, 10, Ct).RefusedAsync(ErrorCode.NotFound);
        (await new ListMeetings(House.Database, House.Board).RunAsync(Agents["cfo"], archived: false, Ct)).ShouldBeEmpty();
        var stranger = await House.OrganizationAsync("other");
        await new FindMeeting(House.Database, House.Board).RunAsync(stranger, "board", Ct).RefusedAsync(ErrorCode.NotFound);
        await House.SayAsync(stranger, "meeting:board", "hello").RefusedAsync(ErrorCode.UnknownRecipient);

        await new AddParticipant(House.Database, House.Board, House.Clock).RunAsync(House.Owner, "board", "cfo", Ct);
        await SayAsync(House.Owner, "@cfo welcome");
        await AnswerAsync("cfo", "Thanks");
        await new RemoveParticipant(House.Database, House.Board, new SpeakerStop([], []), House.Clock).RunAsync(House.Owner, "board", "cfo", Ct);
        await AnswerAsync("cfo", "One more thing").RefusedAsync(ErrorCode.UnknownRecipient);
        (await FindAsync()).Participants.Select(agent => agent.Name).ShouldBe(["ceo", "cto"]);
    }

    [Fact]
    public async Task Archived_meetings_switched_off_meetings_and_halted_participants_refuse()
    {
        await StartAsync();
        await new ArchiveMeeting(House.Database, House.Board, new SpeakerStop([], []), House.Clock).RunAsync(House.Owner, "board", Ct);
        await House.StoresNothingAsync(() => SayAsync(House.Owner, "hello"), ErrorCode.Conflict);
        (await new ListMeetings(House.Database, House.Board).RunAsync(House.Owner, archived: true, Ct)).ShouldHaveSingleItem();
        await new ResumeMeeting(House.Database, House.Board, House.Clock).RunAsync(House.Owner, "board", Ct);

        await House.Halt.RunAsync(House.Owner, HaltScope.Agent, "cto", "", Ct);
        await House.StoresNothingAsync(() => SayAsync(House.Owner, "@cto hello"), ErrorCode.Halted);
        Shows(await SayAsync(House.Owner, "hello"), 0, 0, "ceo,cfo", "", null);
        Shows(await AnswerAsync("ceo", "@cto?"), 1, 0, "", "cto", Ending.Halted);
        await AnswerAsync("cto", "x").RefusedAsync(ErrorCode.Halted);

        await new SetFeatures(House.Database, House.Clock).RunAsync(House.Owner, features => features & ~Features.Meetings, Ct);
        await House.StoresNothingAsync(() => SayAsync(House.Owner, "hello"), ErrorCode.FeatureOff);
        await Start.RunAsync(House.Owner, new StartMeetingInput(Names), Ct).RefusedAsync(ErrorCode.FeatureOff);
    }

    [Fact]
    public async Task After_a_restart_settings_and_transcript_are_there_and_a_key_finds_its_message()
    {
        await StartAsync(new(Names, Topic: "Launch", ChainLength: 6, Template: "decision", Limits: new Dictionary<string, int> { ["CFO"] = 2 }, Strategy: "moderator", Moderator: "cto"));
        var said = await Post.RunAsync(House.Owner, "board", new PostToMeetingInput("Question?", "key-1"), Ct);
        var before = await FindAsync();

        await RestartAsync();
        var after = await FindAsync();
        (after.Meeting with { Limits = before.Meeting.Limits, Roles = before.Meeting.Roles }).ShouldBe(before.Meeting);
        after.Meeting.Limits.ShouldBe(new Dictionary<string, int> { ["cfo"] = 2 });
        after.Meeting.Roles.Keys.ShouldBe(Names);
        after.Meeting.Opening!.ShouldContain("Launch");
        (await new ReadMeeting(House.Database).PageAsync(House.Owner, "board", 0, 10, Ct)).ShouldHaveSingleItem().Content.ShouldBe("Question?");
        var again = await Post.RunAsync(House.Owner, "board", new PostToMeetingInput("Question?", "key-1"), Ct);
        (again.Duplicate, again.Message.Id).ShouldBe((true, said.Message.Id));
        await House.SendAsync(House.Owner, new SendInput { To = "meeting:other", Content = "Question?", Key = "key-1" }).RefusedAsync(ErrorCode.KeyReused);
    }

    [Fact]
    public async Task A_meeting_from_before_there_was_a_chain_length_has_4()
    {
        await StartAsync(new(Names, ChainLength: 9));
        await House.Database.Engine.WriteAsync(session => session.ExecuteAsync("update meetings set chain_length = null"), Ct);
        (await FindAsync()).Meeting.ChainLength.ShouldBe(4);
        Chain.Of(await SayAsync(House.Owner, "@ceo?"))!.Limit.ShouldBe(4);
    }

    [Fact]
    public async Task A_storm_of_agents_that_always_mention_everybody_ends_by_itself()
    {
        await StartAsync(new(Names, ChainLength: 3));
        await SayAsync(House.Owner, "Go!");
        var read = Names.ToDictionary(name => name, _ => 0L);
        var answers = 0;
        for (var quiet = false; !quiet;)
        {
            quiet = true;
            foreach (var name in Names)
            {
                foreach (var item in await House.InboxAsync(Agents[name], read[name]))
                {
                    quiet = false;
                    read[name] = item.Number;
                    (++answers).ShouldBeLessThan(200);
                    var said = await AnswerAsync(name, $"{answers} @ceo @cto @cfo!", answers % 3 == 0 ? null : item.Message.Id);
                    Chain.Of(said)!.Asks.ShouldAllBe(asked => said.Depth <= 3);
                }
            }
        }

        answers.ShouldBeInRange(3, 45);
        (await FindAsync()).Meeting.State.ShouldBe(MeetingState.Open);
    }

    [Fact]
    public async Task Branches_that_answer_at_the_same_moment_do_not_get_in_each_others_way()
    {
        await StartAsync(new(Names, ChainLength: 6));
        for (var round = 0; round < 5; round++)
        {
            var asked = await SayAsync(House.Owner, $"Round {round}");
            var answers = await Task.WhenAll(Names.Select(name => AnswerAsync(name, $"{round} @ceo @cto @cfo", asked.Id)));
            answers.ShouldAllBe(answer => answer.Depth == 1 && answer.RootId == asked.Id);
            var deeper = await Task.WhenAll(Names.SelectMany(name => answers.Where(answer => answer.SenderName != name).Select(answer => AnswerAsync(name, $"{round} to {answer.SenderName}", answer.Id))));
            deeper.ShouldAllBe(answer => answer.Depth == 2 && Chain.Of(answer)!.Depth == 1);
        }

        var all = await new ReadMeeting(House.Database).PageAsync(House.Owner, "board", 0, 500, Ct);
        all.Select(message => message.Number).ShouldBe(Enumerable.Range(1, 50).Select(number => (long)number));
    }

    [Fact]
    public async Task What_a_held_agent_says_waits_for_a_person_and_asks_nobody_before()
    {
        await StartAsync();
        await House.EditAgent.RunAsync(House.Owner, "ceo", new EditAgentInput(Hold: true), Ct);
        await SayAsync(House.Owner, "@ceo go");
        var held = await AnswerAsync("ceo", "@cto?");
        held.Withheld.ShouldBe(Withheld.Held);
        (await House.ReceivedAsync(Agents["cto"])).ShouldBeEmpty();
        (await new ReadMeeting(House.Database).PageAsync(Agents["cto"], "board", 0, 10, Ct))[^1].Content.ShouldBeEmpty();
        await House.Holds.ApproveAsync(House.Owner, held.Id, null, Ct);
        (await House.ReceivedAsync(Agents["cto"])).ShouldBe(["@cto?"]);
        Shows(await AnswerAsync("cto", "Yes."), 2, 1, "", "", null);
    }

    [Fact]
    public async Task Figures_count_who_spoke_at_what_depth_and_why_chains_ended()
    {
        await StartAsync(new(Names, ChainLength: 1));
        await SayAsync(House.Owner, "@ceo?");
        await AnswerAsync("ceo", "@cto?");
        await AnswerAsync("cto", "@cfo?");
        var stats = await new ReadMeetingStats(House.Database, new ReadMeeting(House.Database)).RunAsync(House.Owner, "board", Ct);
        var tally = stats.Tally;
        (tally.Messages, tally.FromPeople, tally.Chains).ShouldBe((3, 1, 1));
        tally.Depths.ShouldBe([(0, 1), (1, 1)]);
        tally.Speakers.ShouldBe([("ceo", 1), ("cto", 1)]);
        tally.Mentions.ShouldBe([("ceo", "cto", 1), ("cto", "cfo", 1), ("owner", "ceo", 1)]);
        tally.Ends.ShouldBe([(Ending.Depth, 1)]);
        stats.Use.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_wrong_with_a_new_meeting_is_told()
    {
        await StartAsync();
        (await Start.RunAsync(House.Owner, new StartMeetingInput(["ceo"]), Ct)).Meeting.Name.ShouldBe("meeting-2");
        await Start.RunAsync(House.Owner, new StartMeetingInput(["ceo"], Name: "board"), Ct).RefusedAsync(ErrorCode.Conflict);
        await Start.RunAsync(House.Owner, new StartMeetingInput(["ghost"]), Ct).RefusedAsync(ErrorCode.NotFound);
        foreach (var wrong in new StartMeetingInput[]
        {
            new([]), new(null), new(Names, ChainLength: -1), new(Names, ChainLength: 101), new(Names, Strategy: "luck"), new(Names, Moderator: "ghost"),
            new(Names, Limits: new Dictionary<string, int> { ["ghost"] = 1 }), new(Names, Topic: new string('x', 501)),
        })
        {
            await House.StoresNothingAsync(() => Start.RunAsync(House.Owner, wrong, Ct), ErrorCode.InvalidRequest);
        }

        await Post.RunAsync(House.Owner, "board", new PostToMeetingInput("x", To: ["ghost"]), Ct).RefusedAsync(ErrorCode.InvalidRequest);
        await Respond.RunAsync(House.Owner, "board", "ghost", Ct).RefusedAsync(ErrorCode.NotFound);
        await Start.RunAsync(Agents["ceo"], new StartMeetingInput(Names), Ct).RefusedAsync(ErrorCode.Forbidden);
    }

    private StartMeeting Start => new(House.Database, House.Board, new MeetingTemplates(null), House.Clock);

    private PostToMeeting Post => new(House.Database, House.Send);

    private RespondInMeeting Respond => new(House.Database, Post);

    private Task<MeetingOverview> StartAsync(StartMeetingInput? input = null) => Start.RunAsync(House.Owner, (input ?? new StartMeetingInput(Names)) with { Name = "board" }, Ct);

    private Task<MeetingOverview> FindAsync() => new FindMeeting(House.Database, House.Board).RunAsync(House.Owner, "board", Ct);

    private async Task<Message> SayAsync(Caller caller, string text) => (await House.SayAsync(caller, "meeting:board", text)).Message;

    private async Task<Message> AnswerAsync(string name, string text, Guid? replyTo = null) =>
        (await House.SendAsync(Agents[name], new SendInput { To = "meeting:board", Content = text, ReplyTo = replyTo })).Message;

    private static void Shows(Message message, int depth, int chainDepth, string asks, string unheard, Ending? ending)
    {
        var chain = Chain.Of(message).ShouldNotBeNull();
        (message.Depth, chain.Depth, string.Join(',', chain.Asks), string.Join(',', chain.Unheard), chain.EndedBy).ShouldBe((depth, chainDepth, asks, unheard, ending));
    }
}

public sealed class SqliteMeetingTests() : MeetingConformance(new SqliteStore());

public sealed class PostgresMeetingTests() : MeetingConformance(new PostgresStore());
