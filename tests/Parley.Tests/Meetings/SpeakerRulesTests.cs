using FsCheck;
using FsCheck.Fluent;
using Parley.Core.Meetings;
using Parley.Core.Messages;

namespace Parley.Tests.Meetings;

public sealed class SpeakerRulesTests
{
    private static readonly string[] Names = ["ceo", "cto", "cfo"];
    private static readonly string[] Pieces = ["@ceo", "@CTO", "@cfo.", "@user", "@owner", "@ghost", "@all", "ceo,", "cto:", "`@cfo`", "mail@cfo.org", "\n> @ceo\n", "```\n@cto\n```", " ", "hello", "http://ceo", "12:30", "@", "é"];
    private static readonly bool[] Kinds = [true, false];
    private static readonly Room Room = new(Names, ["owner"]);

    private static Gen<string> Texts => Gen.Elements(Pieces).ListOf().Select(pieces => string.Join(' ', pieces));

    [Theory]
    [InlineData("Should we launch?", "", true)]
    [InlineData("@cto status?", "cto", false)]
    [InlineData("What does @CTO say, and @cfo?", "cto,cfo", false)]
    [InlineData("cto, what is the status?", "cto", false)]
    [InlineData("CFO: can we pay it?", "cfo", false)]
    [InlineData("  ceo, cto: who does it?", "ceo,cto", false)]
    [InlineData("cto, ask @cfo", "cto,cfo", false)]
    [InlineData("@cto: what now?", "cto", false)]
    [InlineData("Well, cto: what now?", "", true)]
    [InlineData("ghost, are you there?", "", true)]
    [InlineData("cto:80 is the port", "", true)]
    [InlineData("Write to cfo@example.org or `@cto`", "", true)]
    [InlineData("> @cto said so\nTrue?", "", true)]
    [InlineData("@all: what do you think?", "", true)]
    [InlineData("Tell @owner what you think", "", true)]
    public void A_person_asks_whom_it_names_and_everybody_where_it_names_nobody(string text, string named, bool everyone)
    {
        var addressed = SpeakerRules.Find(text, Mentions.In(text), "owner", isAgent: false, Room);
        string.Join(',', addressed.Named).ShouldBe(named);
        addressed.Everyone.ShouldBe(everyone);
        addressed.Person.ShouldBeFalse();
        addressed.Unknown.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Ready. @cto status?", "cto", false)]
    [InlineData("@ceo that is me, @cfo is not", "cfo", false)]
    [InlineData("cto, nice of you to ask", "", false)]
    [InlineData("I do not know. @user?", "", true)]
    [InlineData("@owner decide; @cto knows more", "cto", true)]
    [InlineData("@all agree", "", false)]
    public void An_agent_asks_by_mentions_alone_and_never_itself(string text, string named, bool person)
    {
        var addressed = SpeakerRules.Find(text, Mentions.In(text), "ceo", isAgent: true, Room);
        string.Join(',', addressed.Named).ShouldBe(named);
        addressed.Person.ShouldBe(person);
        addressed.Everyone.ShouldBeFalse();
    }

    [Fact]
    public void Names_that_nobody_has_are_named_back_and_ask_nobody()
    {
        var addressed = SpeakerRules.Find("@ctoo, what now? @Ghost", Mentions.In("@ctoo, what now? @Ghost"), "owner", isAgent: false, Room);
        addressed.Unknown.ShouldBe(["ctoo", "ghost"]);
        addressed.Named.ShouldBeEmpty();
        addressed.Everyone.ShouldBeFalse();
    }

    [Fact]
    public void Whatever_is_said_only_participants_are_asked_each_once_and_nobody_itself() => Prop.ForAll(Texts.ToArbitrary(), Gen.Elements(Names).ToArbitrary(), (text, speaker) =>
    {
        foreach (var isAgent in Kinds)
        {
            var addressed = SpeakerRules.Find(text, Mentions.In(text), isAgent ? speaker : "owner", isAgent, Room);
            addressed.Named.ShouldBeUnique();
            addressed.Named.ShouldAllBe(name => Names.Contains(name) && !(isAgent && name == speaker));
            addressed.Unknown.ShouldAllBe(name => !Names.Contains(name) && name != "user" && name != "owner");
            (addressed.Everyone && isAgent).ShouldBeFalse();
            (addressed.Person && !isAgent).ShouldBeFalse();
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void The_case_of_letters_makes_no_difference() => Prop.ForAll(Texts.ToArbitrary(), text =>
    {
        var (one, other) = (text, text.ToUpperInvariant());
        SpeakerRules.Find(one, Mentions.In(one), "ceo", true, Room).Named.ShouldBe(SpeakerRules.Find(other, Mentions.In(other), "ceo", true, Room).Named);
    }).QuickCheckThrowOnFailure();
}
