using FsCheck;
using FsCheck.Fluent;
using Parley.Core.Agents;

namespace Parley.Tests.Agents;

public sealed class SearchRulesTests
{
    private static readonly string[] Words = ["tesla", "nikola", "review", "code-review", "sql", "backend", "reads", "pull", "requests", "te", "zzz", "@tesla", "REVIEW"];

    private static readonly Agent[] All =
    [
        AgentOf("tesla", "backend", "Builds the server", ["nikola"], ["sql", "go"]),
        AgentOf("aaron", "reviewer", "Reads pull requests", [], ["code-review", "sql"]),
        AgentOf("review", "external", "", [], []),
        AgentOf("barnum", "external", "Asks for a review of the text", [], ["copywriting"]),
    ];

    [Theory]
    [InlineData("tesla", "tesla")]
    [InlineData("Nikola", "tesla")]
    [InlineData("sql", "aaron tesla")]
    [InlineData("review", "review aaron barnum")]
    [InlineData("pull requests", "aaron")]
    [InlineData("sql backend", "tesla")]
    [InlineData("nobody", "")]
    [InlineData("", "aaron barnum review tesla")]
    public void The_best_stand_first(string text, string found) => string.Join(' ', SearchRules.Ranked(All, text).Select(agent => agent.Name)).ShouldBe(found);

    [Fact]
    public void Every_word_has_to_be_found_and_another_word_never_finds_more() => Prop.ForAll(
        Gen.Elements(Words).ListOf().ToArbitrary(),
        words =>
        {
            var found = SearchRules.Ranked(All, string.Join("  ", words));
            found.ShouldBeUnique();
            found.ShouldAllBe(agent => words.All(word => SearchRules.Ranked(All, word).Contains(agent)));
            found.Count.ShouldBe(All.Count(agent => words.All(word => SearchRules.Ranked(All, word).Contains(agent))));
            SearchRules.Ranked([.. All.Reverse()], string.Join(' ', words)).ShouldBe(found);
        }).QuickCheckThrowOnFailure();

    private static Agent AgentOf(string name, string type, string description, string[] aliases, string[] skills) =>
        new(Guid.NewGuid(), Guid.Empty, Guid.Empty, name, AgentKind.External, type, description, Hold: false, DateTimeOffset.UnixEpoch, RemovedAt: null) { Aliases = aliases, Skills = skills };
}
