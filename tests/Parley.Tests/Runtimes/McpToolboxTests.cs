using System.Text;
using Parley.Core.Turns;

namespace Parley.Tests.Runtimes;

public sealed class McpToolboxTests
{
    private static readonly Guid s_agent = Guid.NewGuid();
    private static readonly ToolServer s_stub = new("stub", [Repository.PathOf("tests/Parley.Tests/Runtimes/stub-tools")], null);

    [Fact]
    public async Task The_tools_of_a_program_are_listed_by_legal_names()
    {
        await using var rig = Rig();

        var listing = await ListAsync(rig, s_stub);

        listing.Warnings.ShouldBeEmpty();
        listing.Tools.Select(tool => tool.Name).ShouldBe(["stub_a_b_c_d", "stub_big", "stub_die", "stub_env", "stub_grow", "stub_image", "stub_pid", "stub_slow", "stub_wrong"]);
        listing.Tools.Single(tool => tool.Name == "stub_pid").Description.ShouldBe("The process.");
        (await CallAsync(rig, s_stub, "stub_a_b_c_d")).ShouldBe(new ToolResult("odd", Failed: false));
    }

    [Fact]
    public async Task A_program_gets_only_the_variables_that_are_named()
    {
        await using var rig = Rig();
        rig.Variables["GITHUB_TOKEN"] = "secret";
        rig.Variables["OPENAI_API_KEY"] = "secret";

        var names = (await CallAsync(rig, s_stub with { Environment = ["GITHUB_TOKEN"] }, "stub_env")).Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // The shell of the stub adds the last three itself.
        names.Except(["PWD", "SHLVL", "_"]).ShouldBe(["GITHUB_TOKEN", "HOME", "PATH"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_connection_is_kept_and_made_anew_when_the_program_has_died()
    {
        await using var rig = Rig();

        var first = await CallAsync(rig, s_stub, "stub_pid");
        var second = await CallAsync(rig, s_stub, "stub_pid");
        var dying = await CallAsync(rig, s_stub, "stub_die");
        var third = await CallAsync(rig, s_stub, "stub_pid");

        second.ShouldBe(first);
        dying.Failed.ShouldBeTrue();
        dying.Text.ShouldContain("'stub' failed");
        third.Failed.ShouldBeFalse();
        third.Text.ShouldNotBe(first.Text);
    }

    [Fact]
    public async Task The_end_of_the_toolbox_ends_its_programs()
    {
        await using var rig = Rig();
        var pid = (await CallAsync(rig, s_stub, "stub_pid")).Text;
        Directory.Exists($"/proc/{pid}").ShouldBeTrue();

        await ((IAsyncDisposable)rig.Tools).DisposeAsync().Within(RuntimeRig.Limit);

        (File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_is_no_longer_configured_is_let_go()
    {
        await using var rig = Rig();
        var pid = (await CallAsync(rig, s_stub, "stub_pid")).Text;

        await ListAsync(rig);

        (File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal)).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_agents_have_programs_of_their_own()
    {
        await using var rig = Rig();

        var mine = await CallAsync(rig, s_stub, "stub_pid");
        var other = await rig.Tools.CallAsync(Guid.NewGuid(), [s_stub], new ToolCall("1", "stub_pid", "{}"), CancellationToken.None).Within(RuntimeRig.Limit);

        other.Text.ShouldNotBe(mine.Text);
    }

    [Fact]
    public async Task A_tool_that_was_added_is_seen_after_the_server_has_told()
    {
        await using var rig = Rig();
        (await ListAsync(rig, s_stub)).Tools.ShouldNotContain(tool => tool.Name == "stub_later");

        await CallAsync(rig, s_stub, "stub_grow");

        // The notice comes beside the answers; each call gives it time to arrive.
        var seen = false;
        for (var call = 0; call < 1000 && !seen; call++)
        {
            await CallAsync(rig, s_stub, "stub_pid");
            seen = (await ListAsync(rig, s_stub)).Tools.Any(tool => tool.Name == "stub_later");
        }

        seen.ShouldBeTrue();
    }

    [Fact]
    public async Task A_long_answer_is_cut_at_64_KiB_between_characters()
    {
        await using var rig = Rig();

        var text = (await CallAsync(rig, s_stub, "stub_big")).Text;

        Encoding.UTF8.GetByteCount(text).ShouldBeInRange((64 * 1024) - 2, 64 * 1024);
        text.ShouldStartWith("éé");
        text.ShouldEndWith("[cut: the answer is longer than 64 KiB]");
        text.ShouldNotContain("\ufffd");
    }

    [Fact]
    public async Task A_picture_is_named_and_a_failure_is_an_answer()
    {
        await using var rig = Rig();

        (await CallAsync(rig, s_stub, "stub_image")).Text.ShouldBe("Look:\n[an image, image/png, 1 KiB, not shown]");
        (await CallAsync(rig, s_stub, "stub_wrong")).ShouldBe(new ToolResult("It does not work.", Failed: true));
        (await CallAsync(rig, s_stub, "stub_nothing")).ShouldBe(new ToolResult("There is no tool 'stub_nothing'.", Failed: true));
        (await CallAsync(rig, s_stub, "stub_pid", "no json")).Text.ShouldContain("no JSON object");
    }

    [Fact]
    public async Task A_tool_that_never_answers_is_given_up()
    {
        await using var rig = new RuntimeRig(realTime: false);
        rig.Variables["PATH"] = Environment.GetEnvironmentVariable("PATH")!;
        await ListAsync(rig, s_stub);

        var calling = CallAsync(rig, s_stub, "stub_slow");
        await rig.Time.PendingTimersReach(1).Within(RuntimeRig.Limit);
        rig.Time.Advance(TimeSpan.FromSeconds(60));

        var result = await calling;
        result.Failed.ShouldBeTrue();
        result.Text.ShouldContain("no answer within 60 s");
    }

    [Fact]
    public async Task A_server_that_cannot_be_started_is_a_warning_beside_the_others()
    {
        await using var rig = Rig();

        var listing = await ListAsync(rig, new ToolServer("gone", ["/nonexistent/program"], null), new ToolServer("web", null, new Uri("http://127.0.0.1:9/mcp")), s_stub);

        listing.Tools.Count.ShouldBe(9);
        (await ListAsync(rig, new ToolServer("none", null, null))).Warnings.ShouldHaveSingleItem().ShouldContain("neither a command nor");
        listing.Warnings.Count.ShouldBe(2);
        listing.Warnings[0].ShouldContain("'gone' cannot be reached");
        listing.Warnings[1].ShouldContain("'web' cannot be reached");
    }

    [Fact]
    public async Task A_server_at_an_address_is_called_over_HTTP()
    {
        await using var server = await StubToolSite.StartAsync();
        await using var rig = Rig();
        var web = new ToolServer("web", null, server.Url);

        (await ListAsync(rig, web)).Tools.Select(tool => tool.Name).ShouldBe(["web_greet"]);
        (await CallAsync(rig, web, "web_greet", """{"name":"tesla"}""")).ShouldBe(new ToolResult("Hello tesla.", Failed: false));
        await server.RestartAsync();
        (await CallAsync(rig, web, "web_greet", """{"name":"aaron"}""")).Failed.ShouldBeTrue();
        (await CallAsync(rig, web, "web_greet", """{"name":"aaron"}""")).ShouldBe(new ToolResult("Hello aaron.", Failed: false));
    }

    // A program that starts takes real time; its limit is the toolbox's 60 s.
    private static RuntimeRig Rig()
    {
        var rig = new RuntimeRig(realTime: true);
        rig.Variables["PATH"] = Environment.GetEnvironmentVariable("PATH")!;
        rig.Variables["HOME"] = rig.Folder.Path;
        return rig;
    }

    private static Task<ToolListing> ListAsync(RuntimeRig rig, params ToolServer[] servers) => rig.Tools.ListAsync(s_agent, servers, CancellationToken.None).Within(RuntimeRig.Limit);

    private static Task<ToolResult> CallAsync(RuntimeRig rig, ToolServer server, string tool, string arguments = "{}") =>
        rig.Tools.CallAsync(s_agent, [server], new ToolCall("1", tool, arguments), CancellationToken.None).Within(RuntimeRig.Limit);
}
