using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Parley.Core;
using Parley.Core.Messages;

namespace Parley.Tests.Messages;

public sealed class MentionsTests
{
    private static readonly string[] Pieces =
        ["@", "tesla", "@aaron", "`", "``", "```", "~~~", "\n", "\r\n", ">", " ", ".", "-", "_", "@@", "é", "/", "\0", "\uD83D", "\uDE00", "a", "Z", "9", "@Kelvin", ":", "(", ")"];

    [Theory]
    [InlineData("hi @tesla and @Aaron!", "tesla", "aaron")]
    [InlineData("@tesla, @tesla; @TESLA", "tesla")]
    [InlineData("(@tesla). @aaron. \"@ada-l\"", "tesla", "aaron", "ada-l")]
    [InlineData("@v1.2 is out.", "v1.2")]
    [InlineData("write to a@b.example or @tesla", "tesla")]
    [InlineData("write to me+@tesla or x/@tesla")]
    [InlineData("@tesla@example.org")]
    [InlineData("@tesla.@example.org")]
    [InlineData("@tésla @ @- @.")]
    [InlineData("`@tesla` ``@aaron ` @ada`` @ben", "ben")]
    [InlineData("a lone ` before @tesla", "tesla")]
    [InlineData("> @tesla said\nyes, @aaron", "aaron")]
    [InlineData("```\n@tesla\n```\n@aaron", "aaron")]
    [InlineData("~~~ text\n@tesla\n```\n@ada\n~~~\n@aaron", "aaron")]
    [InlineData("````\n```\n@tesla\n````\n@aaron", "aaron")]
    [InlineData("```one line of code``` @tesla", "tesla")]
    [InlineData("```\n@tesla never closed")]
    public void Names_are_found_where_a_reader_would_find_them(string text, params string[] names) => Mentions.In(text).ShouldBe(names);

    [Fact]
    public void Any_text_gives_at_most_sixteen_distinct_names() => Prop.ForAll(Gen.Elements(Pieces).ListOf().Select(string.Concat).ToArbitrary(), text =>
    {
        var names = Mentions.In(text);
        names.Count.ShouldBeLessThanOrEqualTo(Limits.Mentions);
        names.ShouldBeUnique();
        names.ShouldAllBe(name => name.Length <= Limits.NameLength && !name.Any(char.IsUpper) && char.IsAsciiLetterOrDigit(name[0]));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Random_characters_never_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text => Mentions.In("@a" + text + "`@b") is not null).QuickCheckThrowOnFailure();

    [Fact]
    public void Text_in_code_mentions_nobody() => Prop.ForAll(Gen.Elements(Pieces.Where(piece => !piece.Contains('`')).ToArray()).ListOf().Select(string.Concat).ToArbitrary(), text =>
        Mentions.In($"```\n{text.Replace("~~~", "", StringComparison.Ordinal)}\n```\n").Count == 0).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("`")]
    [InlineData("`a")]
    [InlineData("`a` ")]
    [InlineData("``a` ")]
    [InlineData("@")]
    [InlineData("@a@")]
    [InlineData("a@")]
    [InlineData("@-")]
    [InlineData("@a.")]
    [InlineData("```\n")]
    [InlineData(">\n")]
    [InlineData("\n")]
    public void Sixty_four_kilobytes_of_anything_take_no_time(string piece)
    {
        var text = "@" + string.Concat(Enumerable.Repeat(piece, Limits.ContentBytes / piece.Length)) + "@";
        var growing = "@" + string.Join(' ', Enumerable.Range(1, 360).Select(length => new string('`', length)));
        Mentions.In(growing);
        var watch = Stopwatch.StartNew();
        Mentions.In(text);
        Mentions.In(growing);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }
}
