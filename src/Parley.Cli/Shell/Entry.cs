using System.CommandLine;
using System.Runtime.InteropServices;
using Parley.Cli.Config;
using Parley.Client;
using Parley.Core;

namespace Parley.Cli.Shell;

/// <summary>From the arguments to the exit code: parses, runs the command, and tells every failure as a sentence with a fix.</summary>
internal static class Entry
{
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        using var stop = new CancellationTokenSource();
        var parse = CommandTable.Parse(args);
        var isLeft = parse.CommandResult.Command is ParleyCommand { OwnsSignals: true };
        using var interrupt = isLeft ? null : PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = isLeft ? null : PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        var screen = new Screen(output, error, json: false);
        if (parse.Errors.Count > 0 && !HelpAction.Asked(parse))
        {
            return ParseFailure.Tell(parse, screen);
        }

        try
        {
            var code = await parse.InvokeAsync(configuration, stop.Token).ConfigureAwait(false);
            await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return code;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (ParleyException refusal)
        {
            return screen.Error(refusal);
        }
        catch (ConfigException fault)
        {
            return fault.Tell(screen);
        }
        catch (ParleyError refusal)
        {
            return screen.Error(refusal.Message, refusal.Fix, refusal.Code.ExitCode);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return screen.Error(fault.Message, "Check the file, its folder, and the rights to them.", ExitCode.Failure);
        }
    }

    /// <summary>The first signal asks the command to end; the second ends the process at once.</summary>
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        if (stop.IsCancellationRequested)
        {
            Environment.Exit(ExitCode.Interrupted);
        }

        signal.Cancel = true;
        stop.Cancel();
    }
}
