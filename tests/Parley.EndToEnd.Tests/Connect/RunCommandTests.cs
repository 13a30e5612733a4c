using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Connect;

public sealed class RunCommandTests
{
    [Fact]
    public async Task A_program_speaks_as_its_agent_and_its_token_ends_with_it()
    {
        await using var parley = new ParleyProgram();
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        var run = parley.Follow("run", "--as", "tesla", "--", "/bin/sh", "-c", "echo $PARLEY_AGENT; curl -s --noproxy '*' -H \"Authorization: Bearer $PARLEY_TOKEN\" $PARLEY_URL/api/v1/me; echo; trap 'echo asked; exit 7' TERM; while :; do sleep 0.1; done");
        Assert.SkipWhen(Command.Find("curl") is null, "There is no curl here.");
        await ParleyProgram.LineAsync(run, line => line == "tesla");
        (await ParleyProgram.LineAsync(run, line => line.Contains("name"))).ShouldContain("\"name\":\"tesla\"");
        (await StateAsync(parley)).ShouldBeOneOf("busy", "idle");
        (await TokensAsync(parley)).ShouldBe((1, 0));

        await ParleyProgram.SignalAsync(run, "TERM");
        await ParleyProgram.LineAsync(run, line => line == "asked");
        (await ParleyProgram.EndAsync(run)).ExitCode.ShouldBe(7);
        (await StateAsync(parley)).ShouldBe("gone");
        (await TokensAsync(parley)).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_program_that_is_not_there_leaves_no_token()
    {
        await using var parley = new ParleyProgram();
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        (await parley.RunAsync(["run", "--as", "tesla", "--", "no-such-program"])).ExitCode.ShouldBe(127);
        (await TokensAsync(parley)).ShouldBe((1, 1));
    }

    private static async Task<string?> StateAsync(ParleyProgram parley) =>
        (await parley.DoAsync("agent", "show", "tesla", "--json")).Json.TryGetProperty("activity", out var activity) ? activity.GetString() : null;

    /// <summary>The tokens of runs, and how many of them are revoked.</summary>
    private static async Task<(int All, int Revoked)> TokensAsync(ParleyProgram parley)
    {
        var runs = (await parley.DoAsync("token", "list", "--json")).Json.GetProperty("items").EnumerateArray().Where(token => token.GetProperty("label").GetString()!.StartsWith("run ", StringComparison.Ordinal)).ToList();
        return (runs.Count, runs.Count(token => token.TryGetProperty("revoked_at", out var at) && at.ValueKind == System.Text.Json.JsonValueKind.String));
    }
}
