using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Parley.Bench.Processes;

/// <summary>A server that this program started, and stops again.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    const int OutputLines = 20;
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    readonly Process process;
    readonly int stopSignal;
    readonly ConcurrentQueue<string> output = new();

    ServerProcess(Process process, int stopSignal)
    {
        this.process = process;
        this.stopSignal = stopSignal;
    }

    public int Id => process.Id;

    /// <summary>The last lines the server wrote, for the report of a failure.</summary>
    public string LastOutput => string.Join('\n', output);

    public static ServerProcess Start(Command command, int stopSignal = Libc.Terminate)
    {
        var server = new ServerProcess(new Process { StartInfo = command.ToStartInfo() }, stopSignal);
        server.process.OutputDataReceived += (_, line) => server.Keep(line.Data);
        server.process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
        server.process.Start();
        server.process.BeginOutputReadLine();
        server.process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Repeats <paramref name="connect"/> until it succeeds.</summary>
    public async Task WaitUntilReadyAsync(Func<CancellationToken, Task> connect, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await connect(cancellation);
                return;
            }
            catch (Exception refusal) when (refusal is not OperationCanceledException)
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
                    throw new BenchException($"{process.StartInfo.FileName} did not start: {refusal.Message}\n{LastOutput}");
            }

            await Task.Delay(Poll, TimeProvider.System, cancellation);
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            _ = Libc.Signal(process.Id, stopSignal);
            using var limit = new CancellationTokenSource(StopLimit, TimeProvider.System);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.Dispose();
    }

    void Keep(string? line)
    {
        if (line is null)
            return;
        output.Enqueue(line);
        if (output.Count > OutputLines)
            output.TryDequeue(out _);
    }
}
