using System.Diagnostics;
using System.Text.Json;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Docs;

/// <summary>Somebody who reads a document and types what it says, with a home, a terminal and a server of their own.</summary>
internal sealed class Reader : IAsyncDisposable
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly TempFolder home = new();
    private readonly Transcript transcript = new();
    private readonly List<(Terminal Terminal, Example Example)> beside = [];
    private readonly List<(Example Example, string Output)> wrong = [];
    private readonly string path;
    private Process? server;
    private PostgresDatabase? database;
    private Terminal? terminal;
    private string banner = "";

    public Reader()
    {
        var bin = Directory.CreateDirectory(home["bin"]).FullName;
        foreach (var (parley, name) in new[] { (home["bin/parley"], ""), (home["parley"], "./parley") })
        {
            File.WriteAllText(parley, $"#!/bin/sh\nPARLEY_COMMAND={name} exec dotnet '{ParleyProgram.Assembly}' \"$@\"\n");
            File.SetUnixFileMode(parley, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        path = $"{bin}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    /// <summary>Does everything that the document shows; returns what was printed otherwise.</summary>
    public async Task<IReadOnlyList<(Example Example, string Output)>> FollowAsync(Document document)
    {
        await StartServerAsync(document);
        terminal = await Terminal.OpenAsync(home.Path, path);
        foreach (var block in document.Blocks)
        {
            if (block.Directive.Name == "file")
            {
                await File.WriteAllLinesAsync(home[block.Directive.Value], block.Lines.Select(transcript.Command));
            }
            else if (block.Kind == "console beside")
            {
                await TypeBesideAsync(block.Examples().Single());
            }
            else if (block.Kind == "console")
            {
                await TypeAsync(block);
            }
        }

        await EndBesideAsync();
        return wrong;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (other, _) in beside)
        {
            await other.DisposeAsync();
        }

        if (terminal is not null)
        {
            await terminal.DisposeAsync();
        }

        if (server is { HasExited: false })
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }

        server?.Dispose();
        if (database is not null)
        {
            await database.DisposeAsync();
        }

        home.Dispose();
    }

    /// <summary>One server for the whole document, started as <c>parley up</c> starts it, on a free port.</summary>
    private async Task StartServerAsync(Document document)
    {
        var launched = document.Blocks.Any(block => block.Lines.Contains("$ ./parley up"));
        var start = new ProcessStartInfo(home[launched ? "parley" : "bin/parley"], ["up", "--listen", "127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = home.Path,
            Environment = { ["HOME"] = home.Path, ["PARLEY_DATA"] = null, ["PARLEY_DATABASE"] = null },
        };
        if (document.WantsPostgres)
        {
            database = await PostgresServer.CreateDatabaseAsync();
            start.Environment["PARLEY_DATABASE"] = database.ConnectionString;
        }

        server = Process.Start(start)!;
        while (!banner.Contains("Ctrl+C", StringComparison.Ordinal))
        {
            var line = await server.StandardOutput.ReadLineAsync().Within(Patience);
            banner += (line ?? throw new InvalidOperationException($"The server ended: {banner}")) + "\n";
        }

        var running = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(home[".parley/server.json"]));
        transcript.Stands("127.0.0.1:7275", new Uri(running.GetProperty("url").GetString()!).Authority);
    }

    private async Task TypeAsync(Block block)
    {
        foreach (var example in block.Examples())
        {
            var starts = example.Command is "./parley up" or "parley up";
            Compare(example, starts ? banner : await TypeAsync(example));
        }
    }

    /// <summary>Who looks for an answer in a history looks again while its agent is still at work.</summary>
    private async Task<string> TypeAsync(Example example)
    {
        var begun = TimeProvider.System.GetTimestamp();
        string output;
        do
        {
            output = await terminal!.RunAsync(transcript.Command(example.Command));
        }
        while (example.Command.StartsWith("parley history ", StringComparison.Ordinal) && !transcript.Accept(example.Output, Known(output))
            && TimeProvider.System.GetElapsedTime(begun) < Patience);
        return output;
    }

    /// <summary>A command that goes on in another terminal; what it prints is compared at the end.</summary>
    private async Task TypeBesideAsync(Example example)
    {
        var other = await Terminal.OpenAsync(home.Path, path);
        beside.Add((other, example));
        await other.TypeAsync(transcript.Command(example.Command));
    }

    private async Task EndBesideAsync()
    {
        foreach (var (other, example) in beside)
        {
            var lines = example.Output.Count(line => line != "…");
            Compare(example, await other.ReadAsync(text => text.Count(letter => letter == '\n') >= lines, example.Command));
        }
    }

    private void Compare(Example example, string output)
    {
        output = Known(output);
        if (!transcript.Accept(example.Output, output))
        {
            // What comes later may name these ids.
            transcript.Accept(Transcript.Tidy(output).TrimEnd('\n').Split('\n'), output);
            wrong.Add((example, Transcript.Tidy(output)));
        }
    }

    /// <summary>The address and the home as the document writes them.</summary>
    private string Known(string output) => output.Replace(transcript.Command("127.0.0.1:7275"), "127.0.0.1:7275", StringComparison.Ordinal)
        .Replace(home.Path, "~", StringComparison.Ordinal);
}
