using System.CommandLine;
using System.Diagnostics;
using Parley.Cli.Shell;
using Parley.Client.Sockets;
using Parley.Client.Wire;
using System.Text.Json;

namespace Parley.Cli;

/// <summary><c>parley watch</c>: wakes any program when a message comes.</summary>
internal static class WatchCommand
{
    private static readonly Option<string?> Exec = new("--exec")
    {
        Description = "Run this for every message, with its JSON on standard input; success acknowledges it, failure ends the watch.", HelpName = "COMMAND",
    };

    private static readonly Option<bool> Once = new("--once") { Description = "End after the first message." };
    private static readonly Option<TimeSpan?> Timeout = Durations.Option("--timeout", "End with exit code 5 when nothing came for so long.", TimeSpan.FromSeconds(1));
    private static readonly Option<string?> After = new("--after") { Description = "Begin after this cursor or number; default after the acknowledged one.", HelpName = "CURSOR" };

    public static Command Build() =>
        new ParleyCommand(
            "watch", "Print one line a message, with the beginning of its text: what is unread, then what comes. Nothing is acknowledged without --exec.",
            "parley watch --as aaron", "parley watch --as aaron --once --timeout 10m", "parley watch --as aaron --once --after 12", "parley watch --as aaron --exec './on-message.sh'",
            "parley watch --as aaron --json | while read -r message; do echo \"$message\" | jq -r .content; done")
        {
            Exec, Once, Timeout, After,
        }.Does(WatchAsync);

    private static async Task<int> WatchAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsAgentAsync(cancellation).ConfigureAwait(false);
        await using var socket = await client.OpenSocketAsync(new SocketOptions { Cursor = invocation.Get(After) }, cancellation).ConfigureAwait(false);
        using var quiet = new CancellationTokenSource(invocation.Get(Timeout) ?? System.Threading.Timeout.InfiniteTimeSpan, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, cancellation);
        try
        {
            await foreach (var message in socket.ReadAllAsync(either.Token).ConfigureAwait(false))
            {
                quiet.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);
                if (await HandleAsync(invocation, socket, message, cancellation).ConfigureAwait(false) is not ExitCode.Ok and var code)
                {
                    return code;
                }

                if (invocation.Get(Once))
                {
                    break;
                }

                quiet.CancelAfter(invocation.Get(Timeout) ?? System.Threading.Timeout.InfiniteTimeSpan);
            }
        }
        catch (OperationCanceledException) when (quiet.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return ExitCode.TryLater;
        }

        return ExitCode.Ok;
    }

    private static async Task<int> HandleAsync(Invocation invocation, ChannelSocket socket, MessageView message, CancellationToken cancellation)
    {
        if (invocation.Get(Exec) is not { } command)
        {
            invocation.Screen.PrintPointer(message);
            invocation.Screen.Flush();
            return ExitCode.Ok;
        }

        var code = await RunAsync(command, message, cancellation).ConfigureAwait(false);
        if (code != 0)
        {
            return invocation.Screen.Error(
                $"The command ended with {code} for message {message.InboxNumber}; it stays unread.", "Mend the command and watch again, or reject the message: 'parley reject'.", ExitCode.Failure);
        }

        await socket.AckAsync(message.Cursor!, cancellation).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    /// <summary>Nothing that another agent wrote reaches the command line: the text comes on standard input only.</summary>
    private static async Task<int> RunAsync(string command, MessageView message, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo { FileName = OperatingSystem.IsWindows() ? "cmd" : "/bin/sh", RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add(OperatingSystem.IsWindows() ? "/c" : "-c");
        start.ArgumentList.Add(command);
        start.Environment["PARLEY_MESSAGE_ID"] = message.Id.ToString();
        start.Environment["PARLEY_MESSAGE_FROM"] = message.From;
        start.Environment["PARLEY_MESSAGE_TYPE"] = message.Type;
        start.Environment["PARLEY_MESSAGE_CURSOR"] = message.Cursor;
        using var process = Process.Start(start)!;
        try
        {
            await JsonSerializer.SerializeAsync(process.StandardInput.BaseStream, message, Screen.Wire.MessageView, cancellation).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command did not want to read; its exit code says the rest.
        }

        try
        {
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }
}
