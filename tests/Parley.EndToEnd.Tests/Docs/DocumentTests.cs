using System.Text.RegularExpressions;
using Parley.Core;

namespace Parley.EndToEnd.Tests.Docs;

/// <summary>
/// What README.md and docs/ show is true: every <c>console</c> block is typed into a real terminal and prints what is shown. With PARLEY_DOCS_WRITE=1 the documents are
/// brought up to date instead.
/// </summary>
public sealed partial class DocumentTests
{
    private static readonly bool Write = Environment.GetEnvironmentVariable("PARLEY_DOCS_WRITE") is { Length: > 0 };

    public static TheoryData<string> WithCommands { get; } = [.. Document.All().Where(path => Document.Open(path).Blocks.Any(block => block.Kind.StartsWith("console", StringComparison.Ordinal)))];

    public static TheoryData<string> Everything { get; } = [.. Document.All()];

    [Theory]
    [MemberData(nameof(WithCommands))]
    public async Task Every_command_of_a_document_prints_what_is_shown(string path)
    {
        foreach (var program in new[] { "script", "curl", "jq", "node", "psql" })
        {
            Assert.SkipWhen(Support.Command.Find(program) is null && File.ReadAllText(Repository.PathOf(path)).Contains(program, StringComparison.Ordinal), $"There is no {program} here.");
        }

        var document = Document.Open(path);
        await using var reader = new Reader();
        var wrong = await reader.FollowAsync(document);
        if (Write && wrong.Count > 0)
        {
            await RewriteAsync(document, wrong);
        }

        wrong.Select(item => $"{path}:{item.Example.Line + 1}: {item.Example.Command}\nprinted:\n{item.Output}").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Every_link_between_documents_leads_somewhere(string path)
    {
        foreach (var link in Document.Open(path).Links())
        {
            var (file, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
            var target = file.Length == 0 ? path : Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, Path.GetDirectoryName(path)!, file));
            (File.Exists(Repository.PathOf(target)) || Directory.Exists(Repository.PathOf(target))).ShouldBeTrue($"{path} links to {link}");
            if (anchor is not null)
            {
                Document.Open(target).Anchors().ShouldContain(anchor, $"{path} links to {link}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Code_that_is_taken_from_a_file_stands_there(string path)
    {
        foreach (var block in Document.Open(path).Blocks.Where(block => block.Directive.Name == "from"))
        {
            var shown = block.Lines.Select(line => line.Trim()).Where(line => line.Length > 0);
            var there = File.ReadLines(Repository.PathOf(block.Directive.Value)).Select(line => line.Trim()).Where(line => line.Length > 0);
            string.Join('\n', there).ShouldContain(string.Join('\n', shown), Case.Sensitive, $"{path}:{block.First}");
        }
    }

    [Fact]
    public void The_table_of_errors_is_the_programs()
    {
        var rows = Document.Open("docs/errors.md").Lines.Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        rows.ShouldBe(ErrorCode.All.Select(code => $"| `{code.Name}` | {code.HttpStatus} | {code.ExitCode} | {code.CloseCode?.ToString() ?? ""} | {code.Meaning} |"));
    }

    [Fact]
    public void Every_test_that_the_guarantees_name_exists()
    {
        var named = Document.Open("docs/guarantees.md").Lines.SelectMany(line => TestName().Matches(line)).Select(match => match.Groups[1].Value).ToList();
        var tests = string.Concat(Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        named.Count.ShouldBeGreaterThan(40);
        named.Where(name => !tests.Contains($" {name}(", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static async Task RewriteAsync(Document document, IReadOnlyList<(Example Example, string Output)> wrong)
    {
        var lines = document.Lines.ToList();
        foreach (var (example, output) in wrong.OrderByDescending(item => item.Example.Line))
        {
            lines.RemoveRange(example.OutputLine, example.Output.Count);
            lines.InsertRange(example.OutputLine, output.Length == 0 ? [] : output.TrimEnd('\n').Split('\n'));
        }

        await File.WriteAllLinesAsync(Repository.PathOf(document.Path), lines);
    }

    [GeneratedRegex("`([A-Z][a-z0-9]*(?:_[A-Za-z0-9]+)+)`")]
    private static partial Regex TestName();
}
