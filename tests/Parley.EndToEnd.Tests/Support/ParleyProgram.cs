using System.Diagnostics;
using System.Text.Json;

namespace Parley.EndToEnd.Tests.Support;

/// <summary>What a run of the program printed and answered.</summary>
public sealed record Ran(int ExitCode, string Output, string Errors)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);
}

/// <summary>The program <c>parley</c> with a data folder of its own, as a person uses it in several terminals; <paramref name="models"/> is where its server finds <c>local/…</c>.</summary>
public sealed class ParleyProgram(string? models = null) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly List<Process> running = [];

    /// <summary>The program under test: compiled ahead of time, as <c>./parley</c> compiles it, where this machine has the compiler for that.</summary>
    public static string Assembly { get; } = new[] { "program/parley.dll", "parley.dll" }.Select(name => Path.Combine(AppContext.BaseDirectory, name)).First(File.Exists);

    public string Folder { get; } = Directory.CreateTempSubdirectory("parley-cli-").FullName;

    public string Data => Path.Combine(Folder, "data");

    /// <summary>The person's home folder: empty.</summary>
    public string Home => Directory.CreateDirectory(Path.Combine(Folder, "home")).FullName;

    /// <summary>Runs a command to its end, with nothing or the given text on standard input.</summary>
    public async Task<Ran> RunAsync(string[] arguments, string? input = null)
    {
        using var process = Start(arguments);
        await process.StandardInput.WriteAsync(input ?? "");
        process.StandardInput.Close();
        return await EndAsync(process);
    }

    /// <summary>Runs a command that must succeed, and returns what it printed.</summary>
    public async Task<Ran> DoAsync(params string[] arguments)
    {
        var ran = await RunAsync(arguments);
        ran.ExitCode.ShouldBe(0, $"parley {string.Join(' ', arguments)}: {ran.Errors}");
        return ran;
    }

    /// <summary>Starts a server and returns when it has printed that it listens.</summary>
    public async Task<Process> ServeAsync(params string[] arguments)
    {
        var process = Start(["up", "--listen", "127.0.0.1:0", .. arguments]);
        running.Add(process);
        await LineAsync(process, line => line.StartsWith("Ctrl+C", StringComparison.Ordinal));
        return process;
    }

    /// <summary>Starts a command that goes on until it is told to stop.</summary>
    public Process Follow(params string[] arguments)
    {
        var process = Start(arguments);
        running.Add(process);
        return process;
    }

    /// <summary>The first line of output that is meant.</summary>
    public static async Task<string> LineAsync(Process process, Func<string, bool> meant)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (meant(line))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The program ended: {await process.StandardError.ReadToEndAsync(limit.Token)}");
    }

    /// <summary>Ctrl+C.</summary>
    public static Task InterruptAsync(Process process) => SignalAsync(process, "INT");

    public static Task SignalAsync(Process process, string signal) => Command.RunAsync("/bin/sh", "-c", $"kill -{signal} {process.Id}");

    public static async Task<Ran> EndAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return new Ran(process.ExitCode, await output, await errors);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = Home, ["XDG_CONFIG_HOME"] = null, ["PARLEY_DATA"] = Data, ["PARLEY_URL"] = null, ["PARLEY_TOKEN"] = null, ["PARLEY_LOCAL_URL"] = models },
        };
        return Process.Start(start)!;
    }
}
