using Parley.Cli.Shell;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Sessions;

/// <summary>Waits for a session's end and shows meanwhile, to a person, what it does.</summary>
internal sealed class SessionWait(Screen screen, ParleyClient client, string name, string asAgent)
{
    private static readonly TimeSpan OneCall = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private readonly TimeProvider time = TimeProvider.System;
    private readonly long began = TimeProvider.System.GetTimestamp();
    private string status = "queued";
    private int drawn;

    /// <summary>Prints the result and returns what its end means. Ctrl+C ends only the waiting.</summary>
    public async Task<int> RunAsync(string session, CancellationToken cancellation)
    {
        try
        {
            await FollowAsync(session, cancellation).ConfigureAwait(false);
            return Tell(await client.Sessions.WaitAsync(session, cancellation).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Erase();
            screen.Note($"The session goes on without this terminal. Follow it: parley session log {name} --follow{asAgent}; end it: parley session kill {name}{asAgent}");
            return ExitCode.Interrupted;
        }
        finally
        {
            Erase();
        }
    }

    private async Task FollowAsync(string session, CancellationToken cancellation)
    {
        for (var (after, ended) = (0, false); !ended;)
        {
            var call = client.Sessions.LogAsync(session, after, OneCall, cancellation: cancellation);
            while (await Task.WhenAny(call, Task.Delay(Tick, time, cancellation)).ConfigureAwait(false) != call)
            {
                cancellation.ThrowIfCancellationRequested();
                Draw();
            }

            var log = await call.ConfigureAwait(false);
            if (status != log.Status && log.Status == "held")
            {
                Show("It waits for a person's approval: parley hold list");
            }

            (status, after, ended) = (log.Status, log.Next, log.Status is not ("held" or "queued" or "running"));
            foreach (var entry in log.Entries.Where(entry => entry.Kind is "tool" or "note"))
            {
                Show($"{Clock()}  {SessionWords.Line(entry)}");
            }

            Draw();
        }
    }

    private int Tell(SessionDetailsView details)
    {
        var session = details.Session;
        Erase();
        if (screen.IsJson)
        {
            screen.Json(details, Screen.Wire.SessionDetailsView);
            return SessionWords.ExitCodeOf(session.Status);
        }

        var used = $"{Format.Number(session.Tokens)} tokens, {RootsCommand.Money(session.Cost)}, {session.Model}";
        if (session.Status != "completed")
        {
            return screen.Error(
                $"{session.AgentId} {SessionWords.Status(session)} ({used}){(session.Reason is { } reason ? ": " + reason : "")}", $"See what it did: parley session log {name}{asAgent}",
                SessionWords.ExitCodeOf(session.Status));
        }

        // Where no person looks, a program reads it and wants it as it is.
        screen.Line(screen.IsTerminal ? SafeText.Lines(details.Result) : details.Result ?? "");
        foreach (var warning in session.Warnings)
        {
            screen.Note($"warning: {SafeText.Line(warning)}");
        }

        screen.Note($"{session.AgentId} {SessionWords.Status(session)}: {used}. What it did: parley session log {name}{asAgent}");
        return ExitCode.Ok;
    }

    private string Clock()
    {
        var passed = time.GetElapsedTime(began);
        return $"{(int)passed.TotalMinutes}:{passed.Seconds:00}";
    }

    /// <summary>The line that is written over, on a terminal only.</summary>
    private void Draw()
    {
        if (screen.ShowsProgress)
        {
            Erase();
            var line = $"{Clock()}  {SessionWords.Words(status)} …";
            Console.Error.Write("\r" + line);
            drawn = line.Length;
        }
    }

    private void Show(string line)
    {
        if (screen.ShowsProgress)
        {
            Erase();
            var width = Console.WindowWidth is > 1 and var columns ? columns - 1 : 79;
            screen.Note(line.Length <= width ? line : line[..(width - 1)] + "…");
        }
    }

    private void Erase()
    {
        if (drawn > 0)
        {
            Console.Error.Write($"\r{new string(' ', drawn)}\r");
            drawn = 0;
        }
    }
}
