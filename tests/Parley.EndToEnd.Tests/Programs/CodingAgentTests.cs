using System.Text.Json;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Programs;

/// <summary>Real programs, connected by <c>parley connect</c>, on a model that does as it is told.</summary>
public sealed class CodingAgentTests
{
    [Fact]
    public async Task Claude_Code_and_Codex_send_each_other_a_message_and_read_it()
    {
        await using var home = await ProgramHome.StartAsync();
        var ran = await home.ClaudeCodeAsync("""CALL send_agent_message {"to":"aaron","message":"Is the build green?"} END""");
        (await home.InboxAsync("aaron")).ShouldBe(["Is the build green?"], ran.Output + ran.Errors);

        // Nobody tells Codex to look: the hook at its start does.
        ran = await home.CodexAsync("""Begin. CALL send_agent_message {"to":"tesla","message":"I begin."} END""");
        home.Model.Heard.ShouldContain(heard => heard.Contains("1 new message for aaron"), ran.Output + ran.Errors);
        (await home.CodexAsync("Go on.")).ExitCode.ShouldBe(0);
        home.Model.Heard.ShouldContain(heard => heard.Contains("Is the build green?") && heard.Contains("\"messages\":[{"));
        (await home.InboxAsync("aaron")).ShouldBeEmpty("Codex has read and acknowledged it");

        (await home.InboxAsync("tesla")).ShouldBe(["I begin."], ran.Output + ran.Errors);
        (await home.ClaudeCodeAsync("Go on.")).ExitCode.ShouldBe(0);
        (await home.InboxAsync("tesla")).ShouldBeEmpty("Claude Code has read and acknowledged it");
    }

    [Fact]
    public async Task An_idle_Claude_Code_is_woken_by_a_message_and_its_waiting_ends_with_it()
    {
        await using var home = await ProgramHome.StartAsync();
        using var claude = home.OpenClaudeCode();
        try
        {
            await claude.StandardInput.WriteLineAsync("""{"type":"user","message":{"role":"user","content":"Wait for work."}}""");
            await claude.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            await ParleyProgram.LineAsync(claude, line => line.StartsWith("""{"type":"result""", StringComparison.Ordinal));
            home.Model.Heard.ShouldNotContain(heard => heard.Contains("new message"));

            var sent = (await home.Parley.DoAsync("send", "tesla", "Wake up.", "--as", "aaron", "--json")).Json;
            await ParleyProgram.LineAsync(claude, line => line.StartsWith("""{"type":"result""", StringComparison.Ordinal));
            home.Model.Heard.ShouldContain(heard => heard.Contains("1 new message for tesla") && !heard.Contains("Wake up."), "the wake-up is a pointer");
            home.Model.Heard.ShouldContain(heard => heard.Contains("Wake up."), "the text is read with the tool");
            (await home.StateAsync(sent)).ShouldBe("acknowledged");
        }
        finally
        {
            claude.Kill();
        }

        await Until(() => !IsWaiting(home.Parley.Data));
    }

    private static bool IsWaiting(string data) => Directory.GetFiles(Path.Combine(data, "hooks"), "*.waits").Length > 0;

    private static async Task Until(Func<bool> meant)
    {
        using var late = new CancellationTokenSource(Waiting.Patience, TimeProvider.System);
        while (!meant())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, late.Token);
        }
    }
}
