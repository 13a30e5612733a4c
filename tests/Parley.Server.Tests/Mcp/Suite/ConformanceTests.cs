using System.Text.RegularExpressions;

namespace Parley.Server.Tests.Mcp.Suite;

/// <summary>The protocol's official conformance suite against this server.</summary>
public sealed partial class ConformanceTests
{
    private const int FewestScenarios = 29;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>Scenarios that need none of the suite's own tools.</summary>
    private static readonly string[] WithoutFixture =
    [
        "server-initialize", "ping", "tools-list", "resources-list", "prompts-list", "completion-complete", "dns-rebinding-protection", "server-sse-multiple-streams", "server-session-lifecycle",
    ];

    private static readonly string[] WithoutFixture2026 =
    [
        "tools-list", "resources-list", "prompts-list", "completion-complete", "dns-rebinding-protection", "server-sse-multiple-streams", "caching", "sep-2164-resource-not-found", "http-header-validation",
        "input-required-result-unsupported-methods",
    ];

    [Theory]
    [InlineData("conformance-0.1", "--suite", "active")]
    [InlineData("conformance-0.2", "--requirements", "2025-11-25")]
    [InlineData("conformance-0.2", "--requirements", "2026-07-28")]
    public async Task Every_scored_check_of_the_official_suite_passes(string suite, string option, string value)
    {
        await using var host = await SuiteHost.StartAsync(withFixture: true);
        var (code, output) = await RunAsync(host, suite, option, value);
        TestContext.Current.TestOutputHelper?.WriteLine(output[output.IndexOf("=== SUMMARY", StringComparison.Ordinal)..]);
        code.ShouldBe(0, output);
        Passed().Count(output).ShouldBeGreaterThanOrEqualTo(FewestScenarios, output);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task What_needs_no_tools_of_the_suite_passes_against_the_server_as_it_is(string version)
    {
        await using var host = await SuiteHost.StartAsync(withFixture: false);
        foreach (var scenario in version == "2026-07-28" ? WithoutFixture2026 : WithoutFixture)
        {
            var (code, output) = await RunAsync(host, "conformance-0.2", "--spec-version", version, "--scenario", scenario);
            code.ShouldBe(0, output);
            output.ShouldNotContain("not applicable", Case.Insensitive);
            TestContext.Current.TestOutputHelper?.WriteLine($"{scenario}: {output.Trim().Split('\n')[^1]}");
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(SuiteHost host, string suite, params string[] arguments)
    {
        var node = await NodeFolder.PrepareAsync("mcp");
        var (code, output) = await NodeFolder.RunAsync(node.Command([$"node_modules/{suite}/dist/index.js", "server", "--url", host.Address.ToString(), .. arguments]), Limit);
        return (code, Colors().Replace(output, ""));
    }

    /// <summary>A scenario of the summary that ran and passed.</summary>
    [GeneratedRegex("^✓ .*: [1-9][0-9]* passed, 0 failed", RegexOptions.Multiline)]
    private static partial Regex Passed();

    [GeneratedRegex("\\x1b\\[[0-9;]*m")]
    private static partial Regex Colors();
}
