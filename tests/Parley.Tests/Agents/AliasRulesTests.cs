using FsCheck;
using FsCheck.Fluent;
using Parley.Core;
using Parley.Core.Agents;

namespace Parley.Tests.Agents;

public sealed class AliasRulesTests
{
    private static readonly string[] Given = ["nikola", "Nikola", " nt ", "@ux", "tesla", "all", "", "a b", "code-review", "ä", "x.", "b1", "b2", "b3", "b4", "b5", "b6", "b7"];

    [Fact]
    public void Aliases_are_names_each_once_never_the_own_and_at_most_eight() => Prop.ForAll(
        Gen.Elements(Given).ListOf().ToArbitrary(),
        given =>
        {
            try
            {
                var aliases = AliasRules.Aliases("tesla", given);
                aliases.Count.ShouldBeLessThanOrEqualTo(AliasRules.MostAliases);
                aliases.ShouldBeUnique();
                aliases.ShouldNotContain("tesla");
                aliases.ShouldAllBe(alias => Core.Organizations.Name.Check(alias, "name") == alias);
                AliasRules.Aliases("tesla", [.. aliases]).ShouldBe(aliases);
                given.Select(alias => alias.Trim().TrimStart('@').ToLowerInvariant()).Distinct().ShouldBe(aliases);
            }
            catch (ParleyError refusal)
            {
                (refusal.Code, refusal.Field).ShouldBe((ErrorCode.InvalidRequest, "aliases"));
                var plain = given.Select(alias => alias.Trim().TrimStart('@').ToLowerInvariant()).Distinct().ToList();
                (plain.Count > AliasRules.MostAliases || plain.Exists(alias => alias is "tesla" or "all" or "" or "a b" or "ä" or "x.")).ShouldBeTrue();
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Skills_are_short_tags_each_once_and_at_most_32()
    {
        AliasRules.Skills(["Code-Review", " sql ", "sql"]).ShouldBe(["code-review", "sql"]);
        AliasRules.Skills([.. Enumerable.Range(1, 32).Select(number => $"s{number}")]).Count.ShouldBe(32);
        foreach (string[] wrong in new string[][] { ["code review"], [""], [new string('x', 51)], [.. Enumerable.Range(1, 33).Select(number => $"s{number}")] })
        {
            var refusal = Should.Throw<ParleyError>(() => AliasRules.Skills(wrong));
            (refusal.Code, refusal.Field).ShouldBe((ErrorCode.InvalidRequest, "skills"));
        }
    }
}
