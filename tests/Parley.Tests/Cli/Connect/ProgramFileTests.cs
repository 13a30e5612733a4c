using System.Text.Json.Nodes;
using Parley.Cli.Connect;

namespace Parley.Tests.Cli.Connect;

/// <summary>What each program is given, in the form that it documents.</summary>
public sealed class ProgramFileTests
{
    private const string Call = "/opt/parley/parley";

    [Fact]
    public void Claude_Code_gets_a_server_and_hooks_that_wait_in_the_background()
    {
        using var home = Connected("claude-code");
        Is(home.Json(".claude.json")["mcpServers"]!["parley"], """{"type":"stdio","command":"/opt/parley/parley","args":["mcp","--as","tesla"]}""");
        foreach (var name in new[] { "SessionStart", "PostToolUse", "Stop" })
        {
            Is(home.Json(".claude/settings.json")["hooks"]![name]![0]!["hooks"]![0], $$"""{"type":"command","command":"{{(OperatingSystem.IsWindows() ? "" : "exec ")}}{{Call}} hook claude-code --as tesla --wait","asyncRewake":true,"timeout":86400}""");
        }
    }

    [Fact]
    public void Claude_Code_has_files_of_a_project_too()
    {
        using var home = Connected("claude-code", isProject: true);
        home.Json("work/.mcp.json")["mcpServers"]!["parley"].ShouldNotBeNull();
        home.Json("work/.claude/settings.json")["hooks"]!["Stop"].ShouldNotBeNull();
    }

    [Fact]
    public void Codex_gets_a_table_and_hooks()
    {
        using var home = Connected("codex");
        File.ReadAllText(home.PathOf(".codex/config.toml")).ShouldBe("[mcp_servers.parley]\ncommand = \"/opt/parley/parley\"\nargs = [\"mcp\", \"--as\", \"tesla\"]\nstartup_timeout_sec = 30\ntool_timeout_sec = 330\n");
        Is(home.Json(".codex/hooks.json")["hooks"]!["Stop"], """[{"hooks":[{"type":"command","command":"/opt/parley/parley hook codex --as tesla","timeout":15}]}]""");
    }

    [Fact]
    public void OpenCode_gets_a_server_and_a_plug_in()
    {
        using var home = Connected("opencode");
        Is(home.Json(".config/opencode/opencode.json"), """{"$schema":"https://opencode.ai/config.json","mcp":{"parley":{"type":"local","command":["/opt/parley/parley","mcp","--as","tesla"],"enabled":true}}}""");
        File.ReadAllText(home.PathOf(".config/opencode/plugins/parley.js")).ShouldContain("""const wait = ["/opt/parley/parley", "hook", "opencode", "--as", "tesla", "--wait"];""");
    }

    [Fact]
    public void Gemini_CLI_gets_a_server_and_hooks_in_one_file()
    {
        using var home = Connected("gemini");
        var settings = home.Json(".gemini/settings.json");
        Is(settings["mcpServers"]!["parley"], """{"command":"/opt/parley/parley","args":["mcp","--as","tesla"],"timeout":330000}""");
        Is(settings["hooks"]!["AfterTool"], """[{"matcher":"*","hooks":[{"name":"parley-aftertool","type":"command","command":"/opt/parley/parley hook gemini --as tesla","timeout":15000}]}]""");
        settings["hooks"]!["AfterAgent"].ShouldNotBeNull();
    }

    [Fact]
    public void Cursor_gets_a_server_and_hooks_of_version_1()
    {
        using var home = Connected("cursor");
        Is(home.Json(".cursor/mcp.json"), """{"mcpServers":{"parley":{"command":"/opt/parley/parley","args":["mcp","--as","tesla"]}}}""");
        var hooks = home.Json(".cursor/hooks.json");
        hooks["version"]!.GetValue<int>().ShouldBe(1);
        Is(hooks["hooks"]!["stop"], """[{"command":"/opt/parley/parley hook cursor --as tesla"}]""");
    }

    [Fact]
    public void OpenClaw_gets_a_server_and_the_door_for_wake_ups()
    {
        using var home = Connected("openclaw");
        var settings = home.Json(".openclaw/openclaw.json");
        Is(settings["mcp"]!["servers"]!["parley"], """{"command":"/opt/parley/parley","args":["mcp","--as","tesla"],"requestTimeoutMs":330000}""");
        settings["hooks"]!["enabled"]!.GetValue<bool>().ShouldBeTrue();
        settings["hooks"]!["token"]!.GetValue<string>().Length.ShouldBe(48);
    }

    [Fact]
    public void OpenClaw_keeps_the_secret_that_it_has()
    {
        using var home = new ConnectHome();
        home.Write(".openclaw/openclaw.json", """{ "hooks": { "enabled": false, "token": "mine" } }""");
        home.Add(ConnectTests.Find("openclaw"));
        Is(home.Json(".openclaw/openclaw.json")["hooks"], """{"enabled":false,"token":"mine"}""");
    }

    [Fact]
    public void VS_Code_gets_a_server()
    {
        using var home = Connected("vscode", isProject: true);
        Is(home.Json("work/.vscode/mcp.json"), """{"servers":{"parley":{"type":"stdio","command":"/opt/parley/parley","args":["mcp","--as","tesla"]}}}""");
    }

    [Fact]
    public void A_command_is_quoted_where_it_has_to_be()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Another shell.");
        new Wiring(["/opt/my tools/it's", "x.dll"], "tesla", ["--data", "/d"]).Hook("codex").ShouldBe("'/opt/my tools/it'\\''s' x.dll hook codex --as tesla --data /d");
        Wiring.Call("./parley", "/x/parley", "/x/parley.dll").ShouldBe([Path.GetFullPath("parley")]);
        Wiring.Call("parley", "/x/parley", "/x/parley.dll").ShouldBe(["/x/parley"]);
        Wiring.Call(null, "/usr/bin/dotnet", "/x/parley.dll").ShouldBe(["/usr/bin/dotnet", "/x/parley.dll"]);
    }

    private static ConnectHome Connected(string name, bool isProject = false)
    {
        var home = new ConnectHome();
        home.Add(ConnectTests.Find(name), isProject);
        return home;
    }

    private static void Is(JsonNode? there, string meant) => JsonNode.DeepEquals(there, JsonNode.Parse(meant)).ShouldBeTrue(there?.ToJsonString());
}
