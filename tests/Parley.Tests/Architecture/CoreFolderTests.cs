using System.Text.RegularExpressions;

namespace Parley.Tests.Architecture;

public sealed partial class CoreFolderTests
{
    /// <summary>The concepts of Core. Each may use those before it and the files at the top of Core, nothing after it.</summary>
    private static readonly string[] s_order = ["Outbound", "Conversations", "Organizations", "Agents", "Halts", "Nodes", "Links", "Budgets", "Messages", "Channels", "Permissions", "Turns", "Sessions", "Meetings", "Schedules", "Webhooks", "Tasks", "Remotes", "Maintenance"];

    private static IEnumerable<(SourceFile File, string Concept)> ConceptFiles =>
        from file in SourceTree.Product
        where file.Path.StartsWith("src/Parley.Core/", StringComparison.Ordinal)
        let parts = file.Path.Split('/')
        where parts.Length > 3
        select (file, parts[2]);

    [Fact]
    public void Every_folder_of_Core_is_a_concept_with_a_place_in_the_order() =>
        ConceptFiles.Select(entry => entry.Concept).Distinct().Except(s_order).ShouldBeEmpty();

    [Fact]
    public void A_concept_uses_only_concepts_before_it()
    {
        var wrong = from entry in ConceptFiles
                    from used in UsedConcepts(entry.File.Text)
                    where Array.IndexOf(s_order, used) > Array.IndexOf(s_order, entry.Concept)
                    select $"{entry.File.Path} uses {used}, which comes after {entry.Concept}";

        wrong.Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void No_global_using_hides_what_a_concept_uses()
    {
        SourceTree.Tracked.Where(file => file.Path.StartsWith("src/Parley.Core/", StringComparison.Ordinal) && GlobalUsing().IsMatch(file.Text))
            .Select(file => file.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("using Parley.Core.Links;", "Links")]
    [InlineData("namespace Parley.Core.Agents; class A { Parley.Core.Turns.Turn? T; }", "Turns")]
    [InlineData("namespace Parley.Core.Agents; class A { Sessions.Session? S; }", "Sessions")]
    [InlineData("using static Parley.Core.Meetings.Chain;", "Meetings")]
    [InlineData("namespace Parley.Core.Agents; class A { void B() => row.Links.Add(1); } // Parley.Core.Turns", null)]
    public void The_scan_sees_a_use_however_it_is_written(string source, string? used) =>
        UsedConcepts(source).ShouldBe(used is null ? [] : [used]);

    private static IEnumerable<string> UsedConcepts(string text)
    {
        var code = OwnNamespace().Replace(SourceTree.CodeOf(text), " ");
        return FullName().Matches(code).Concat(ShortName().Matches(code)).Select(match => match.Groups[1].Value).Where(s_order.Contains).Distinct();
    }

    [GeneratedRegex(@"\bnamespace\s+[\w.]+")]
    private static partial Regex OwnNamespace();

    [GeneratedRegex(@"\bParley\.Core\.([A-Z]\w*)")]
    private static partial Regex FullName();

    // Inside Parley.Core a namespace may be named without its beginning, at a place where a type stands.
    [GeneratedRegex(@"(?<![\w.])([A-Z]\w*)\.[A-Z]\w*(?:[?\[\]<>\w, .]*\s+[A-Za-z_]|\s*\()")]
    private static partial Regex ShortName();

    [GeneratedRegex(@"global\s+using\s+Parley\.Core\.|<Using\s+Include=""Parley\.Core\.")]
    private static partial Regex GlobalUsing();
}
