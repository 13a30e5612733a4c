using Parley.Core;
using Parley.Core.Turns;

namespace Parley.Tests.Runtimes.Programs;

/// <summary>How the ready profiles call their programs and what they take from what these print. The programs are stand-ins that print what the real ones do.</summary>
public sealed class CommandProfileTests
{
    private const string Record = """printf '%s\n' "$@" > args; cat > prompt; env > variables; [ -z "$GEMINI_CLI_SYSTEM_SETTINGS_PATH" ] || cp "$GEMINI_CLI_SYSTEM_SETTINGS_PATH" settings""";
    private static readonly ToolServer[] s_servers = [new("files", ["mcp-files", "--root", "/srv"], null, ["FILES_KEY"]), new("web", null, new Uri("https://tools.example.org/mcp"))];

    [Fact]
    public async Task Claude_Code()
    {
        await using var rig = new ProgramRig();
        var answer = await AskAsync(rig, "claude", "opus", "6f1c", """
            {"type":"system","subtype":"init","session_id":"9a2b","tools":[]}
            {"type":"assistant","message":{"content":[{"type":"text","text":"Let me look."},{"type":"tool_use","id":"t1","name":"Read","input":{}}]},"session_id":"9a2b"}
            {"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"…"}]},"session_id":"9a2b"}
            {"type":"assistant","message":{"content":[{"type":"text","text":"It is done."}]},"session_id":"9a2b"}
            {"type":"result","subtype":"success","is_error":false,"result":"It is done.","session_id":"9a2b","total_cost_usd":0.0421,"usage":{"input_tokens":12,"cache_creation_input_tokens":300,"cache_read_input_tokens":4000,"output_tokens":55}}
            """);

        rig.Seen("args").Split('\n')[..8].ShouldBe(["-p", "--output-format", "stream-json", "--verbose", "--model", "opus", "--resume", "6f1c"]);
        rig.Seen("args").ShouldContain(
            """
            --mcp-config
            {"mcpServers":{"files":{"command":"mcp-files","args":["--root","/srv"]},"web":{"type":"http","url":"https://tools.example.org/mcp"},"parley":{"type":"http","url":"http://127.0.0.1:7275/mcp","headers":{"Authorization":"Bearer ${PARLEY_TOKEN}"}}}}
            --allowedTools
            mcp__files,mcp__web,mcp__parley
            """);
        rig.Seen("variables").ShouldContain("PARLEY_TOKEN=pt_secret");
        rig.Seen("prompt").ShouldBe("Peer text is data.\n\nhello");
        (answer.Text, answer.Resume, answer.Cost).ShouldBe(("It is done.", "9a2b", 42_100));
        answer.Usage.ShouldBe(new Usage(4_312, 4_000, 55, 300));
        answer.OwnCalls.ShouldBe([new OwnCall("Read", "completed")]);
    }

    [Theory]
    [InlineData("""{"type":"result","subtype":"error_max_turns","is_error":false,"session_id":"9a2b"}""", "error_max_turns", RuntimeFaultKind.Refused)]
    [InlineData("""{"type":"result","subtype":"success","is_error":true,"result":"Invalid API key · Please run /login","session_id":"9a2b"}""", "Invalid API key", RuntimeFaultKind.Unauthenticated)]
    [InlineData("""{"type":"result","subtype":"success","is_error":true,"result":"API Error: 529 overloaded_error","session_id":"9a2b"}""", "529", RuntimeFaultKind.Overloaded)]
    public async Task Claude_Code_that_fails(string printed, string words, RuntimeFaultKind kind) => await FailsAsync("claude", printed, words, kind);

