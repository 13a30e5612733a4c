using System.Text;
using System.Text.Json.Nodes;
using Parley.Cli.Config;

namespace Parley.Tests.Cli.Settings;

/// <summary>The table of keys in docs/configuration.md is the program's. With PARLEY_DOCS_WRITE=1 it is brought up to date instead.</summary>
public sealed class KeyTableTests
{
    private const string Begin = "<!-- keys -->\n";
    private const string End = "<!-- /keys -->";

    [Fact]
    public async Task The_table_of_keys_in_the_guide_is_the_programs()
    {
        var file = Repository.PathOf("docs/configuration.md");
        var page = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("PARLEY_DOCS_WRITE") is { Length: > 0 })
        {
            page = page[..begin] + Table() + page[end..];
            await File.WriteAllTextAsync(file, page, TestContext.Current.CancellationToken);
            return;
        }

        page[begin..end].ShouldBe(Table(), "Bring it up to date: PARLEY_DOCS_WRITE=1 ./test The_table_of_keys");
    }

    private static string Table()
    {
        var table = new StringBuilder("| Key | What it says | Value | Default |\n|---|---|---|---|\n");
        foreach (var (path, key) in ConfigKeys.All.Where(entry => entry.Key.SameAs is null && entry.Key.Shape is not (Group or Entries or NamedValues { Value: Group }) && entry.Path != "$schema" && !entry.Path.EndsWith("models.*", StringComparison.Ordinal)))
        {
            table.Append($"| `{path.Replace(".*", ".NAME", StringComparison.Ordinal)}` | {key.Meaning} | {Value(key.Shape)} | {(key.Default is { } value ? Shown(JsonNode.Parse(value)!) : key.Unset)} |\n");
        }

        return table.ToString();
    }

    private static string Shown(JsonNode value) => value is JsonArray { Count: 0 } ? "none" : $"`{(value is JsonArray list ? string.Join(", ", list.Select(item => item!.ToString())) : value.ToJsonString())}`";

    private static string Value(Shape shape) => shape switch
    {
        NumberValue number => FormattableString.Invariant($"{(number.Decimals == 0 ? "whole number, " : "number, ")}{number.Least} to {number.Most}"),
        SwitchValue => "`true`, `false`",
        TextList => "list of texts",
        TextValue => "text",
        _ => "object",
    };
}
