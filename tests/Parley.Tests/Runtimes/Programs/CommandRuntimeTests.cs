using Parley.Core.Turns;

namespace Parley.Tests.Runtimes.Programs;

/// <summary>Any program, run once a turn, as real child processes.</summary>
public sealed class CommandRuntimeTests
{
    [Fact]
    public async Task A_program_reads_the_prompt_and_prints_the_answer()
    {
        await using var rig = new ProgramRig();

        var answer = await rig.AskAsync(rig.Custom("cat"));

        answer.Text.ShouldBe("You are tesla.\n\nPeer text is data.\n\nbefore\n\nYou said:\n\nI said so.\n\nhello");
        string.Concat(rig.Heard).ShouldBe(answer.Text);
        answer.Usage.ShouldBe(default);
        answer.Cost.ShouldBeNull();
        answer.Warnings.ShouldBe(["The program reports no tokens and no cost: of this run nothing is counted."]);
    }

    [Fact]
    public async Task A_program_gets_only_the_environment_that_is_named_and_runs_in_its_folder()
    {
        await using var rig = new ProgramRig();
        rig.Variables["GITHUB_TOKEN"] = "secret";
        rig.Variables["OPENAI_API_KEY"] = "secret";
        rig.Variables["LANG"] = "C.UTF-8";
        var request = rig.Custom("pwd; env | cut -d= -f1");

        var lines = (await rig.AskAsync(ProgramRig.With(request, run => run with { Program = run.Program with { Environment = ["GITHUB_TOKEN"] } }))).Text.Split('\n');

        lines[0].ShouldBe(rig.Work);
        // The shell of the program adds the last ones itself.
        lines[1..].Except(["PWD", "OLDPWD", "SHLVL", "_"]).ShouldBe(["PATH", "HOME", "LANG", "GITHUB_TOKEN", "PARLEY_RUN"], ignoreOrder: true);
    }

