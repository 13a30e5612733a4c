using System.ComponentModel;
using System.Diagnostics;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Programs;

/// <summary>
/// Claude Code and Codex from the lock file under tests/Node/programs, installed into artifacts/node and kept there. Tests are skipped where there is no Node, no npm
/// or no registry.
/// </summary>
internal static class CodingAgents
{
    private static readonly TimeSpan LongestInstall = TimeSpan.FromMinutes(5);
    private static readonly SemaphoreSlim One = new(1, 1);

    private static string Folder => Repository.PathOf("artifacts/node/programs");

    public static string ClaudeCode => Path.Combine(Folder, "node_modules/.bin/claude");

    public static string Codex => Path.Combine(Folder, "node_modules/.bin/codex");

    /// <summary>Installs what the lock file says, unless it is there already.</summary>
    public static async Task PrepareAsync()
    {
        Assert.SkipWhen(Command.Find("node") is null || Command.Find("npm") is null, "There is no Node with npm here.");
        await One.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var source = Repository.PathOf("tests/Node/programs");
            Directory.CreateDirectory(Folder);
            var (wanted, installed) = (await File.ReadAllTextAsync(Path.Combine(source, "package-lock.json")), Path.Combine(Folder, ".installed"));
            if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == wanted)
            {
                return;
            }

            foreach (var file in Directory.EnumerateFiles(source))
            {
                File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)), overwrite: true);
            }

            await RunAsync("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error");
            await RunAsync("node", "node_modules/@anthropic-ai/claude-code/install.cjs");
            await File.WriteAllTextAsync(installed, wanted);
        }
        finally
        {
            One.Release();
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Close();
        using var late = new CancellationTokenSource(LongestInstall, TimeProvider.System);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(late.Token), process.StandardError.ReadToEndAsync(late.Token));
        await process.WaitForExitAsync(late.Token);
        Assert.SkipWhen(process.ExitCode != 0, $"'{program} {arguments[0]}' did not work here: {await output}{await errors}");
    }
}
