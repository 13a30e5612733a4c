using FsCheck;
using FsCheck.Fluent;
using Parley.Core.Meetings;

namespace Parley.Tests.Meetings;

public sealed class ChainRulesTests
{
    private static readonly string[] Names = ["ceo", "cfo", "cto"];

    private static readonly string[] Words = ["ship", "Ship!", "the", "small", "version", "@cto", "first", "…", "1", "é"];

    private static Gen<string> Talk => Gen.Elements(Words).ListOf().Select(words => string.Join(' ', words));

    private static Meeting Meeting(int length = 4, Strategy strategy = Strategy.Depth, Dictionary<string, int>? limits = null, string? moderator = null) => new()
    {
        Id = Guid.NewGuid(), OrganizationId = Guid.NewGuid(), Name = "m", CreatedBy = "owner", CreatedAt = DateTimeOffset.UnixEpoch, ChainLength = length, Strategy = strategy,
        Limits = limits ?? [], Moderator = moderator,
    };

    private static ChainFacts Says(string speaker, int depth, string text, Meeting meeting, IReadOnlyList<ChainEntry>? earlier = null, bool stopped = false, params string[] halted)
    {
        var isAgent = Names.Contains(speaker);
        var addressed = SpeakerRules.Find(text, Core.Messages.Mentions.In(text), speaker, isAgent, new Room(Names, ["owner"]));
        return new ChainFacts(speaker, isAgent, depth, text, addressed, meeting, Names, halted, earlier ?? [], stopped);
    }

    [Fact]
    public void A_person_asks_all_or_those_it_names_and_halted_ones_are_left_out()
    {
        ChainRules.Decide(Says("owner", 0, "Question?", Meeting())).Asks.ShouldBe(Names);
        ChainRules.Decide(Says("owner", 0, "@cto?", Meeting(length: 0))).Asks.ShouldBe(["cto"]);
        ChainRules.Decide(Says("owner", 0, "Question?", Meeting(), halted: "cfo")).Asks.ShouldBe(["ceo", "cto"]);
    }

    [Fact]
    public void Mentions_are_asked_below_the_maximum_and_named_as_unheard_at_it()
    {
        for (var depth = 0; depth < 4; depth++)
        {
            var step = ChainRules.Decide(Says("ceo", depth, "@cto @cfo?", Meeting()));
            (step.Depth, step.Limit, step.EndedBy).ShouldBe((depth, 4, null));
            step.Asks.ShouldBe(["cto", "cfo"]);
        }

        var last = ChainRules.Decide(Says("ceo", 4, "@cto @cfo?", Meeting()));
        (last.Asks.Count, last.EndedBy).ShouldBe((0, Ending.Depth));
        last.Unheard.ShouldBe(["cto", "cfo"]);
        ChainRules.Decide(Says("ceo", 4, "That is all.", Meeting())).EndedBy.ShouldBeNull();
        ChainRules.Decide(Says("ceo", 4, "@cto?", Meeting(length: 6))).Asks.ShouldBe(["cto"]);
    }

    [Fact]
    public void Without_chaining_nobody_is_asked_by_an_agent()
    {
        var step = ChainRules.Decide(Says("ceo", 0, "@cto?", Meeting(length: 0)));
        (step.Asks.Count, step.EndedBy).ShouldBe((0, Ending.Off));
        step.Unheard.ShouldBe(["cto"]);
    }

    [Fact]
    public void A_person_who_is_asked_ends_the_chain()
    {
        var step = ChainRules.Decide(Says("ceo", 0, "@user what do you prefer? @cto knows the price.", Meeting()));
        (step.Asks.Count, step.EndedBy).ShouldBe((0, Ending.User));
        step.Unheard.ShouldBe(["cto"]);
    }

