using Parley.Cli.Shell;

namespace Parley.Tests.Cli;

/// <summary>What others wrote cannot act on a terminal.</summary>
public sealed class SafeTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\nb\tc", "a\\nb\\tc")]
    [InlineData("back\\slash", "back\\\\slash")]
    [InlineData("\u001b[31mred", "\\x1b[31mred")]
    [InlineData("\u009b31m", "\\x9b31m")]
    [InlineData("a\u202eb", "a<U+202E>b")]
    [InlineData("a\u200bb", "a<U+200B>b")]
    [InlineData("grün 日本 🎉", "grün 日本 🎉")]
    public void A_line_shows_what_would_act(string text, string shown) => SafeText.Line(text).ShouldBe(shown);

    [Fact]
    public void Lines_keep_their_breaks() => SafeText.Lines("a\n\tb\\c\r\u0007").ShouldBe("a\n\tb\\c\\x0d\\x07");

    [Fact]
    public void Nothing_is_nothing() => SafeText.Line(null).ShouldBe("");
}
