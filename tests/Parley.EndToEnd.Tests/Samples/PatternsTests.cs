using System.Diagnostics;
using System.Text.Json;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Samples;

/// <summary>The patterns of the founding document as their samples run them: real processes, no network, demonstration models.</summary>
public sealed class PatternsTests : IDisposable
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_standup_asks_six_at_once_and_reports_what_each_of_them_said()
    {
        var report = await RunAsync("standup");
        report.ShouldStartWith("# Standup: What should we build next?\n");
        Headings(report).ShouldBe(["tesla, architecture", "aaron, data", "barnum, ux", "bond, security", "patton, strategy", "buffett, finance"]);
        report.ShouldContain("\nBuild one gateway in front of all services.");
        report.ShouldContain("\nBuild billing by use.");
        report.Split("\n(completed after ").Length.ShouldBe(7);
        report.ShouldMatch(@"\n6 sessions, \d+ tokens, \$0\.00; the longest took \d+s, all together \d+s\.\n");
        report.ShouldContain("(demo model: no language model is asked)");
    }

    [Fact]
    public async Task The_chain_hands_the_result_of_one_to_the_next()
    {
        var report = await RunAsync("chain");
        report.ShouldStartWith("# Chain: Plan the invoice service\n");
        Headings(report).ShouldBe(["aaron, data"]);
        report.ShouldContain("This builds on tesla (“three parts and one contract");
        report.ShouldMatch(@"\nIn order: tesla \(completed after [^)]+\); aaron \(completed after [^)]+\)\n2 sessions, ");
    }

    [Fact]
    public async Task The_fan_out_merges_what_three_said()
    {
        var report = await RunAsync("fan-out");
        Headings(report).ShouldBe(["tesla, architecture", "aaron, data", "barnum, ux"]);
        report.ShouldNotContain("This builds on");
        report.ShouldContain("\n3 sessions, ");
    }

    [Fact]
    public async Task The_fan_in_gives_two_results_to_one()
    {
        var report = await RunAsync("fan-in");
        Headings(report).ShouldBe(["buffett, finance"]);
        report.ShouldMatch(@"This builds on tesla \(“[^”]+”\) and aaron \(“[^”]+”\)\.");
        report.ShouldContain("\n3 sessions, ");
    }

    [Fact]
    public async Task A_program_spawns_monitors_and_harvests()
    {
        await using var parley = new ParleyProgram();
        await parley.ServeAsync();
        var first = await HarvestAsync(parley);
        (first.ExitCode, first.Errors).ShouldBe((0, ""));
        first.Output.ShouldStartWith("3 sessions are at work\n");
        foreach (var name in new[] { "tesla", "aaron", "barnum" })
        {
            first.Output.ShouldContain($"\n{name}: completed\n");
            first.Output.ShouldMatch($@"\n{name} \(\d+s, \d+ tokens\):\nFrom ");
        }

        first.Output.ShouldMatch(@"\ntogether: \d+ tokens, \$0\.00\n$");
        (await HarvestAsync(parley)).Output.ShouldStartWith("tesla is there already\n");
    }

    private static IEnumerable<string> Headings(string report) => report.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]);

    /// <summary>Runs a sample with the program under test; it must leave nothing behind.</summary>
    private async Task<string> RunAsync(string sample)
    {
        var parley = folder["parley"];
        await File.WriteAllTextAsync(parley, $"#!/bin/sh\nexec dotnet '{ParleyProgram.Assembly}' \"$@\"\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(parley, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var temporary = Directory.CreateDirectory(folder["tmp"]).FullName;
        using var process = Process.Start(new ProcessStartInfo("bash", [Repository.PathOf($"samples/Patterns/{sample}.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PARLEY"] = parley, ["TMPDIR"] = temporary, ["LC_ALL"] = "C.UTF-8" },
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        process.ExitCode.ShouldBe(0, await errors);
        Directory.EnumerateDirectories(temporary, "tmp.*").ShouldBeEmpty();
        return await output;
    }

    private static async Task<Ran> HarvestAsync(ParleyProgram parley)
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        var server = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(parley.Data, "server.json"), TestContext.Current.CancellationToken));
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Repository.PathOf($"artifacts/bin/Patterns/{configuration}/Patterns.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PARLEY_URL"] = server.GetProperty("url").GetString(),
                ["PARLEY_TOKEN"] = (await File.ReadAllTextAsync(Path.Combine(parley.Data, "owner.secret"), TestContext.Current.CancellationToken)).Trim(),
            },
        })!;
        return await ParleyProgram.EndAsync(process);
    }
}