    [Fact]
    public void A_participant_is_asked_as_often_as_its_limit_says_below_one_root()
    {
        var meeting = Meeting(limits: new Dictionary<string, int> { ["cfo"] = 1 });
        ChainRules.Decide(Says("ceo", 0, "@cfo?", meeting)).Asks.ShouldBe(["cfo"]);
        ChainEntry[] earlier = [new("owner", false, "Question?", ["ceo"]), new("ceo", true, "@cfo?", ["cfo"])];
        var step = ChainRules.Decide(Says("cto", 1, "@cfo @ceo?", meeting, earlier));
        (string.Join(',', step.Asks), string.Join(',', step.Unheard), step.EndedBy).ShouldBe(("ceo", "cfo", null));
        ChainRules.Decide(Says("cto", 1, "@cfo?", meeting, earlier)).EndedBy.ShouldBe(Ending.Limit);
    }

    [Fact]
    public void A_root_that_met_a_bound_ends_the_chain()
    {
        var step = ChainRules.Decide(Says("ceo", 0, "@cto?", Meeting(), stopped: true));
        (step.EndedBy, string.Join(',', step.Unheard)).ShouldBe((Ending.Budget, "cto"));
        ChainRules.Decide(Says("ceo", 50, "@cto?", Meeting(strategy: Strategy.Budget))).Asks.ShouldBe(["cto"]);
        ChainRules.Decide(Says("ceo", 100, "@cto?", Meeting(strategy: Strategy.Budget))).EndedBy.ShouldBe(Ending.Depth);
    }

    [Fact]
    public void Where_nothing_new_is_said_the_chain_ends()
    {
        var meeting = Meeting(length: 8, strategy: Strategy.NoNewContent);
        ChainEntry[] earlier = [new("cto", true, "We should ship the small version first and measure. @ceo?", ["ceo"])];
        ChainRules.Decide(Says("ceo", 2, "We should ship the small version first, and measure! @cfo?", meeting, earlier)).EndedBy.ShouldBe(Ending.NoNewContent);
        ChainRules.Decide(Says("ceo", 2, "The small version costs 50,000, which we have. @cfo?", meeting, earlier)).Asks.ShouldBe(["cfo"]);
        ChainRules.Decide(Says("ceo", 2, "We should ship the small version first, and measure! @cfo?", Meeting(length: 8), earlier)).Asks.ShouldBe(["cfo"]);
    }

    [Fact]
    public void Where_all_who_spoke_agreed_last_the_chain_ends()
    {
        var meeting = Meeting(length: 8, strategy: Strategy.Consensus);
        ChainEntry[] earlier = [new("cto", true, "No. @ceo?", ["ceo"]), new("ceo", true, "Then B? @cto [AGREED]", ["cto"])];
        ChainRules.Decide(Says("cto", 2, "Fine, @cfo can pay. [agreed]", meeting, earlier)).EndedBy.ShouldBe(Ending.Consensus);
        ChainRules.Decide(Says("cto", 2, "Not yet, @cfo?", meeting, earlier)).Asks.ShouldBe(["cfo"]);
        ChainRules.Decide(Says("ceo", 0, "[AGREED] @cto?", meeting)).Asks.ShouldBe(["cto"]);
    }

    [Fact]
    public void With_a_moderator_mentions_go_to_it_and_it_decides_who_is_next()
    {
        var meeting = Meeting(strategy: Strategy.Moderator, moderator: "ceo");
        ChainRules.Decide(Says("owner", 0, "Question?", meeting)).Asks.ShouldBe(["ceo"]);
        ChainRules.Decide(Says("owner", 0, "@cfo?", meeting)).Asks.ShouldBe(["cfo"]);
        ChainRules.Decide(Says("cto", 1, "@cfo?", meeting)).Asks.ShouldBe(["ceo"]);
        ChainRules.Decide(Says("ceo", 2, "@cfo?", meeting)).Asks.ShouldBe(["cfo"]);
        ChainRules.Decide(Says("cto", 1, "Done.", meeting)).Asks.ShouldBeEmpty();
    }

