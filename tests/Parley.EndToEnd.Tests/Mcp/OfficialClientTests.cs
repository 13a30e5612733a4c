using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Mcp;

/// <summary>The official TypeScript clients, and the inspector, against <c>parley up</c> and <c>parley mcp</c>.</summary>
public sealed class OfficialClientTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly string[][] Clients = [["1", "http"], ["1", "stdio"], ["2", "http", "legacy"], ["2", "http", "auto"], ["2", "stdio", "legacy"], ["2", "stdio", "auto"]];

    [Fact]
    public async Task Both_generations_call_wait_follow_and_give_up_over_HTTP_and_stdio()
    {
        var node = await NodeFolder.PrepareAsync("mcp");
        await using var parley = new ParleyProgram();
        var server = await ServeAsync(parley);
        using var owner = new HttpClient { BaseAddress = server, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", (await ReadAsync(parley, "owner.secret")).Trim()) } };
        var tokens = new Dictionary<string, string>();
        foreach (var name in Clients.Select(client => string.Join('-', client)))
        {
            foreach (var agent in new[] { $"tesla-{name}", $"aaron-{name}" })
            {
                await parley.DoAsync("agent", "add", agent);
                tokens[agent] = await TokenAsync(parley, agent);
            }

            await parley.DoAsync("agent", "host", $"tesla-{name}", "--model", "demo/echo");
            await parley.DoAsync("link", $"tesla-{name}", $"aaron-{name}");
            using var meeting = await owner.PostAsJsonAsync("/api/v1/meetings", new { name = $"room-{name}", participants = new[] { $"tesla-{name}", $"aaron-{name}" } }, TestContext.Current.CancellationToken);
            meeting.EnsureSuccessStatusCode();
        }

        var test = JsonSerializer.Serialize(new { url = new Uri(server, "/mcp"), tokens, command = Bridge(), env = new { PARLEY_DATA = parley.Data } });
        var runs = await Task.WhenAll(Clients.Select(client =>
        {
            var start = node.Command([$"client-{client[0]}.mjs", .. client[1..]]);
            start.Environment["PARLEY_TEST"] = test;
            return NodeFolder.RunAsync(start, Limit);
        }));
        foreach (var (client, (code, output)) in Clients.Zip(runs))
        {
            code.ShouldBe(0, $"{string.Join(' ', client)}: {output}");
            TestContext.Current.TestOutputHelper?.WriteLine(output.Trim());
            output.ShouldContain($"ok {string.Join('-', client)} {(client is ["2", _, "auto"] ? "2026-07-28" : client[0] == "1" && client[1] == "stdio" ? "" : "2025-11-25")}");
        }
    }

    [Theory]
    [InlineData("legacy")]
    [InlineData("modern")]
    public async Task The_inspector_finds_nothing_that_some_program_could_not_read(string era)
    {
        var node = await NodeFolder.PrepareAsync("mcp");
        await using var parley = new ParleyProgram();
        var server = await ServeAsync(parley);
        await parley.DoAsync("agent", "add", "tesla");
        var start = node.Command(
            "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js", "--cli", "--server-url", new Uri(server, "/mcp").ToString(), "--transport", "http",
            "--header", $"Authorization: Bearer {await TokenAsync(parley, "tesla")}", "--protocol-era", era, "--method", "tools/list", "--strict", "--format", "json");
        start.Environment["HOME"] = parley.Folder;
        var (code, output) = await NodeFolder.RunAsync(start, Limit);
        code.ShouldBe(0, output);
        output.ShouldContain("\"check_messages\"");
        output.ShouldNotContain("suggest", Case.Insensitive, output);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
    }

    private static string[] Bridge() => ["dotnet", ParleyProgram.Assembly, "mcp"];

    private static async Task<Uri> ServeAsync(ParleyProgram parley)
    {
        await parley.ServeAsync();
        return new Uri(JsonElement.Parse(await ReadAsync(parley, "server.json")).GetProperty("url").GetString()!);
    }

    private static Task<string> ReadAsync(ParleyProgram parley, string file) => File.ReadAllTextAsync(Path.Combine(parley.Data, file), TestContext.Current.CancellationToken);

    private static async Task<string> TokenAsync(ParleyProgram parley, string agent) => (await parley.DoAsync("token", "add", "--agent", agent, "--json")).Json.GetProperty("secret").GetString()!;
}
