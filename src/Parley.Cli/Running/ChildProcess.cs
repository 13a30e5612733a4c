using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Parley.Cli.Running;

/// <summary>A program that has the terminal for itself. Signals that the terminal sends reach it anyway; others are passed on.</summary>
internal static partial class ChildProcess
{
    private static readonly (PosixSignal Signal, int Number, bool FromTerminal)[] Passed =
        [(PosixSignal.SIGINT, 2, true), (PosixSignal.SIGQUIT, 3, true), (PosixSignal.SIGTERM, 15, false), (PosixSignal.SIGHUP, 1, false)];

    /// <summary>Null where there is no such program.</summary>
    public static Process? Start(IReadOnlyList<string> words, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public static async Task<int> WaitAsync(Process process)
    {
        var signals = Passed.Select(passed => PosixSignalRegistration.Create(passed.Signal, context =>
        {
            context.Cancel = true;
            if ((!passed.FromTerminal || Console.IsInputRedirected) && !OperatingSystem.IsWindows())
            {
                _ = Kill(process.Id, passed.Number);
            }
        })).ToArray();
        try
        {
            await process.WaitForExitAsync().ConfigureAwait(false);
            return process.ExitCode;
        }
        finally
        {
            foreach (var signal in signals)
            {
                signal.Dispose();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
