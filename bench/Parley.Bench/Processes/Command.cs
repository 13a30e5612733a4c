using System.Diagnostics;

namespace Parley.Bench.Processes;

/// <summary>A program with its arguments, environment and, when this program runs as root, the user to run it as.</summary>
sealed record Command(string Program, params string[] Arguments)
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public string? User { get; init; }

    public ProcessStartInfo ToStartInfo()
    {
        IEnumerable<string> line = [Program, .. Arguments];
        if (User is not null && System.Environment.IsPrivilegedProcess)
            line = ["/usr/bin/setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", .. line];

        var start = new ProcessStartInfo(line.First(), line.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>Runs the command to its end.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        using var process = Process.Start(ToStartInfo())
            ?? throw new BenchException($"{Program} could not be started.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await Task.WhenAll(output, errors, process.WaitForExitAsync(limit.Token));
            if (process.ExitCode != 0)
                throw new BenchException($"{Program} ended with {process.ExitCode}: {await output}{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