    [Fact]
    public void An_answer_that_mentions_only_halted_ones_is_kept_and_says_so()
    {
        var step = ChainRules.Decide(Says("ceo", 0, "@cto?", Meeting(), halted: "cto"));
        (step.EndedBy, string.Join(',', step.Unheard)).ShouldBe((Ending.Halted, "cto"));
    }

    [Fact]
    public void Whatever_is_said_no_chain_grows_beyond_its_length_and_whoever_is_mentioned_is_asked_or_named() =>
        Prop.ForAll(Gen.Choose(0, 100).ToArbitrary(), Gen.Choose(0, 12).ToArbitrary(), Gen.Elements(Enum.GetValues<Strategy>()).ToArbitrary(), (depth, length, strategy) =>
        {
            var step = ChainRules.Decide(Says("cto", depth, "@ceo @cfo and @ghost?", Meeting(length, strategy, moderator: "ceo")));
            step.Asks.ShouldAllBe(name => Names.Contains(name) && name != "cto");
            (step.Asks.Count == 0 || depth < (strategy == Strategy.Budget ? 100 : length)).ShouldBeTrue();
            (step.Asks.Count > 0 || step.EndedBy is not null).ShouldBeTrue();
            step.Unknown.ShouldBe(["ghost"]);
            if (strategy != Strategy.Moderator)
            {
                step.Asks.Union(step.Unheard).Order().ShouldBe(["ceo", "cfo"]);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void A_storm_in_which_all_always_mention_all_ends_at_the_length()
    {
        var meeting = Meeting(length: 3);
        var speaking = new Queue<(string Name, int Depth)>(ChainRules.Decide(Says("owner", 0, "Go!", meeting)).Asks.Select(name => (name, 0)));
        var answers = 0;
        while (speaking.TryDequeue(out var next))
        {
            answers++;
            answers.ShouldBeLessThan(1_000);
            next.Depth.ShouldBeLessThanOrEqualTo(3);
            foreach (var name in ChainRules.Decide(Says(next.Name, next.Depth, "@ceo @cfo @cto!", meeting)).Asks)
            {
                speaking.Enqueue((name, next.Depth + 1));
            }
        }

        answers.ShouldBe(3 + 6 + 12 + 24);
    }

    [Fact]
    public void Long_chains_and_none_at_all_are_warned_of()
    {
        ChainRules.WarningOf(0).ShouldNotBeNull();
        ChainRules.WarningOf(11).ShouldNotBeNull();
        Enumerable.Range(1, 10).ShouldAllBe(length => ChainRules.WarningOf(length) == null);
    }

    [Fact]
    public void Likeness_is_symmetric_between_0_and_1_and_1_for_the_same() => Prop.ForAll(Talk.ToArbitrary(), Talk.ToArbitrary(), (one, other) =>
    {
        var likeness = Similarity.Of(one, other);
        likeness.ShouldBeInRange(0, 1);
        Similarity.Of(other, one).ShouldBe(likeness);
        Similarity.Of(one, one).ShouldBe(1);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whom_to_ask_next_are_the_unheard_then_the_silent()
    {
        static Chain Step(string[] asks, params string[] unheard) => new(0, 4, asks, unheard, []);
        SuggestionRules.For([("owner", Step(["ceo"])), ("ceo", Step([], "cto"))], Names, [], []).ShouldBe([new Suggestion("cto", true), new Suggestion("cfo", false)]);
        SuggestionRules.For([("owner", Step(["ceo"])), ("ceo", Step([], "cto")), ("cto", Step([]))], Names, [], []).ShouldBe([new Suggestion("cfo", false)]);
        SuggestionRules.For([("owner", Step(["ceo"])), ("ceo", Step([], "cto"))], Names, ["cto"], ["cfo"]).ShouldBeEmpty();
        SuggestionRules.For([("owner", Step(Names))], Names, [], []).ShouldBeEmpty();
    }
}