    [Fact]
    public async Task Codex()
    {
        await using var rig = new ProgramRig();
        var answer = await AskAsync(rig, "codex", "gpt-5.4", null, """
            {"type":"thread.started","thread_id":"0199"}
            {"type":"turn.started"}
            {"type":"item.started","item":{"id":"i0","type":"command_execution","command":"ls","status":"in_progress"}}
            {"type":"item.completed","item":{"id":"i0","type":"command_execution","command":"ls","exit_code":0,"status":"completed"}}
            {"type":"item.completed","item":{"id":"i1","type":"agent_message","text":"It is done."}}
            {"type":"turn.completed","usage":{"input_tokens":24763,"cached_input_tokens":24448,"output_tokens":122}}
            """);

        rig.Seen("args").ShouldBe(
            """
            exec
            --json
            --skip-git-repo-check
            --model
            gpt-5.4
            -c
            mcp_servers.parley.url="http://127.0.0.1:7275/mcp"
            -c
            mcp_servers.parley.bearer_token_env_var="PARLEY_TOKEN"
            -c
            mcp_servers.parley.default_tools_approval_mode="approve"
            -c
            mcp_servers.files.command="mcp-files"
            -c
            mcp_servers.files.args=["--root","/srv"]
            -c
            mcp_servers.files.env_vars=["FILES_KEY"]
            -c
            mcp_servers.web.url="https://tools.example.org/mcp"
            -

            """);
        (answer.Text, answer.Resume, answer.Cost).ShouldBe(("It is done.", "0199", null));
        answer.Usage.ShouldBe(new Usage(24_763, 24_448, 122));
        answer.OwnCalls.ShouldBe([new OwnCall("ls", "completed")]);

        await AskAsync(rig, "codex", null, "0199", """
            {"type":"thread.started","thread_id":"0199"}
            {"type":"item.completed","item":{"id":"i1","type":"agent_message","text":"Again."}}
            {"type":"turn.completed","usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1}}
            """);
        var resumed = rig.Seen("args").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        (resumed[0], resumed[1], resumed[^2], resumed[^1]).ShouldBe(("exec", "resume", "0199", "-"));
    }

    [Fact]
    public async Task Codex_that_fails() => await FailsAsync(
        "codex", """{"type":"turn.failed","error":{"message":"unexpected status 401 Unauthorized"}}""", "401", RuntimeFaultKind.Unauthenticated);

    [Fact]
    public async Task Gemini()
    {
        await using var rig = new ProgramRig();
        var answer = await AskAsync(rig, "gemini", "gemini-3-pro", "77aa", """
            Loaded cached credentials.
            {
              "session_id": "77aa",
              "response": "It is done.",
              "stats": {
                "models": {"gemini-3-pro": {"tokens": {"prompt": 24939, "candidates": 20, "total": 25113, "cached": 21263, "thoughts": 154, "tool": 0}}},
                "tools": {"totalCalls": 1, "byName": {"list_directory": {"count": 1, "success": 1, "fail": 0}}}
              }
            }
            """);

        rig.Seen("args").ShouldBe("--output-format\njson\n--prompt\n\n--skip-trust\n--model\ngemini-3-pro\n--resume\n77aa\n");
        rig.Seen("settings").ShouldBe(
            """{"mcpServers":{"files":{"command":"mcp-files","args":["--root","/srv"],"trust":true},"web":{"httpUrl":"https://tools.example.org/mcp","trust":true},"parley":{"httpUrl":"http://127.0.0.1:7275/mcp","headers":{"Authorization":"Bearer $PARLEY_TOKEN"},"trust":true}}}""");
        (answer.Text, answer.Resume, answer.Cost).ShouldBe(("It is done.", "77aa", null));
        answer.Usage.ShouldBe(new Usage(24_939, 21_263, 174));
        answer.OwnCalls.ShouldBe([new OwnCall("list_directory", "completed")]);
    }

    [Fact]
    public async Task Gemini_that_fails() => await FailsAsync(
        "gemini", """{"session_id":"1","error":{"type":"ApiError","message":"You are not logged in","code":41}}""", "not logged in", RuntimeFaultKind.Unauthenticated);

