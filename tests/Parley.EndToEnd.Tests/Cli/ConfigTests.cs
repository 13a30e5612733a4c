using System.Diagnostics;
using System.Text.Json;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Cli;

/// <summary>The configuration through real processes.</summary>
public sealed class ConfigTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly ParleyProgram parley = new();

    private string File => Path.Combine(parley.Data, "parley.json");

    public ValueTask DisposeAsync() => parley.DisposeAsync();

    [Fact]
    public async Task Check_names_every_fault_without_a_server_and_answers_2()
    {
        (await parley.DoAsync("config", "check")).Output.ShouldContain("The defaults hold.");
        Write("""
            {
              "agents": { "defaults": { "subagents": { "maxChildrenPerAgent": 11 } } }, // too many
              "tool": {},
            }
            """);
        var ran = await parley.RunAsync(["config", "check"]);
        ran.ExitCode.ShouldBe(2);
        ran.Output.ShouldContain($"{File}:2:67: fault: agents.defaults.subagents.maxChildrenPerAgent: 11 is not a whole number from 1 to 10.");
        ran.Output.ShouldContain($"{File}:3:3: fault: tool: There is no such key.\n    fix: Did you mean 'tools'?");

        var json = await parley.RunAsync(["config", "check", File, "--json"]);
        json.ExitCode.ShouldBe(2);
        json.Json.GetProperty("ok").GetBoolean().ShouldBeFalse();
        json.Json.GetProperty("findings").EnumerateArray().Select(fault => (fault.GetProperty("line").GetInt32(), fault.GetProperty("column").GetInt32())).ShouldBe([(2, 67), (3, 3)]);
        (await parley.RunAsync(["config", "show"])).ExitCode.ShouldBe(2);

        Write("{}");
        (await parley.DoAsync("config", "check", "--json")).Json.GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Init_writes_a_file_that_is_sound_and_keeps_one_that_is_there()
    {
        await parley.DoAsync("config", "init");
        (await parley.DoAsync("config", "check")).Output.ShouldContain("is free of faults.");
        System.IO.File.ReadAllText(File).ShouldContain("\"$schema\": \"./parley.schema.json\"");
        System.IO.File.ReadAllText(Path.Combine(parley.Data, "parley.schema.json")).ShouldBe(System.IO.File.ReadAllText(Repository.PathOf("docs/parley.schema.json")));
        (await parley.DoAsync("config", "schema")).Output.ShouldBe(System.IO.File.ReadAllText(Repository.PathOf("docs/parley.schema.json")));

        Write("{ }");
        (await parley.RunAsync(["config", "init"])).ExitCode.ShouldBe(6);
        System.IO.File.ReadAllText(File).ShouldBe("{ }");
        var own = Path.Combine(parley.Folder, "own.json");
        await parley.DoAsync("config", "init", own);
        (await parley.DoAsync("config", "show", own, "--json")).Json.GetProperty("file").GetString().ShouldBe(own);
    }

    [Fact]
    public async Task A_server_does_not_start_with_faults_and_names_all_of_them()
    {
        Write("""{ "maxConcurrent": 0, "models": { "providers": { "opnai": {} } }, "server": { "keepDays": 1 } }""");
        var ran = await parley.RunAsync(["up", "--listen", "nowhere"]);
        ran.ExitCode.ShouldBe(2);
        ran.Output.ShouldBeEmpty();
        foreach (var part in (string[])["maxConcurrent: 0 is not", "Did you mean 'openai'?", "server.keepDays: 1 is not", "--listen: fault", "error: The configuration has 4 faults", "parley config check"])
        {
            ran.Errors.ShouldContain(part);
        }

        Directory.EnumerateFiles(parley.Data).ShouldBe([File], "nothing was begun");
        var missing = await parley.RunAsync(["up", "--config", Path.Combine(parley.Folder, "none.json")]);
        missing.ExitCode.ShouldBe(2);
        missing.Errors.ShouldContain("There is no such file.");
    }

    [Fact]
    public async Task A_running_server_takes_permissions_without_a_restart_and_keeps_them_over_a_faulty_edit()
    {
        Write("""{ "server": { "keepDays": 30, "listen": ["127.0.0.1:1"] } }""");
        var server = await parley.ServeAsync("--keep-days", "40");
        await parley.DoAsync("agent", "add", "tesla");
        var before = await ShowAsync();
        Value(before, "agents.defaults.subagents.allowAgents").ShouldBe("(itself alone)");
        Value(before, "server.keepDays").ShouldBe("40");
        before["server.keepDays"].GetProperty("from").GetString().ShouldBe("option");
        before["server.listen"].GetProperty("source").GetString().ShouldBe("--listen");

        Write("""{ "agents": { "list": [{ "id": "tesla", "subagents": { "allowAgents": ["*"] } }] }, "server": { "turnsAtOnce": 9 } }""");
        await LogAsync(server, "agents.list[tesla].subagents.allowAgents (not said) → * (parley.json:1)");
        await LogAsync(server, "server.turnsAtOnce 64 → 9 (parley.json:1); it counts from the next start");
        var after = await ShowAsync();
        Value(after, "agents.list[tesla].subagents.allowAgents").ShouldBe("*");
        Value(after, "server.turnsAtOnce").ShouldBe("64");
        after["server.turnsAtOnce"].GetProperty("next_text").GetString().ShouldBe("9");

        Write("""{ "agents": { "list": [{ "id": "tesla", "subagents": { "allowAgents": "tesla" } }] } }""");
        await LogAsync(server, "This is a text, not a list of texts");
        await LogAsync(server, "what held before goes on");
        Value(await ShowAsync(), "agents.list[tesla].subagents.allowAgents").ShouldBe("*");
        var doctor = await parley.RunAsync(["doctor", "--json"]);
        doctor.ExitCode.ShouldBe(1);
        doctor.Json.GetProperty("items").EnumerateArray().Where(item => item.GetProperty("status").GetString() == "fault").Select(item => item.GetProperty("check").GetString())
            .ShouldBe(["configuration", "configuration in use"], ignoreOrder: true);
    }

    [Fact]
    public async Task Commands_find_the_file_that_the_running_server_was_started_with()
    {
        var own = Path.Combine(parley.Folder, "own.json");
        System.IO.File.WriteAllText(own, """{ "maxConcurrent": 12 }""");
        await parley.ServeAsync("--config", own);
        Value(await ShowAsync(), "agents.defaults.subagents.maxConcurrent").ShouldBe("12");
        (await parley.DoAsync("config", "check")).Output.ShouldStartWith(own);
        (await parley.DoAsync("agent", "add", "tesla")).Output.ShouldContain("tesla");
        System.IO.File.WriteAllText(own, """{ "tools": { "agentToAgent": { "allow": ["telsa"] } } }""");
        (await parley.DoAsync("config", "check")).Output.ShouldContain("Did you mean 'tesla'?");
    }

    [Fact]
    public async Task A_spawn_that_was_forbidden_is_accepted_within_seconds_of_the_edit()
    {
        await parley.ServeAsync();
        foreach (var agent in (string[])["tesla", "aaron"])
        {
            await parley.DoAsync("agent", "add", agent);
            await parley.DoAsync("agent", "host", agent, "--model", "demo/echo");
        }

        await parley.DoAsync("inbox", "--as", "tesla");
        using var http = new HttpClient();
        http.BaseAddress = new Uri(JsonSerializer.Deserialize<JsonElement>(System.IO.File.ReadAllText(Path.Combine(parley.Data, "server.json"))).GetProperty("url").GetString()!);
        http.DefaultRequestHeaders.Authorization = new("Bearer", System.IO.File.ReadAllText(Path.Combine(parley.Data, "agents/tesla.token")).Trim());
        (await SpawnAsync(http)).ShouldBe(System.Net.HttpStatusCode.Forbidden);

        Write("""{ "agents": { "list": [{ "id": "tesla", "subagents": { "allowAgents": ["aaron"] } }] } }""");
        var edited = Stopwatch.StartNew();
        while (await SpawnAsync(http) is not System.Net.HttpStatusCode.Accepted)
        {
            // Far above the two seconds that are promised: the machine may be busy.
            edited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        }

        TestContext.Current.SendDiagnosticMessage($"the permission counted after {edited.ElapsedMilliseconds} ms");
        Write("""{ "tools": { "agentToAgent": { "enabled": false } } }""");
        edited.Restart();
        while (await SpawnAsync(http) is not System.Net.HttpStatusCode.Forbidden)
        {
            edited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        }
    }

    private static async Task<System.Net.HttpStatusCode> SpawnAsync(HttpClient http)
    {
        using var body = new StringContent("""{ "agentId": "aaron", "task": "hello" }""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/api/v1/sessions/spawn", body);
        return answer.StatusCode;
    }

    private async Task<Dictionary<string, JsonElement>> ShowAsync() =>
        (await parley.DoAsync("config", "show", "--json")).Json.GetProperty("settings").EnumerateArray().ToDictionary(setting => setting.GetProperty("key").GetString()!);

    private static string? Value(Dictionary<string, JsonElement> settings, string key) => settings[key].GetProperty("text").GetString();

    /// <summary>Returns when the server has logged it.</summary>
    private static async Task LogAsync(Process server, string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await server.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException($"The server ended without logging: {text}");
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(parley.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        System.IO.File.WriteAllText(File, text);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
