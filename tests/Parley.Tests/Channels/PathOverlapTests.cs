using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Parley.Core;
using Parley.Core.Channels;

namespace Parley.Tests.Channels;

public sealed class PathOverlapTests
{
    /// <summary>Every path that a pair of the small patterns below can share has one at least as small as these.</summary>
    private static readonly List<string> SmallPaths = PathsOf(["a", "b", "aa", "ab", "ba", "bb"], 4);

    private static Gen<string> Segment(int most) =>
        from length in Gen.Choose(1, most)
        from tokens in Gen.Elements('a', 'b', '*', '?').ArrayOf(length)
        let segment = new string(tokens)
        select segment == "**" ? "*" : segment;

    private static Gen<string> Pattern =>
        from length in Gen.Choose(1, 3)
        from segments in Gen.Frequency((2, Gen.Constant("**")), (5, Segment(2))).ArrayOf(length)
        where segments.Count(segment => segment != "**") <= 2
        select string.Join('/', segments);

    [Fact]
    public void Two_patterns_overlap_if_and_only_if_some_path_matches_both() => Prop.ForAll(Pattern.Two().ToArbitrary(), pair =>
    {
        var (one, other) = pair;
        var shared = SmallPaths.Exists(path => Matches(one, path) && Matches(other, path));
        Overlap(one, other).ShouldBe(shared, $"{one} and {other}");
        Overlap(other, one).ShouldBe(shared, $"{other} and {one}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Two_segments_overlap_if_and_only_if_some_name_matches_both()
    {
        var names = PathsOf(["a", "b"], 8).ConvertAll(path => path.Replace("/", "", StringComparison.Ordinal));
        Prop.ForAll(Segment(4).Two().ToArbitrary(), pair =>
        {
            var (one, other) = (pair.Item1.Replace("**", "*", StringComparison.Ordinal), pair.Item2.Replace("**", "*", StringComparison.Ordinal));
            Overlap(one, other).ShouldBe(names.Exists(name => Matches(one, name) && Matches(other, name)), $"{one} and {other}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public void A_pattern_overlaps_with_itself_and_with_everything_it_matches() => Prop.ForAll(Pattern.ToArbitrary(), pattern =>
    {
        Overlap(pattern, pattern).ShouldBeTrue();
        Overlap(pattern, "**").ShouldBeTrue();
        SmallPaths.Where(path => Matches(pattern, path)).ShouldAllBe(path => Overlap(pattern, path));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));

    [Theory]
    [InlineData("src/api/**", "src/api/Orders.cs", true)]
    [InlineData("src/api/**", "src/**/*.cs", true)]
    [InlineData("src/api/**", "src/web/**", false)]
    [InlineData("src/*.cs", "src/api/*.cs", false)]
    [InlineData("src/a*.cs", "src/*b.cs", true)]
    [InlineData("src/*.cs", "src/*.ts", false)]
    [InlineData("Src/a", "src/a", false)]
    [InlineData("./src//a", "src/./a", true)]
    [InlineData("src/", "src/deep/in/it", true)]
    [InlineData("src", "src/a", false)]
    [InlineData(".", "anything", true)]
    [InlineData("a**b", "axxb", true)]
    [InlineData("a**b", "a/b", false)]
    [InlineData("?", "é", true)]
    [InlineData("?", "\uD83D\uDE00", true)]
    [InlineData("??", "é", false)]
    public void Paths_overlap_as_a_developer_expects(string one, string other, bool overlap) => Overlap(one, other).ShouldBe(overlap);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("/etc/passwd")]
    [InlineData("C:/Windows")]
    [InlineData("..")]
    [InlineData("src/../../x")]
    [InlineData("src\\x")]
    [InlineData("a\0b")]
    [InlineData("a\uD83Db")]
    public void What_is_no_path_of_the_project_is_refused(string path)
    {
        var error = Should.Throw<ParleyError>(() => PathOverlap.Check([path]));
        error.Code.ShouldBe(ErrorCode.InvalidRequest);
        error.Field.ShouldBe("paths");
    }

    [Fact]
    public void Between_one_and_fifty_paths_of_three_hundred_characters_are_taken()
    {
        PathOverlap.Check([.. Enumerable.Range(0, 50).Select(number => new string('a', 298) + number.ToString("00"))]).Count.ShouldBe(50);
        PathOverlap.Check(["a", "./a"]).ShouldBe(["a"]);
        Should.Throw<ParleyError>(() => PathOverlap.Check([.. Enumerable.Repeat("a", 51)]));
        Should.Throw<ParleyError>(() => PathOverlap.Check([]));
        Should.Throw<ParleyError>(() => PathOverlap.Check(null));
        Should.Throw<ParleyError>(() => PathOverlap.Check([new string('a', 301)]));
    }

    [Theory]
    [InlineData("*a", "a*b")]
    [InlineData("**/", "**/a/")]
    [InlineData("*/", "a*/")]
    public void Many_of_the_worst_patterns_on_each_side_take_a_bounded_time(string one, string other)
    {
        var mine = Enumerable.Range(0, 20).Select(number => string.Concat(Enumerable.Repeat(one, 290 / one.Length)) + "x" + number).ToList();
        var theirs = Enumerable.Range(0, 20).Select(number => string.Concat(Enumerable.Repeat(other, 290 / other.Length)) + "y" + number).ToList();
        var watch = Stopwatch.StartNew();
        PathOverlap.Between(mine, theirs).ShouldBeEmpty();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Of_the_others_paths_those_that_overlap_are_named_in_their_order() =>
        PathOverlap.Between(["src/**", "docs/a.md"], ["docs/a.md", "test/x", "src/b"]).ShouldBe(["docs/a.md", "src/b"]);

    private static bool Overlap(string one, string other) => PathPattern.Parse(one).Overlaps(PathPattern.Parse(other));

    private static List<string> PathsOf(string[] segments, int most)
    {
        var paths = new List<string>();
        IEnumerable<string> longer = segments;
        for (var length = 1; length <= most; length++)
        {
            var level = longer.ToList();
            paths.AddRange(level);
            longer = level.SelectMany(path => segments.Select(segment => $"{path}/{segment}"));
        }

        return paths;
    }

    /// <summary>The plain reading of a pattern, slow and obvious.</summary>
    private static bool Matches(string pattern, string path) => SegmentsMatch(pattern.Split('/'), path.Split('/'));

    private static bool SegmentsMatch(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path) => pattern switch
    {
        [] => path.IsEmpty,
        ["**", .. var rest] => SegmentsMatch(rest, path) || (!path.IsEmpty && SegmentsMatch(pattern, path[1..])),
        [var first, .. var rest] => !path.IsEmpty && CharactersMatch(first, path[0]) && SegmentsMatch(rest, path[1..]),
    };

    private static bool CharactersMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) => pattern switch
    {
        [] => name.IsEmpty,
        ['*', .. var rest] => CharactersMatch(rest, name) || (!name.IsEmpty && CharactersMatch(pattern, name[1..])),
        [var first, .. var rest] => !name.IsEmpty && (first == '?' || first == name[0]) && CharactersMatch(rest, name[1..]),
    };
}
