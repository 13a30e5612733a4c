using Parley.Cli.Shell;

namespace Parley.Cli.Serve;

/// <summary>What a person reads when the server is up.</summary>
internal static class Banner
{
    private static readonly string[] First =
        ["agent add tesla", "agent add aaron", "link tesla aaron", "send aaron \"Hello\" --as tesla", "inbox --as aaron --follow"];

    public static void Print(Screen screen, DataFolder folder, ServeOptions options, string url, string? console, bool demo)
    {
        var store = options.Database is null ? "SQLite" : "PostgreSQL";
        if (screen.IsJson)
        {
            screen.Done(
                "", ("url", url), ("console", console), ("data", folder.Path), ("database", store.ToLowerInvariant()), ("version", VersionCommand.Version), ("pid", Format.Number(Environment.ProcessId)));
            screen.Flush();
            return;
        }

        var elsewhere = folder.IsDefault ? "" : $" --data {folder.Path}";
        screen.Line($"Parley {VersionCommand.Version} listens at {url}");
        screen.Line($"Data folder: {folder.Path} ({store}{(options.Relaxed ? ", relaxed: the power may take the last messages" : "")})");
        screen.Line($"API: {url}/docs");
        if (console is not null)
        {
            screen.Line($"Console: {console}");
            screen.Say("         (works once, within an hour; another: parley console)");
        }

        screen.Line();
        screen.Line("In another terminal:");
        foreach (var command in demo ? Standup.Hints : First)
        {
            screen.Say($"  parley {command}{elsewhere}");
        }

        screen.Line();
        screen.Line("Ctrl+C stops it.");
        screen.Flush();
    }
}
