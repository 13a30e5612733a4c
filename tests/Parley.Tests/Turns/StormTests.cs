using Parley.Core;
using Parley.Core.Budgets;
using Parley.Core.Links;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Turns;
using Parley.Tests.Storage.Conformance;

namespace Parley.Tests.Turns;

/// <summary>G15: models that always answer, by every route. Each chain ends within its bounds, and no model is called beyond its budget.</summary>
public sealed class StormTests() : Conformance(new SqliteStore())
{
    private TurnHouse turns = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        turns = new TurnHouse(House);
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("channel")]
    [InlineData("mixed")]
    public async Task Two_models_that_always_answer_each_other_end(string route)
    {
        await PairAsync();
        turns.Model.When(_ => true, request => Storm(route, request));
        var root = route == "channel"
            ? (await House.SayAsync(House.Owner, "#general", "@tesla @aaron begin")).Message
            : (await House.SayAsync(House.Owner, "tesla", "Begin with @aaron")).Message;
        await turns.RunAllAsync();

        var all = await turns.TurnsAsync(root.Id);
        all.ShouldAllBe(turn => turn.Depth <= 4);
        all.Max(turn => turn.Depth).ShouldBe(4, "the storm reached the bound");
        all.Count.ShouldBeInRange(5, 50);
        var account = await turns.RootAsync(root.Id);
        account.ShouldSatisfyAllConditions(
            found => found.Turns.ShouldBe(all.Count), found => found.StoppedAt.ShouldNotBeNull(), found => found.Reason.ShouldNotBeNull().ShouldContain("max_depth"),
            found => found.Account.Reserved.ShouldBe(default), found => found.Account.Spent.Tokens.ShouldBe(turns.Model.Calls * 110));
        (await turns.AllSaidAsync()).ShouldAllBe(message => message.RootId == root.Id && message.Depth <= 5);
        await QuietAsync();
    }

    [Theory]
    [InlineData("meeting", 5)]
    [InlineData("meeting and direct", 50)]
    public async Task A_room_of_models_that_always_answer_each_other_ends(string route, int most)
    {
        await PairAsync();
        await MeetAsync();
        turns.Model.When(_ => true, request => Storm(route, request));
        var root = (await House.SayAsync(House.Owner, "meeting:board", "@tesla begin")).Message;
        await turns.RunAllAsync();

        var all = await turns.TurnsAsync(root.Id);
        all.Max(turn => turn.Depth).ShouldBe(4, "the storm reached the bound");
        all.Count.ShouldBeInRange(5, most);
        var account = await turns.RootAsync(root.Id);
        account.ShouldSatisfyAllConditions(
            found => found.Turns.ShouldBe(all.Count), found => found.Account.Reserved.ShouldBe(default), found => found.Account.Spent.Tokens.ShouldBe(turns.Model.Calls * 110));
        var said = await turns.AllSaidAsync();
        said.ShouldAllBe(message => message.RootId == root.Id && message.Depth <= 5);
        var inRoom = said.FindAll(message => message.ConversationId == root.ConversationId && message.Id != root.Id);
        inRoom.Count.ShouldBe(5, "both have spoken by turns at the depths 0 to 4");
        Chain.Of(inRoom.MaxBy(message => message.Number)!).ShouldNotBeNull().EndedBy.ShouldBe(Ending.Depth);
        await QuietAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3_000)]
    [InlineData(9_000)]
    public async Task No_model_is_called_beyond_the_tokens_of_a_root_that_runs_through_a_meeting_and_direct_messages(long tokens)
    {
        await PairAsync();
        turns.Model.Usage = new Usage(900, 0, 200);
        await LimitAsync(new RootLimits(MaxDepth: 50, Ceiling: new Ceiling(tokens, null)));
        await MeetAsync("budget");
        turns.Model.When(_ => true, request => Storm("meeting and direct", request));
        var root = (await House.SayAsync(House.Owner, "meeting:board", "@tesla begin")).Message;
        await turns.RunAllAsync();
        var found = await turns.RootAsync(root.Id);
        found.Account.Spent.Tokens.ShouldBe(turns.Model.Calls * 1_100);
        found.Account.Spent.Tokens.ShouldBeLessThanOrEqualTo(tokens);
        found.Reason.ShouldNotBeNull().ShouldContain("max_tokens");
        await QuietAsync();
    }

    [Fact]
    public async Task Without_the_bound_the_same_models_go_on()
    {
        await PairAsync();
        await LimitAsync(new RootLimits(MaxDepth: 60, MaxTurns: 10_000));
        turns.Model.When(_ => true, request => Storm("direct", request));
        var root = (await House.SayAsync(House.Owner, "tesla", "Begin with @aaron")).Message;
        await turns.RunAllAsync();
        (await turns.TurnsAsync(root.Id)).Max(turn => turn.Depth).ShouldBe(60);
    }

    [Fact]
    public async Task Twenty_agents_that_all_answer_all_end_after_fifty_turns()
    {
        var names = Enumerable.Range(0, 20).Select(i => $"agent{i}").ToList();
        foreach (var name in names)
        {
            await turns.HostAsync(name);
        }

        turns.Model.Always(_ => string.Join(' ', names.Take(16).Select(name => "@" + name)) + " hear all");
        var root = (await House.SayAsync(House.Owner, "#general", "@agent0 begin")).Message;
        await turns.RunAllAsync();
        (await turns.TurnsAsync(root.Id)).Count.ShouldBeLessThanOrEqualTo(50);
        turns.Model.Calls.ShouldBeLessThanOrEqualTo(50);
        (await turns.RootAsync(root.Id)).Reason.ShouldNotBeNull();
        await QuietAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3_000)]
    [InlineData(9_000)]
    public async Task No_model_is_called_beyond_the_tokens_of_a_root(long tokens)
    {
        await PairAsync();
        turns.Model.Usage = new Usage(900, 0, 200);
        await LimitAsync(new RootLimits(MaxDepth: 50, Ceiling: new Ceiling(tokens, null)));
        turns.Model.When(_ => true, request => Storm("mixed", request));
        var root = (await House.SayAsync(House.Owner, "tesla", "Begin with @aaron")).Message;
        await turns.RunAllAsync();
        var found = await turns.RootAsync(root.Id);
        found.Account.Spent.Tokens.ShouldBe(turns.Model.Calls * 1_100);
        found.Account.Spent.Tokens.ShouldBeLessThanOrEqualTo(tokens);
        found.Reason.ShouldNotBeNull().ShouldContain("max_tokens");
        await QuietAsync();
    }

    [Fact]
    public async Task Turns_of_one_root_that_run_at_once_share_its_budget()
    {
        var names = Enumerable.Range(0, 8).Select(i => $"agent{i}").ToList();
        foreach (var name in names)
        {
            await turns.HostAsync(name);
        }

        // Room for about two reservations at a time.
        await LimitAsync(new RootLimits(Ceiling: new Ceiling(8_000, null)));
        turns.Model.Usage = new Usage(1_500, 0, 500);
        var root = (await House.SayAsync(House.Owner, "#general", "Hello everybody")).Message;
        var claimed = new List<ClaimedTurn>();
        foreach (var due in await turns.DueAsync())
        {
            claimed.Add((await turns.Claim.RunAsync(due, "one", Ct)).ShouldNotBeNull());
        }

        claimed.Count.ShouldBe(8);
        await Task.WhenAll(claimed.Select(turn => Task.Run(() => turns.Run.RunAsync(turn, Ct), Ct))).Within(Patience);
        var found = await turns.RootAsync(root.Id);
        found.Account.ShouldBe(new Account(new Amount(turns.Model.Calls * 2_000, 0), default));
        found.Account.Spent.Tokens.ShouldBeLessThanOrEqualTo(8_000);
        turns.Model.Calls.ShouldBeInRange(1, 4);
        (await turns.TurnsAsync(root.Id)).ShouldAllBe(turn => turn.State == TurnState.Passed || turn.State == TurnState.Bounded);
    }

    [Fact]
    public async Task The_limit_of_a_day_keeps_the_turn_until_the_next_day()
    {
        await PairAsync();
        await House.Database.WriteAsync(
            unit =>
            {
                unit.Budgets.SetDayLimit(House.Owner.OrganizationId, new DayLimit(SpendScope.Organization, House.Owner.OrganizationId, new Ceiling(4_900, null)));
                return ValueTask.FromResult(true);
            },
            Ct);
        turns.Model.Usage = new Usage(2_000, 0, 500);
        turns.Model.Always(_ => "PASS");
        await House.SayAsync(House.Owner, "tesla", "One");
        await turns.RunAllAsync();
        var second = (await House.SayAsync(House.Owner, "tesla", "Two")).Message;
        await turns.RunRoundAsync();
        turns.Model.Calls.ShouldBe(1);
        (await turns.DueAsync()).ShouldBeEmpty();
        (await House.Attention.ListAsync(House.Owner, Ct)).ShouldHaveSingleItem().Text.ShouldContain("Today the organization");
        House.Clock.Advance(TimeSpan.FromDays(1));
        await turns.RunAllAsync();
        turns.Model.Calls.ShouldBe(2);
        (await turns.TurnsAsync(second.Id)).ShouldHaveSingleItem().State.ShouldBe(TurnState.Passed);
    }

    [Fact]
    public async Task A_model_without_a_price_is_not_called_where_money_is_limited()
    {
        await PairAsync();
        await LimitAsync(new RootLimits(Ceiling: new Ceiling(null, 1_000_000)));
        turns.Catalog.Price = null;
        await House.SayAsync(House.Owner, "tesla", "Hello");
        await turns.RunRoundAsync();
        turns.Model.Calls.ShouldBe(0);
        (await House.Attention.ListAsync(House.Owner, Ct)).ShouldHaveSingleItem().Text.ShouldContain("no known price");
    }

    private RuntimeAnswer Storm(string route, RuntimeRequest request)
    {
        var peer = ScriptedRuntime.IsOf(request, "tesla") ? "aaron" : "tesla";
        var first = !request.Messages.Any(message => message.Role == PromptRole.Tool);
        return (route, first) switch
        {
            ("direct" or "meeting and direct", true) => turns.Model.Tools((BuiltInTools.SendName, $$"""{"to":"{{peer}}","message":"to {{peer}} {{turns.Model.Calls}}"}""")),
            ("mixed", true) => turns.Model.Tools(
                (BuiltInTools.SendName, $$"""{"to":"{{peer}}","message":"to {{peer}} {{turns.Model.Calls}}"}"""),
                (BuiltInTools.PostName, $$"""{"channel":"general","message":"@{{peer}} posted {{turns.Model.Calls}}"}""")),
            _ => turns.Model.Text($"@{peer} again {turns.Model.Calls}"),
        };
    }

    private async Task PairAsync()
    {
        var (tesla, aaron) = (await turns.HostAsync("tesla"), await turns.HostAsync("aaron"));
        await House.LinkAsync(tesla, aaron, new LinkSettings(MessagesPerWindow: 500));
    }

    private Task<MeetingOverview> MeetAsync(string? strategy = null) => new StartMeeting(House.Database, House.Board, new MeetingTemplates(null), House.Clock).RunAsync(
        House.Owner, new StartMeetingInput(["tesla", "aaron"], Name: "board", Strategy: strategy), Ct);

    private Task<bool> LimitAsync(RootLimits limits) => House.Database.WriteAsync(
        unit =>
        {
            unit.Budgets.SetRootLimits(House.Owner.OrganizationId, limits);
            return ValueTask.FromResult(true);
        },
        Ct);

    /// <summary>Nothing waits, nothing more is asked, and the store is sound.</summary>
    private async Task QuietAsync()
    {
        var calls = turns.Model.Calls;
        (await turns.RunAllAsync()).ShouldBe(0);
        turns.Model.Calls.ShouldBe(calls);
        (await House.Database.ReadAsync(unit => unit.Agents.InboxesAsync(House.Owner.OrganizationId), Ct)).ShouldAllBe(inbox => inbox.Cursor == inbox.Head);
        (await House.Database.Inspector.InspectAsync(Ct)).ShouldAllBe(finding => finding.Status != Core.Maintenance.FindingStatus.Fault);
    }
}
