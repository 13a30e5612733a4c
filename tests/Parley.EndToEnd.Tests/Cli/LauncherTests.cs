using System.Diagnostics;

namespace Parley.EndToEnd.Tests.Cli;

/// <summary>The script of a checkout hands its own name to the program that it starts.</summary>
public sealed class LauncherTests
{
    [Theory]
    [InlineData("./parley", "./parley")]
    [InlineData("parley", "parley")]
    public async Task The_program_learns_how_it_was_called(string typed, string name)
    {
        using var checkout = new TempFolder();
        Directory.CreateDirectory(checkout["src"]);
        foreach (var source in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json" })
        {
            await File.WriteAllTextAsync(checkout[source], "", TestContext.Current.CancellationToken);
        }

        // As if it had been built: the program says what it was told.
        Directory.CreateDirectory(checkout["artifacts/launch/current"]);
        await File.WriteAllTextAsync(checkout["artifacts/launch/current/parley"], "#!/bin/sh\necho \"$PARLEY_COMMAND: $*\"\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(checkout["artifacts/launch/current/.built"], "", TestContext.Current.CancellationToken);
        File.Copy(Repository.PathOf("parley"), checkout["parley"]);
        foreach (var program in new[] { "artifacts/launch/current/parley", "parley" })
        {
            File.SetUnixFileMode(checkout[program], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"{typed} agent list"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = checkout.Path,
            Environment = { ["PATH"] = $"{checkout.Path}:{Environment.GetEnvironmentVariable("PATH")}", ["PARLEY_COMMAND"] = "something else" },
        })!;
        (await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe($"{name}: agent list\n");
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
