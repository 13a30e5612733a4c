using System.CommandLine;

namespace Parley.Cli.Shell;

/// <summary>The options that every command takes.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> As = new("--as")
    {
        Description = "The agent in whose name the command runs.", HelpName = "AGENT", Recursive = true, CompletionSources = { Suggestions.Agents },
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print JSON: one document, or one a line where the command follows.", Recursive = true,
    };

    public static readonly Option<string?> Data = new("--data")
    {
        Description = "The data folder with the tokens; default $PARLEY_DATA, else ~/.parley.", HelpName = "DIR", Recursive = true,
    };

    public static readonly Option<string?> Url = new("--url")
    {
        Description = "The server; default $PARLEY_URL, else the one running on the data folder.", HelpName = "URL", Recursive = true,
    };

    public static IEnumerable<Option> All => [As, Json, Data, Url];
}
