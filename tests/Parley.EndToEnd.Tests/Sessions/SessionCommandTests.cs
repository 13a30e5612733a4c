using System.Diagnostics;
using System.Text.Json;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Sessions;

/// <summary>Spawned sessions on the command line, with demo models. A session that asks its parent waits for the answer, and so runs as long as a test wants.</summary>
public sealed class SessionCommandTests : IAsyncLifetime
{
    private const string Ask = """tool: sessions_send {"sessionKey":"parent","message":"REST or gRPC?","wait":300}""";
    private readonly ParleyProgram parley = new();

    public async ValueTask InitializeAsync()
    {
        await parley.ServeAsync();
        await parley.DoAsync("agent", "add", "tesla");
        await parley.DoAsync("agent", "host", "tesla", "--model", "demo/echo");
    }

    public ValueTask DisposeAsync() => parley.DisposeAsync();

    [Fact]
    public async Task Spawn_answers_at_once_in_the_documents_form_and_the_log_is_followed_to_the_result()
    {
        var spawned = (await parley.DoAsync("spawn", "tesla", "Design the API", "--label", "api", "--json")).Json;
        spawned.GetProperty("status").GetString().ShouldBe("accepted");
        var key = spawned.GetProperty("sessionKey").GetString()!;
        key.ShouldStartWith("agent:tesla:subagent:");

        var lines = (await parley.DoAsync("session", "log", "api", "--follow")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => line.Split('\t')[1..4]).ShouldBe([["message", "owner", "request"], ["message", "tesla", "result"]]);
        var shown = (await parley.DoAsync("session", "show", key[^8..], "--json")).Json;
        shown.GetProperty("session").GetProperty("status").GetString().ShouldBe("completed");
        shown.GetProperty("result").GetString()!.ShouldStartWith("Design the API");

        var text = await parley.DoAsync("spawn", "tesla", "Design the API", "--label", "again");
        text.Output.ShouldEndWith(": accepted, running, on demo/echo\n");
        text.Errors.ShouldContain("parley session log again --follow\n");
        (await parley.DoAsync("session", "stats", "--json")).Json.GetProperty("spawned").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Waiting_prints_the_result_alone_and_the_exit_code_says_how_it_ended()
    {
        var done = await parley.RunAsync(["spawn", "tesla", "-", "--wait"], "Read\nthis");
        (done.ExitCode, done.Output).ShouldBe((0, "Read\nthis\n(demo model: no language model is asked)\n"));
        done.Errors.ShouldStartWith("tesla completed after ");

        var failed = await parley.RunAsync(["spawn", "tesla", "No JSON", "--wait", "--schema", """{"type":"object","required":["score"]}"""]);
        (failed.ExitCode, failed.Output).ShouldBe((1, ""));
        failed.Errors.ShouldContain("does not follow the JSON Schema, also after it was asked again");

        await File.WriteAllTextAsync(Path.Combine(parley.Folder, "score.json"), """{"type":"object","required":["score"]}""", TestContext.Current.CancellationToken);
        var late = await parley.RunAsync(["spawn", "tesla", Ask, "--wait", "--timeout", "1s", "--json", "--schema", Path.Combine(parley.Folder, "score.json")]);
        late.ExitCode.ShouldBe(5);
        late.Json.GetProperty("session").GetProperty("status").GetString().ShouldBe("timed_out");
        late.Json.GetProperty("session").GetProperty("structured").GetBoolean().ShouldBeTrue();

        var killed = parley.Follow("spawn", "tesla", Ask, "--label", "long", "--wait");
        await RunningAsync("long");
        await parley.DoAsync("session", "kill", "long", "--reason", "enough");
        var ran = await ParleyProgram.EndAsync(killed);
        ran.ExitCode.ShouldBe(5);
        ran.Errors.ShouldContain("tesla killed after ");
        ran.Errors.ShouldContain("killed by owner: enough");
    }

    [Fact]
    public async Task Ctrl_C_ends_the_waiting_and_not_the_session()
    {
        var waiting = parley.Follow("spawn", "tesla", Ask, "--label", "long", "--wait");
        await RunningAsync("long");
        await ParleyProgram.InterruptAsync(waiting);
        var ran = await ParleyProgram.EndAsync(waiting);
        (ran.ExitCode, ran.Output).ShouldBe((130, ""));
        ran.Errors.ShouldBe("The session goes on without this terminal. Follow it: parley session log long --follow; end it: parley session kill long\n");
        (await RunningAsync("long")).GetProperty("status").GetString().ShouldBe("running");
    }

    [Fact]
    public async Task A_running_session_is_listed_steered_and_has_an_end()
    {
        await parley.DoAsync("spawn", "tesla", Ask, "--label", "ask");
        var log = parley.Follow("session", "log", "ask", "--follow", "--json");
        await ParleyProgram.LineAsync(log, line => line.Contains("REST or gRPC?\"", StringComparison.Ordinal) && line.Contains("\"message\"", StringComparison.Ordinal));
        (await parley.DoAsync("session", "list", "--active", "--agent", "tesla")).Output.ShouldContain("\ttesla\task\trunning\t");
        (await parley.DoAsync("session", "list", "--tree")).Output.ShouldStartWith("owner\n└─ tesla [ask] ");
        (await CompletedAsync("session", "kill", "as")).ShouldBe("ask\n");

        (await parley.DoAsync("session", "steer", "ask", "REST")).Output.ShouldContain("the session takes it before its next model call");
        var followed = (await ParleyProgram.EndAsync(log)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // The call was shown before its answer was there; the answer comes once, by itself.
        followed.ShouldNotContain(line => line.Contains("\"kind\":\"tool\"", StringComparison.Ordinal));
        followed.Where(line => line.Contains("\"kind\":\"answer\"", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("\\\"reply\\\":\\\"REST\\\"");
        (await parley.DoAsync("session", "list", "--active")).Output.ShouldBe("");

        var over = await parley.RunAsync(["session", "steer", "ask", "Too late"]);
        over.ExitCode.ShouldBe(6);
        (await parley.RunAsync(["session", "show", "nobody"])).ExitCode.ShouldBe(3);
        (await parley.RunAsync(["session", "list", "--all", "--active"])).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Killing_what_has_spawned_asks_first_and_ends_what_is_below()
    {
        await parley.DoAsync("agent", "add", "aaron");
        await parley.DoAsync("link", "tesla", "aaron");
        await parley.DoAsync("spawn", "tesla", """tool: sessions_spawn {"agentId":"tesla","label":"inner","task":"tool: sessions_send {\"agentId\":\"aaron\",\"message\":\"?\",\"wait\":300}"}""", "--label", "outer");
        await ParleyProgram.LineAsync(parley.Follow("session", "log", "outer", "--follow"), line => line.Contains("\tstatus\t", StringComparison.Ordinal));

        var refused = await parley.RunAsync(["session", "kill", "outer"]);
        refused.ExitCode.ShouldBe(2);
        refused.Errors.ShouldBe("error: 'outer' has spawned 1 session that would end too.\nfix: Repeat it with --yes: parley session kill outer --yes\n");
        (await parley.DoAsync("session", "kill", "outer", "--yes")).Output.ShouldEndWith(" and 1 session below it; owner gets that as its result.\n");
        (await parley.DoAsync("session", "show", "inner", "--json")).Json.GetProperty("session").GetProperty("status").GetString().ShouldBe("killed");
    }

    [Fact]
    public async Task Send_prints_the_answer_and_says_how_far_it_came_without_one()
    {
        (await parley.DoAsync("session", "send", "tesla", "Hello")).Output.ShouldBe("tesla: Hello\n(demo model: no language model is asked)\n");
        await parley.DoAsync("agent", "add", "aaron");
        var told = await parley.DoAsync("session", "send", "aaron", "Hello", "--no-wait", "--json");
        told.Json.GetProperty("status").GetString().ShouldBe("delivered");
        var waited = await parley.RunAsync(["session", "send", "aaron", "Hello?", "--wait", "1s"]);
        waited.ExitCode.ShouldBe(5);
        waited.Output.ShouldContain(": delivered, not answered. See more: parley status ");
    }

    [Fact]
    public async Task On_a_terminal_the_wait_shows_the_time_and_every_tool_that_is_called()
    {
        Assert.SkipUnless(TerminalWindow.Missing is null, TerminalWindow.Missing ?? "");
        await using var window = await TerminalWindow.OpenAsync(parley, "spawn", "tesla", Ask, "--label", "ask", "--wait");
        await window.UntilAsync("running …");
        await window.UntilAsync("""  sessions_send {"sessionKey":"parent","message":"REST or gRPC?","wait":300}""");
        await parley.DoAsync("session", "steer", "ask", "REST");
        var screen = await window.UntilAsync("[ended with 0]");
        screen.ShouldContain("The tool answered: {");
        screen.ShouldNotContain("running …", Case.Sensitive, "the progress is wiped away");

        await window.DisposeAsync();
        await using var table = await TerminalWindow.OpenAsync(parley, "session", "list");
        var shown = await table.UntilAsync("[ended with 0]");
        var name = shown.Split('\n')[1].Split(' ')[0];
        name.Length.ShouldBe(8);
        (await parley.DoAsync("session", "show", name)).Output.ShouldContain("label\task\n");
    }

    /// <summary>A completion gives up soon where the machine has much to do; a person presses the key again.</summary>
    private async Task<string> CompletedAsync(params string[] words)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            if ((await parley.DoAsync(["complete", "--", .. words])).Output is { Length: > 0 } offered)
            {
                return offered;
            }
        }

        return "";
    }

    private async Task<JsonElement> RunningAsync(string label)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var found = (await parley.DoAsync("session", "list", "--active", "--json")).Json.GetProperty("items").EnumerateArray()
                .Where(session => session.GetProperty("label").GetString() == label && session.GetProperty("tokens").GetInt64() > 0).ToList();
            if (found.Count > 0)
            {
                return found[0];
            }

            Stopwatch.GetElapsedTime(began).TotalSeconds.ShouldBeLessThan(60);
        }
    }
}
