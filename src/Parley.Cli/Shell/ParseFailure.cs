using System.CommandLine;
using System.Text.RegularExpressions;

namespace Parley.Cli.Shell;

/// <summary>Tells what is wrong with the arguments.</summary>
internal static partial class ParseFailure
{
    public static int Tell(ParseResult parse, Screen screen)
    {
        var path = Path(parse);
        var unknown = parse.UnmatchedTokens.FirstOrDefault(token => !token.StartsWith('-'));
        var known = parse.CommandResult.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name).ToArray();
        if (unknown is not null && known.Length > 0 && parse.CommandResult.Command.Arguments.Count == 0)
        {
            var near = known.Select(name => (Name: name, Distance: Distance(unknown, name))).MinBy(pair => pair.Distance);
            var hint = near.Distance <= 2 ? $"Did you mean '{path} {near.Name}'?" : $"See '{path} --help'.";
            return screen.Error($"There is no command '{path} {unknown}'.", hint, ExitCode.WrongInput);
        }

        return screen.Error(Sentence(parse.Errors[0].Message), $"See '{path} --help'.", ExitCode.WrongInput);
    }

    /// <summary>The library's sentence, without the names of types.</summary>
    private static string Sentence(string message)
    {
        var mistyped = Mistyped().Match(message);
        var kind = !mistyped.Success ? null : mistyped.Groups[2].Value switch
        {
            var type when type.Contains("Guid", StringComparison.Ordinal) => "an id, such as 01a1fc11-cb93-7fb2-9c4d-f9116daec415",
            var type when type.Contains("Int", StringComparison.Ordinal) => "a whole number",
            _ => null,
        };
        return kind is null ? message.Replace("\n\t", " ", StringComparison.Ordinal) : $"'{mistyped.Groups[1].Value}' is not {kind}.";
    }

    [GeneratedRegex("^Cannot parse argument '(.*)' for .* as expected type '([^']*)'", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Mistyped();

    private static string Path(ParseResult parse)
    {
        var names = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = parse.CommandResult; at is System.CommandLine.Parsing.CommandResult command; at = at.Parent)
        {
            names.Insert(0, command.Command is RootCommand ? "parley" : command.Command.Name);
        }

        return string.Join(' ', names);
    }

    /// <summary>How many letters have to be changed, added or left out.</summary>
    internal static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
