using System.ComponentModel;
using System.Diagnostics;
using Parley.Core.Turns;

namespace Parley.Runtimes.Processes;

/// <summary>
/// A program that runs for a step of a turn: with the environment and the folder that it is given and nothing else, and never longer than this object. With it ends whatever
/// it has started.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(500);
    private readonly Process _process;
    private readonly ProcessGuard _guard;
    private readonly string _mark;
    private readonly OutputTail _tail = new();
    private readonly Task _errors;
    private readonly Task<int> _exit;
    private int _disposed;

    private ChildProcess(Process process, ProcessGuard guard, string mark, long mostOutput)
    {
        (_process, _guard, _mark) = (process, guard, mark);
        Output = new BoundedStream(process.StandardOutput.BaseStream, mostOutput);
        _errors = _tail.FillAsync(process.StandardError.BaseStream);
        _exit = WaitAsync();
    }

    /// <summary>Its standard input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Its standard output; reading more than it may print throws a fault.</summary>
    public Stream Output { get; }

    /// <summary>Completes with its exit code, after whatever it has started was ended.</summary>
    public Task<int> Exit => _exit;

    /// <summary>Starts it. Throws a fault that says why it cannot be started.</summary>
    public static ChildProcess Start(ChildStart start, ProcessGuard guard)
    {
        var program = start.Found() ?? throw new RuntimeFault(RuntimeFaultKind.Refused, $"There is no program '{start.Command[0]}' on the server's machine, or its PATH does not lead to it.");
        var mark = guard.NewMark();
        guard.Watch();
        try
        {
            var process = Process.Start(Info(start, program, mark))!;
            guard.Begun(process.Id);
            return new ChildProcess(process, guard, mark, start.MostOutput);
        }
        catch (Win32Exception fault)
        {
            throw new RuntimeFault(RuntimeFaultKind.Refused, $"The program '{start.Command[0]}' cannot be started in {start.Folder}: {fault.Message}", cause: fault);
        }
    }

    /// <summary>The end of what it said on standard error.</summary>
    public async Task<string> ErrorsAsync()
    {
        await _errors.WaitAsync(s_grace, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _tail.Text;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (!_exit.IsCompleted)
        {
            ProcessKill.Ask(_process);
            await ((Task)_exit).WaitAsync(s_grace, TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!_exit.IsCompleted)
        {
            await Task.Run(() => ProcessKill.Everything(_process, _mark)).ConfigureAwait(false);
        }

        await ((Task)_exit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _guard.Ended(_process.Id);
        _process.Dispose();
    }

    private static ProcessStartInfo Info(ChildStart start, string program, string mark)
    {
        var info = new ProcessStartInfo(ProcessKill.GroupStarter ?? program)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = start.Folder,
        };
        foreach (var argument in ProcessKill.GroupStarter is null ? start.Command.Skip(1) : start.Command.Skip(1).Prepend(program))
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        info.Environment[ProcessGuard.Variable] = mark[(ProcessGuard.Variable.Length + 1)..];
        return info;
    }

    /// <summary>What it leaves behind ends with it, else its output would stay open.</summary>
    private async Task<int> WaitAsync()
    {
        // A process whose output is read by somebody else is waited for without its output.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => ended.TrySetResult();
        if (_process.HasExited)
        {
            ended.TrySetResult();
        }

        await ended.Task.ConfigureAwait(false);
        var code = _process.ExitCode;
        await Task.Run(() => ProcessKill.Everything(_process, _mark)).ConfigureAwait(false);
        return code;
    }
}