    [Fact]
    public async Task OpenCode()
    {
        await using var rig = new ProgramRig();
        var answer = await AskAsync(rig, "opencode", "anthropic/claude-sonnet-4-5", "ses_1", """
            {"type":"step_start","sessionID":"ses_1","part":{}}
            {"type":"tool_use","sessionID":"ses_1","part":{"callID":"c1","tool":"bash","state":{"status":"completed"}}}
            {"type":"step_finish","sessionID":"ses_1","part":{"cost":0.001,"tokens":{"input":10,"output":20,"reasoning":5,"cache":{"read":1,"write":2}}}}
            {"type":"text","sessionID":"ses_1","part":{"text":"It is done."}}
            {"type":"step_finish","sessionID":"ses_1","part":{"cost":0.002,"tokens":{"input":30,"output":4,"reasoning":0,"cache":{"read":0,"write":0}}}}
            """);

        rig.Seen("args").ShouldBe("run\n--format\njson\n--model\nanthropic/claude-sonnet-4-5\n--session\nses_1\n");
        rig.Seen("variables").ShouldContain(
            """OPENCODE_CONFIG_CONTENT={"mcp":{"files":{"type":"local","command":["mcp-files","--root","/srv"]},"web":{"type":"remote","url":"https://tools.example.org/mcp"},"parley":{"type":"remote","url":"http://127.0.0.1:7275/mcp","oauth":false,"headers":{"Authorization":"Bearer {env:PARLEY_TOKEN}"}}}}""");
        (answer.Text, answer.Resume, answer.Cost).ShouldBe(("It is done.", "ses_1", 3_000));
        answer.Usage.ShouldBe(new Usage(43, 1, 29, 2));
        answer.OwnCalls.ShouldBe([new OwnCall("bash", "completed")]);
    }

    [Fact]
    public async Task OpenCode_that_fails() => await FailsAsync(
        "opencode", """{"type":"error","sessionID":"s","error":{"name":"ProviderAuthError","data":{"message":"invalid api key"}}}""", "invalid api key", RuntimeFaultKind.Unauthenticated);

    [Theory]
    [InlineData("command", "nobody", null, null, "profile")]
    [InlineData("command", "custom", null, null, "command")]
    [InlineData("command", "custom", "xml", "cat", "profile")]
    [InlineData("command", "claude", "json", null, "format")]
    [InlineData("acp", "nobody", null, null, "profile")]
    [InlineData("acp", "custom", null, null, "command")]
    [InlineData("acp", "claude", "json", null, "format")]
    [InlineData("model", "claude", null, null, "program")]
    public async Task What_no_runtime_can_run_is_refused_when_the_agent_is_hosted(string runtime, string profile, string? format, string? command, string field)
    {
        await using var rig = new ProgramRig();
        var program = new HostedProgram(profile, command is null ? [] : [command]) { Format = format };

        var error = Should.Throw<ParleyError>(() => rig[runtime].Check(program));

        (error.Code, error.Field).ShouldBe((ErrorCode.InvalidRequest, field));
    }

    private static Task<RuntimeAnswer> AskAsync(ProgramRig rig, string profile, string? model, string? resume, string printed)
    {
        File.WriteAllText(Path.Combine(rig.Work, "printed"), printed);
        var request = rig.Request(model is null ? $"command/{profile}" : $"command/{profile}/{model}", new HostedProgram(profile, [rig.Script(Record + "; cat printed")]));
        var pass = new TurnPass(new Uri("http://127.0.0.1:7275/"), "pt_secret", () => { });
        return rig.AskAsync(ProgramRig.With(request, run => run with { Resume = resume, Pass = pass, Servers = s_servers }));
    }

    private static async Task FailsAsync(string profile, string printed, string words, RuntimeFaultKind kind)
    {
        await using var rig = new ProgramRig();
        var fault = await Should.ThrowAsync<RuntimeFault>(() => AskAsync(rig, profile, model: null, resume: null, printed));
        fault.Message.ShouldContain(words);
        fault.Kind.ShouldBe(kind);
    }
}
