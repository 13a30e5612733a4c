using System.CommandLine;
using System.Text;
using Parley.Cli.Shell;

namespace Parley.Tests.Cli;

/// <summary>docs/cli.md is made of the commands themselves. With PARLEY_DOCS_WRITE=1 it is brought up to date instead.</summary>
public sealed class CommandPageTests
{
    private const string Head = """
        # Commands

        Made from the program's own help by the tests: `parley COMMAND --help` says the same. Global options stand at the end.

        Where the output is no terminal, a table is lines with tabs and nothing is coloured. `NO_COLOR` switches colour off. Exit codes are in
        [Errors](errors.md#exit-codes). Times on a terminal are local; elsewhere, and with `--json`, they are exact and in UTC. Hints name the program as you
        called it: from a checkout `./parley`, which the launcher says with `PARLEY_COMMAND`. `parley completion bash` and `parley completion zsh` print scripts that complete commands, options and names.


        """;

    [Fact]
    public async Task The_page_of_commands_is_what_the_commands_say()
    {
        var file = Repository.PathOf("docs/cli.md");
        var page = Page();
        if (Environment.GetEnvironmentVariable("PARLEY_DOCS_WRITE") is { Length: > 0 })
        {
            await File.WriteAllTextAsync(file, page, TestContext.Current.CancellationToken);
        }

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe(page, "Bring it up to date: PARLEY_DOCS_WRITE=1 ./test page_of_commands");
    }

    private static string Page()
    {
        var root = CommandTable.Parse([], all: true).RootCommandResult.Command;
        var page = new StringBuilder(Head);
        foreach (var command in root.Subcommands.Where(command => !command.Hidden))
        {
            page.Append($"## {command.Name}\n\n");
            Describe(page, command, $"parley {command.Name}");
            foreach (var below in command.Subcommands.Where(below => !below.Hidden))
            {
                page.Append($"### {command.Name} {below.Name}\n\n");
                Describe(page, below, $"parley {command.Name} {below.Name}");
            }
        }

        page.Append("## Global options\n\n");
        Options(page, GlobalOptions.All);
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void Describe(StringBuilder page, Command command, string name)
    {
        page.Append(Cell(command.Description)).Append("\n\n");
        if (command.Subcommands.Count == 0 || command.Arguments.Count > 0)
        {
            var arguments = command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues > 0 ? $" <{argument.Name}>" : $" [{argument.Name}]");
            page.Append($"```text\n{name}{string.Concat(arguments)}{(command.Options.Count > 0 ? " [options]" : "")}\n```\n\n");
        }

        foreach (var argument in command.Arguments)
        {
            page.Append($"- `{argument.Name}`: {Cell(argument.Description)}\n");
        }

        page.Append(command.Arguments.Count > 0 ? "\n" : "");
        Options(page, command.Options);
        if (command is ParleyCommand { Examples.Count: > 0 } documented)
        {
            page.Append($"```text\n{string.Join('\n', documented.Examples)}\n```\n\n");
        }
    }

    private static void Options(StringBuilder page, IEnumerable<Option> options)
    {
        var shown = options.Where(option => !option.Hidden).ToList();
        if (shown.Count == 0)
        {
            return;
        }

        page.Append("| Option | |\n|---|---|\n");
        foreach (var option in shown)
        {
            var value = option.ValueType == typeof(bool) ? "" : $" {option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant()}";
            page.Append($"| `{string.Join("`, `", option.Aliases.Prepend(option.Name))}{value}` | {Cell(option.Description)} |\n");
        }

        page.Append('\n');
    }

    private static string Cell(string? text) => (text ?? "").Replace("|", "\\|", StringComparison.Ordinal);
}
