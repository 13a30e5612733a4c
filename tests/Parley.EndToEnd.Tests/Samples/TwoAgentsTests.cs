using System.Diagnostics;
using System.Text.Json;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Samples;

/// <summary>The sample does what its README says, as a process of its own against a server.</summary>
public sealed class TwoAgentsTests
{
    [Fact]
    public async Task The_two_agents_ask_and_answer_as_their_README_shows()
    {
        await using var parley = new ParleyProgram();
        await parley.ServeAsync();
        var first = await RunAsync(parley);
        (first.ExitCode, first.Errors).ShouldBe((0, ""));
        var lines = first.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Order().ShouldBe(Shown().Order());
        lines[^1].ShouldBe("the request is replied");

        // Started again it finds what it has made before.
        var second = await RunAsync(parley);
        second.ExitCode.ShouldBe(0, second.Errors);
        second.Output.ShouldContain("ada and charles are linked already");
        second.Output.ShouldContain("charles answered: 42");
    }

    [Fact]
    public async Task Without_a_token_it_says_what_to_do()
    {
        await using var parley = new ParleyProgram();
        var ran = await RunAsync(parley, url: "http://127.0.0.1:9", token: "");
        ran.ExitCode.ShouldBe(2);
        ran.Errors.ShouldContain("export PARLEY_TOKEN=");
    }

    private static string[] Shown() =>
        File.ReadAllText(Repository.PathOf("samples/TwoAgents/README.md")).Split("It prints\n\n```\n")[1].Split("\n```")[0].Split('\n');

    private static async Task<Ran> RunAsync(ParleyProgram parley, string? url = null, string? token = null)
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        var program = Repository.PathOf($"artifacts/bin/TwoAgents/{configuration}/TwoAgents.dll");
        url ??= JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(parley.Data, "server.json"), TestContext.Current.CancellationToken)).GetProperty("url").GetString();
        token ??= (await File.ReadAllTextAsync(Path.Combine(parley.Data, "owner.secret"), TestContext.Current.CancellationToken)).Trim();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PARLEY_URL"] = url, ["PARLEY_TOKEN"] = token },
        })!;
        return await ParleyProgram.EndAsync(process);
    }
}
