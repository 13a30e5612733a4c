using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Parley.Client;
using Parley.EndToEnd.Tests.Support;
using Parley.Storage;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>
/// A Parley server as a process, at an address that it keeps over its lives; <paramref name="models"/> is where it finds <c>local/…</c>, <paramref name="place"/> where in a network of the test it runs.
/// </summary>
internal sealed class ServerProcess(string data, string? database = null, bool relaxed = false, string? models = null, NetworkPlace? place = null) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly ConcurrentQueue<string> log = new();
    private readonly int port = FreePort.Next();
    private Process? process;
    private StraceFaults? faults;

    public Uri Address => new($"http://{place?.Address ?? "127.0.0.1"}:{port}");

    public int Id => process!.Id;

    /// <summary>What it has printed, of all its lives.</summary>
    public string Log => string.Join('\n', log.TakeLast(60));

    public StorageOptions Storage => new() { SqlitePath = database is null ? Path.Combine(data, "parley.db") : null, PostgresConnectionString = database, Relaxed = relaxed };

    /// <summary>Ends when the process does.</summary>
    public Task Ended => process!.WaitForExitAsync(TestContext.Current.CancellationToken);

    /// <summary>The memory that the process holds, in MiB.</summary>
    public long ResidentMegabytes => File.ReadLines($"/proc/{Id}/status").Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024).Single();

    public string OwnerSecret => File.ReadAllText(Path.Combine(data, "owner.secret")).Trim();

    public ParleyClient Owner() => new(Address, OwnerSecret);

    /// <summary>Starts; true when it listens, false when it has died before.</summary>
    public async Task<bool> StartAsync(FlushFault? fault = null)
    {
        var listening = new Signal<bool>();
        await ReleaseAsync();
        var start = Command();
        (process, faults) = fault is null ? (Process.Start(start)!, null) : StraceFaults.Start(fault, start);
        _ = ReadAsync(process.StandardOutput, line => line.StartsWith("Ctrl+C", StringComparison.Ordinal), listening);
        _ = ReadAsync(process.StandardError, _ => false, listening);
        return await listening.Within(Patience);
    }

    /// <summary>Starts, and fails with what it printed where it does not listen.</summary>
    public async Task MustStartAsync() => (await StartAsync()).ShouldBeTrue($"the server did not start:\n{Log}");

    /// <summary>How often the fault of the last start has fired.</summary>
    public int FaultsFired => faults?.Fired ?? 0;

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await Ended.Within(Patience);
    }

    /// <summary>Holds it still where it is, in the middle of a flush too: whatever happens to its disk then, it gives no further answer.</summary>
    public async Task FreezeAsync()
    {
        var asked = TimeProvider.System.GetTimestamp();
        await Support.Command.RunAsync("/bin/sh", "-c", $"kill -STOP {Id}");
        while (Directory.EnumerateDirectories($"/proc/{Id}/task").Any(IsRunning))
        {
            TimeProvider.System.GetElapsedTime(asked).ShouldBeLessThan(Patience);
        }
    }

    /// <summary>Lets it go on.</summary>
    public Task ContinueAsync() => Support.Command.RunAsync("/bin/sh", "-c", $"kill -CONT {Id}");

    /// <summary>Holds it still for a time and lets it go on.</summary>
    public async Task PauseAsync(TimeSpan time)
    {
        await FreezeAsync();
        await Task.Delay(time, TimeProvider.System, TestContext.Current.CancellationToken);
        await ContinueAsync();
    }

    /// <summary>Its health, its files, the space that is left for them and what it printed last.</summary>
    public async Task<string> DescribeAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        string health;
        try
        {
            using var answer = await http.GetAsync(new Uri(Address, "/health/ready"));
            health = await answer.Content.ReadAsStringAsync();
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            health = fault.Message;
        }

        var files = string.Join(", ", new DirectoryInfo(data).EnumerateFiles().Select(file => $"{file.Name} {file.Length}"));
        return $"health {health}; {files}; {new DriveInfo(data).AvailableFreeSpace} bytes free; its log:\n{Log}";
    }

    /// <summary>Asks it to stop; the exit code and how long it took.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> StopAsync(string signal)
    {
        var asked = TimeProvider.System.GetTimestamp();
        await Support.Command.RunAsync("/bin/sh", "-c", $"kill -{signal} {Id}");
        await Ended.Within(Patience);
        return (process!.ExitCode, TimeProvider.System.GetElapsedTime(asked));
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            await KillAsync();
        }

        await ReleaseAsync();
    }

    /// <summary>Neither stopped (T) nor in the kernel, waiting for the disk (D), from where it comes back stopped.</summary>
    private static bool IsRunning(string thread)
    {
        var status = File.ReadAllText(Path.Combine(thread, "stat"));
        return status[status.LastIndexOf(')') + 2] is not ('T' or 't' or 'D' or 'Z' or 'X');
    }

    private async Task ReleaseAsync()
    {
        process?.Dispose();
        await (faults?.DisposeAsync() ?? ValueTask.CompletedTask);
        (process, faults) = (null, null);
    }

    private async Task ReadAsync(StreamReader output, Func<string, bool> meant, Signal<bool> listening)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            log.Enqueue(line);
            if (meant(line))
            {
                listening.Raise(true);
            }
        }

        listening.Raise(false);
    }

    private ProcessStartInfo Command()
    {
        string[] store = [.. database is null ? Array.Empty<string>() : ["--database", place?.Through(database) ?? database], .. relaxed ? ["--relaxed"] : Array.Empty<string>()];
        string[] command = [.. place?.Prefix ?? [], "dotnet", ParleyProgram.Assembly, "serve", "--data", data, "--listen", Address.Authority, .. store, .. place?.Options ?? []];
        return new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PARLEY_DATA"] = null, ["PARLEY_URL"] = null, ["PARLEY_TOKEN"] = null, ["PARLEY_DATABASE"] = null, ["PARLEY_LOCAL_URL"] = models },
        };
    }
}
