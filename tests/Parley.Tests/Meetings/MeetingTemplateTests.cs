using Parley.Core;
using Parley.Core.Meetings;
using Parley.Core.Messages;

namespace Parley.Tests.Meetings;

public sealed class MeetingTemplateTests
{
    private const string Good = "---\nname: retro\ndescription: Looks back\nchain_length: 3\nstrategy: consensus\n# a remark\nrole: host - asks\n---\n\nHow was {topic}?\n";

    [Fact]
    public void Five_are_built_in_and_their_openings_ask_everybody()
    {
        var all = new MeetingTemplates(null).All();
        all.Select(entry => entry.Name).ShouldBe(["brainstorm", "decision", "retrospective", "review", "standup"]);
        foreach (var template in all.Select(entry => entry.Template.ShouldNotBeNull()))
        {
            template.OpeningOn("the launch").ShouldContain("the launch");
            Mentions.In(template.Opening).ShouldBeEmpty(template.Name);
            template.Roles.ShouldNotBeEmpty();
            template.RolesOf(["ceo"]).Keys.ShouldBe(["ceo"]);
        }
    }

    [Fact]
    public void A_file_of_the_folder_is_a_template_and_goes_before_a_built_in_one()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["retro.md"], Good);
        File.WriteAllText(folder["standup.md"], Good.Replace("name: retro", "name: standup", StringComparison.Ordinal));
        File.WriteAllText(folder["broken.md"], "no head");
        var templates = new MeetingTemplates(folder.Path);

        templates.All().Count.ShouldBe(7);
        templates.Find("Retro").ShouldSatisfyAllConditions(
            template => template.ChainLength.ShouldBe(3), template => template.Strategy.ShouldBe(Strategy.Consensus), template => template.Opening.ShouldBe("How was {topic}?"));
        templates.Find("standup").Description.ShouldBe("Looks back");
        Should.Throw<ParleyError>(() => templates.Find("broken")).Message.ShouldStartWith("broken.md, line 1:");
        Should.Throw<ParleyError>(() => templates.Find("../retro")).Code.ShouldBe(ErrorCode.NotFound);
    }

    [Theory]
    [InlineData("name: retro", "nam: retro", 2)]
    [InlineData("name: retro", "name: re tro", 2)]
    [InlineData("chain_length: 3", "chain_length: many", 4)]
    [InlineData("chain_length: 3", "chain_length: 101", 4)]
    [InlineData("strategy: consensus", "strategy: luck", 5)]
    [InlineData("role: host - asks", "role: host", 7)]
    [InlineData("role: host - asks", "strategy: depth", 7)]
    [InlineData("description: Looks back\n", "", 1)]
    [InlineData("How was {topic}?", "", 9)]
    public void What_is_wrong_is_told_with_its_line(string good, string wrong, int line)
    {
        var error = Should.Throw<ParleyError>(() => TemplateRules.Parse("retro.md", Good.Replace(good, wrong, StringComparison.Ordinal)));
        error.Message.ShouldStartWith($"retro.md, line {line}:");
        error.Fix.ShouldNotBeEmpty();
    }
}
