using System.Diagnostics;
using System.Globalization;

namespace Parley.EndToEnd.Tests.Support;

/// <summary>
/// Injects a <see cref="FlushFault"/> into a process through strace: into a new one from its first instruction (<see cref="Start"/>),
/// or into a running one until disposed (<see cref="AttachAsync"/>).
/// </summary>
public sealed class StraceFaults : IAsyncDisposable
{
    private const string Flushes = "fsync,fdatasync,sync_file_range,sync,syncfs";
    private readonly TempFolder _folder = new();
    private Process? _tracer;
    private Task<string> _messages = Task.FromResult("");

    private StraceFaults()
    {
    }

    /// <summary>How many times the fault has fired: the proof that a test saw what it is about.</summary>
    public int Fired => ReadTrace().Split('\n').Count(IsFault);

    /// <summary>How many flushes the process has asked for, with or without a fault.</summary>
    public int Flushed => ReadTrace().Split('\n').Count(line => line.Contains("sync", StringComparison.Ordinal) && line.Contains('(', StringComparison.Ordinal) && !line.Contains("resumed>", StringComparison.Ordinal));

    private string Trace => _folder["trace"];

    /// <summary>
    /// Starts a program under the fault. The process that is returned is the program itself, not strace: it is killed, waited for and redirected as usual.
    /// Skips the calling test where strace is missing or may not trace.
    /// </summary>
    public static (Process Process, StraceFaults Faults) Start(FlushFault fault, ProcessStartInfo program)
    {
        SkipWithoutStrace();
        var faults = new StraceFaults();
        // Stopping only at flushes costs the program next to nothing, but strace delivers no signals that way.
        string[] quick = fault.Action.StartsWith("signal=", StringComparison.Ordinal) ? [] : ["--seccomp-bpf"];
        string[] arguments = ["--daemonize", .. quick, .. faults.Arguments(fault), "--", program.FileName, .. program.ArgumentList];
        program.FileName = "strace";
        program.ArgumentList.Clear();
        foreach (var argument in arguments)
        {
            program.ArgumentList.Add(argument);
        }

        return (Process.Start(program)!, faults);
    }

    /// <summary>Puts a running process, with all its threads and children, under the fault until the result is disposed.</summary>
    public static async Task<StraceFaults> AttachAsync(FlushFault fault, int processId)
    {
        SkipWithoutStrace();
        var faults = new StraceFaults();
        faults._tracer = Process.Start(new ProcessStartInfo("strace", [.. faults.Arguments(fault), "-p", processId.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        var first = await faults._tracer.StandardError.ReadLineAsync();
        if (first?.Contains("attached", StringComparison.Ordinal) != true)
        {
            await faults.DisposeAsync();
            throw new InvalidOperationException($"strace did not attach to {processId}: {first}");
        }

        faults._messages = faults._tracer.StandardError.ReadToEndAsync(); // or strace would block on a full pipe
        return faults;
    }

    /// <summary>Detaches; the process goes on without the fault.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_tracer is not null)
        {
            await Command.TryAsync("kill", "-INT", _tracer.Id.ToString(CultureInfo.InvariantCulture));
            await _tracer.WaitForExitAsync();
            await _messages;
            _tracer.Dispose();
        }

        _folder.Dispose();
    }

    /// <summary>A flush that failed, was late, or never returned; another thread's line may stand between its beginning and its end.</summary>
    internal static bool IsFault(string line) => line.Contains("(INJECTED)", StringComparison.Ordinal) || line.Contains("(DELAYED)", StringComparison.Ordinal)
        || (line.EndsWith("= ?", StringComparison.Ordinal) && (line.Contains("sync(", StringComparison.Ordinal) || line.Contains("sync resumed>", StringComparison.Ordinal)));

    private static void SkipWithoutStrace() => Assert.SkipWhen(Command.Find("strace") is null, "strace is not installed (on Debian: apt install strace).");

    private string[] Arguments(FlushFault fault) => ["-f", "-o", Trace, "-e", $"trace={Flushes}", "-e", "signal=none", "-e", $"inject={Flushes}:{fault.Action}"];

    private string ReadTrace()
    {
        if (!File.Exists(Trace))
        {
            return "";
        }

        using var reader = new StreamReader(new FileStream(Trace, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