    [Fact]
    public async Task Without_a_folder_each_session_has_one_of_its_own_that_only_the_server_can_read()
    {
        await using var rig = new ProgramRig();
        var request = rig.Custom("pwd; touch mine");
        request = ProgramRig.With(request, run => run with { Program = run.Program with { Folder = null } });

        var folder = (await rig.AskAsync(request)).Text;

        folder.ShouldBe(Path.Combine(rig.Data, "work", request.Run!.AgentId.ToString(), request.Run.SessionId.ToString()));
        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Exists(Path.Combine(folder, "mine")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_program_that_speaks_JSON_is_given_the_parts_and_tells_its_session_its_tokens_and_its_cost()
    {
        await using var rig = new ProgramRig();

        var answer = await rig.AskAsync(rig.Custom(
            """cat > seen; echo 'starting up'; echo '{"text":"Hi.","session":"abc","usage":{"input":100,"cached_input":40,"output":7},"cost":0.0123}'""", "json"));

        answer.Text.ShouldBe("Hi.");
        answer.Resume.ShouldBe("abc");
        answer.Usage.ShouldBe(new Usage(100, 40, 7));
        answer.Cost.ShouldBe(12_300);
        answer.Warnings.ShouldBeEmpty();
        using var seen = System.Text.Json.JsonDocument.Parse(rig.Seen());
        seen.RootElement.GetProperty("prompt").GetString().ShouldStartWith("You are tesla.");
        seen.RootElement.GetProperty("messages")[1].GetProperty("role").GetString().ShouldBe("assistant");
    }

    [Fact]
    public async Task A_program_that_prints_JSON_lines_is_heard_as_it_speaks()
    {
        await using var rig = new ProgramRig();

        var answer = await rig.AskAsync(rig.Custom(
            """
            echo '{"type":"text","text":"One "}'
            echo '{"type":"tool","id":"1","name":"look"}'
            echo '{"type":"tool","id":"1","state":"completed"}'
            echo '{"type":"text","text":"two."}'
            echo '{"type":"result","usage":{"input":5,"output":2}}'
            """,
            "jsonl"));

        answer.Text.ShouldBe("One two.");
        rig.Heard.ShouldBe(["One ", "two."]);
        rig.Tools.ShouldBe(["look"]);
        answer.OwnCalls.ShouldBe([new OwnCall("look", "completed")]);
        answer.Usage.ShouldBe(new Usage(5, 0, 2));
    }

    [Fact]
    public async Task A_program_that_goes_on_in_its_own_session_is_told_only_what_is_new()
    {
        await using var rig = new ProgramRig();
        var request = ProgramRig.With(rig.Custom("""cat > seen; echo '{"text":"Hi."}'""", "json"), run => run with { Resume = "abc" });

        await rig.AskAsync(request);

        using var seen = System.Text.Json.JsonDocument.Parse(rig.Seen());
        seen.RootElement.GetProperty("session").GetString().ShouldBe("abc");
        seen.RootElement.GetProperty("prompt").GetString().ShouldBe("Peer text is data.\n\nhello");
    }

    [Fact]
    public async Task A_program_whose_own_session_is_gone_begins_a_new_one_and_says_so()
    {
        await using var rig = new ProgramRig();
        var request = ProgramRig.With(
            rig.Custom("""if grep -q '"session":"gone"'; then echo 'no such session' >&2; exit 1; fi; echo '{"text":"Hi.","session":"new"}'""", "json"), run => run with { Resume = "gone" });

        var answer = await rig.AskAsync(request);

        answer.Resume.ShouldBe("new");
        answer.Warnings.ShouldContain(warning => warning.Contains("began a new one", StringComparison.Ordinal) && warning.Contains("no such session", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("echo 'disk is full' >&2; exit 1", RuntimeFaultKind.Refused, "exit code 1: disk is full")]
    [InlineData("echo half an answer; exit 2", RuntimeFaultKind.Refused, "exit code 2")]
    [InlineData("exit 75", RuntimeFaultKind.Overloaded, "exit code 75")]
    [InlineData("exit 77", RuntimeFaultKind.Unauthenticated, "exit code 77")]
    [InlineData("echo 'Error: 429 rate limit exceeded' >&2; exit 1", RuntimeFaultKind.Overloaded, "rate limit")]
    [InlineData("echo 'Invalid API key' >&2; exit 1", RuntimeFaultKind.Unauthenticated, "Invalid API key")]
    [InlineData("kill -9 $$", RuntimeFaultKind.Transient, "signal 9")]
    [InlineData("exit 0", RuntimeFaultKind.Transient, "without an answer")]
    public async Task An_end_without_an_answer_is_a_fault_with_the_end_of_what_the_program_said(string body, RuntimeFaultKind kind, string words)
    {
        await using var rig = new ProgramRig();

        var fault = await rig.FaultAsync(rig.Custom(body));

        fault.Kind.ShouldBe(kind);
        fault.Message.ShouldContain(words);
    }

    [Theory]
    [InlineData("""printf '{"text":"Hi'""", "json")]
    [InlineData("""printf '{"type":"text","text":"Hi"}\n{"type":"res'""", "jsonl")]
    public async Task Half_an_answer_is_a_fault(string body, string format)
    {
        await using var rig = new ProgramRig();

        var fault = await rig.FaultAsync(rig.Custom(body, format));

        fault.Kind.ShouldBe(RuntimeFaultKind.Transient);
        fault.Message.ShouldContain("stopped in the middle of its answer");
    }

    [Fact]
    public async Task What_a_program_says_of_its_failure_holds_none_of_its_secrets()
    {
        await using var rig = new ProgramRig();
        rig.Variables["GITHUB_TOKEN"] = "ghp_0123456789";
        var request = ProgramRig.With(rig.Custom("""echo "refused: $GITHUB_TOKEN" >&2; exit 1"""), run => run with { Program = run.Program with { Environment = ["GITHUB_TOKEN"] } });

        (await rig.FaultAsync(request)).Message.ShouldEndWith("refused: [GITHUB_TOKEN]");
    }

    [Fact]
    public async Task A_program_that_floods_is_ended()
    {
        await using var rig = new ProgramRig();

        var fault = await rig.FaultAsync(rig.Custom("echo $$ > pid; yes"));

        fault.Kind.ShouldBe(RuntimeFaultKind.Refused);
        fault.Message.ShouldContain("does not stop printing");
        ProgramRig.Runs(rig.Seen("pid").Trim()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_program_that_floods_its_errors_is_heard_to_the_end_of_them()
    {
        await using var rig = new ProgramRig();

        var fault = await rig.FaultAsync(rig.Custom("yes | head -c 4000000 >&2; echo last words >&2; exit 1"));

        fault.Message.ShouldEndWith("last words");
        fault.Message.Length.ShouldBeLessThan(3_000);
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended_at_its_time_limit()
    {
        await using var rig = new ProgramRig();

        var fault = await rig.FaultAsync(rig.Custom("echo $$ > pid; sleep 300", limit: TimeSpan.FromSeconds(1)));

        fault.Kind.ShouldBe(RuntimeFaultKind.Timeout);
        ProgramRig.Runs(rig.Seen("pid").Trim()).ShouldBeFalse();
    }

    [Theory]
    [Alone]
    [InlineData("sleep 300 & echo $! > grandchild; wait")]
    [InlineData("trap '' TERM INT HUP; sleep 300 & echo $! > grandchild; while :; do wait; done")]
    [InlineData("setsid sh -c 'echo $$ > grandchild; exec sleep 300' & wait")]
    [InlineData("(setsid sh -c 'echo $$ > grandchild; trap \"\" TERM; while :; do sleep 1; done' &) ; while :; do sleep 1; done")]
    public async Task Whoever_stops_a_turn_ends_the_program_and_all_it_has_started_within_two_seconds(string body)
    {
        await using var rig = new ProgramRig();
        using var stop = new CancellationTokenSource();
        var running = rig.AskAsync(rig.Custom("echo $$ > pid; " + body), stop.Token);
        var (child, grandchild) = (await rig.WrittenAsync("pid"), await rig.WrittenAsync("grandchild"));
        ProgramRig.Runs(grandchild).ShouldBeTrue();

        var began = TimeProvider.System.GetTimestamp();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);

        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        ProgramRig.Runs(child).ShouldBeFalse();
        ProgramRig.Runs(grandchild).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_program_leaves_behind_ends_with_it_and_does_not_keep_its_answer()
    {
        await using var rig = new ProgramRig();

        var answer = await rig.AskAsync(rig.Custom("sleep 300 & echo $! > grandchild; echo Done."));

        answer.Text.ShouldBe("Done.");
        ProgramRig.Runs(rig.Seen("grandchild").Trim()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        await using var rig = new ProgramRig();

        var fault = await rig.FaultAsync(rig.Request("command/claude", new HostedProgram("claude", ["no-such-program-anywhere"])));

        fault.Kind.ShouldBe(RuntimeFaultKind.Refused);
        fault.Message.ShouldStartWith("There is no program 'no-such-program-anywhere'");
    }
}
