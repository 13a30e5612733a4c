using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Parley.Cli.Connect;

namespace Parley.Tests.Cli.Connect;

public sealed class TomlEditTests
{
    private static readonly string[] Table = ["mcp_servers", "parley"];
    private static readonly (string, string)[] Values = [("command", "\"parley\""), ("args", "[\"mcp\", \"--as\", \"tesla\"]")];

    private static readonly string[] Pieces =
    [
        "# a comment with [mcp_servers.parley]\n", "\n", "model = \"gpt\" # why\n", "a.b.\"c d\" = 'x'\n", "list = [ # one\n  \"]\", 'x#',\n\n]\n", "text = \"\"\"\n[mcp_servers.parley]\ncommand = \"\"quoted\"\"\"\"\"\n",
        "raw = '''\n[x]\n# no comment\n'''\n", "inline = { a = 1, b = { c = \"}\" } }\n", "[profiles.\"x.y\"]\n", "[mcp_servers.other]\ncommand = \"npx\"\n", "[[skills]]\nname = 'a'\n", "[ mcp_servers . docs . env ]\nKEY = \"1\"\n", "  [tools]\n  web = true\n",
    ];

    [Fact]
    public void A_table_is_added_and_taken_away_and_not_a_character_is_different() => ForAny(text =>
    {
        var added = TomlEdit.Set(text, Table, Values);
        added.ShouldStartWith(text);
        TomlEdit.Find(added, Table, "args").ShouldBe("[\"mcp\", \"--as\", \"tesla\"]");
        TomlEdit.Set(added, Table, Values).ShouldBe(added);
        TomlEdit.Remove(added, Table).ShouldBe(text);
    });

    [Fact]
    public void A_table_in_the_middle_is_changed_and_taken_away_without_its_neighbours() => Prop.ForAll(Any.ToArbitrary(), Any.ToArbitrary(), (before, after) =>
    {
        const string Ours = "[mcp_servers.parley] # ours\ncommand = \"old\" # keep\nenabled = true\nargs = [\n  \"mcp\",\n]\n";
        // A key that follows would be the table's own.
        var text = $"{before}{Ours}[next]\n{after}";
        var changed = TomlEdit.Set(text, Table, Values);
        changed.ShouldBe($"{before}[mcp_servers.parley] # ours\ncommand = \"parley\" # keep\nenabled = true\nargs = [\"mcp\", \"--as\", \"tesla\"]\n[next]\n{after}");
        TomlEdit.Remove(changed, Table).ShouldBe($"{before}[next]\n{after}");
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Theory]
    [InlineData("mcp_servers = { parley = { command = \"x\" } }\n")]
    [InlineData("[mcp_servers]\nparley = { command = \"x\" }\n")]
    [InlineData("mcp_servers.parley.command = \"x\"\n")]
    [InlineData("[[mcp_servers]]\nname = \"x\"\n")]
    [InlineData("text = \"\"\"\nnever closed\n")]
    [InlineData("key = [1,\n")]
    [InlineData("no key\n")]
    public void Another_form_of_the_table_and_what_is_no_TOML_are_refused(string text) => Should.Throw<FormatException>(() => TomlEdit.Set(text, Table, Values));

    [Fact]
    public void A_file_with_Windows_line_ends_keeps_them()
    {
        var added = TomlEdit.Set("a = 1\r\n", Table, [("command", "\"p\"")]);
        added.ShouldBe("a = 1\r\n\r\n[mcp_servers.parley]\r\ncommand = \"p\"\r\n");
        TomlEdit.Remove(added, Table).ShouldBe("a = 1\r\n");
    }

    private static Gen<string> Any => Gen.Elements(Pieces).ListOf().Select(pieces => pieces.Aggregate(new StringBuilder(), (text, piece) => text.Append(piece)).ToString());

    private static void ForAny(Action<string> property) => Prop.ForAll(Any.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
