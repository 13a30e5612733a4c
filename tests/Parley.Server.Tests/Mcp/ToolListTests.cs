using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Parley.Server.Tests.A2a;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Mcp;

/// <summary>What the tools cost a model before it has done anything.</summary>
public sealed class ToolListTests
{
    private const int MostTokens = 2000;
    private const int MostTokensOfAMessage = 40;
    private static readonly string[] Names =
        ["send_agent_message", "check_messages", "list_agents", "post_to_channel", "read_channel", "sessions_spawn", "sessions_send", "sessions_list", "subagents", "meeting"];

    [Fact]
    public async Task The_whole_list_costs_a_model_less_than_2000_tokens()
    {
        var tools = await ListAsync();
        tools.Select(tool => tool.Name).ShouldBe(Names);

        var shown = Shown(tools);
        var whole = JsonSerializer.Serialize(new ListToolsResult { Tools = tools }, McpJsonUtilities.DefaultOptions);
        TestContext.Current.TestOutputHelper?.WriteLine($"shown to a model: {TokenCount.Of(shown)} tokens by the rule, {shown.Length} characters; the whole answer: {TokenCount.Of(whole)} tokens, {whole.Length} characters");
        TokenCount.Of(shown).ShouldBeLessThan(MostTokens);
        TokenCount.Of(whole).ShouldBeLessThan(MostTokens);
    }

    [Fact]
    public async Task A_message_costs_less_than_40_tokens_on_top_of_its_text()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
        await server.LinkAsync("tesla", "aaron");
        await using var sender = await McpConnection.OpenAsync(server, tesla.Secret);
        await using var reader = await McpConnection.OpenAsync(server, aaron.Secret);
        const string Text = "The build of branch main is green again.";
        await sender.CallAsync("send_agent_message", new { to = "aaron", message = Text, type = "status" });
        await sender.CallAsync("post_to_channel", new { channel = "general", message = Text });
        var task = new { message = new { messageId = "m", role = "ROLE_USER", parts = new[] { new { text = Text } } }, configuration = new { returnImmediately = true } };
        await A2aHouse.ResultAsync(tesla.Http, "aaron", "SendMessage", task);
        foreach (var message in (await reader.CallAsync("check_messages")).GetProperty("messages").EnumerateArray())
        {
            var overhead = TokenCount.Of(message.GetRawText()) - TokenCount.Of(Text);
            TestContext.Current.TestOutputHelper?.WriteLine($"{overhead} tokens: {message.GetRawText()}");
            overhead.ShouldBeLessThan(MostTokensOfAMessage);
        }
    }

    [Fact]
    public async Task Two_vocabularies_of_models_in_use_count_less_than_the_rule()
    {
        var node = await NodeFolder.PrepareAsync("mcp");
        var tools = await ListAsync();
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
        await server.LinkAsync("tesla", "aaron");
        await using var sender = await McpConnection.OpenAsync(server, tesla.Secret);
        await using var reader = await McpConnection.OpenAsync(server, aaron.Secret);
        const string Text = "The build of branch main is green again.";
        await sender.CallAsync("send_agent_message", new { to = "aaron", message = Text, type = "status" });
        await sender.CallAsync("post_to_channel", new { channel = "general", message = Text });
        var messages = (await reader.CallAsync("check_messages")).GetProperty("messages").EnumerateArray().Select(message => message.GetRawText());
        string[] texts = [Text, Shown(tools), JsonSerializer.Serialize(new ListToolsResult { Tools = tools }, McpJsonUtilities.DefaultOptions), .. messages];
        var start = node.Command("count.mjs");
        start.Environment["PARLEY_TEXTS"] = JsonSerializer.Serialize(texts);
        var (code, output) = await NodeFolder.RunAsync(start, TimeSpan.FromMinutes(1));
        code.ShouldBe(0, output);
        TestContext.Current.TestOutputHelper?.WriteLine($"text, shown, whole list, messages: {output}by the rule: {string.Join(',', texts.Select(TokenCount.Of))}");
        foreach (var vocabulary in JsonElement.Parse(output).EnumerateObject())
        {
            var counts = vocabulary.Value.EnumerateArray().Select(count => count.GetInt32()).ToList();
            counts.Count.ShouldBe(5);
            for (var i = 0; i < counts.Count; i++)
            {
                counts[i].ShouldBeInRange(1, TokenCount.Of(texts[i]), $"{vocabulary.Name}: {texts[i]}");
            }

            counts[1].ShouldBeLessThan(MostTokens);
            counts[2].ShouldBeLessThan(MostTokens);
            counts.Skip(3).ShouldAllBe(count => count - counts[0] < MostTokensOfAMessage);
        }
    }

    [Fact]
    public async Task The_first_sentence_of_a_description_is_short_and_the_schemas_are_plain()
    {
        foreach (var tool in await ListAsync())
        {
            tool.Description!.Split(". ")[0].Length.ShouldBeLessThan(140, tool.Name);
            tool.Annotations.ShouldNotBeNull(tool.Name);
            tool.InputSchema.GetProperty("type").GetString().ShouldBe("object");
            foreach (var property in tool.InputSchema.GetProperty("properties").EnumerateObject())
            {
                // Some programs refuse anything but one plain type with these beside it.
                property.Value.GetProperty("type").ValueKind.ShouldBe(JsonValueKind.String, $"{tool.Name}.{property.Name}");
                property.Value.EnumerateObject().Select(one => one.Name).Except(["type", "description", "enum", "items"]).ShouldBeEmpty($"{tool.Name}.{property.Name}");
            }
        }
    }

    [Fact]
    public async Task Tools_that_only_read_say_so() =>
        (await ListAsync()).Where(tool => tool.Annotations!.ReadOnlyHint == true).Select(tool => tool.Name).ShouldBe(["list_agents", "read_channel", "sessions_list"], ignoreOrder: true);

    [Theory]
    [InlineData("", 0)]
    [InlineData("hi there", 2)]
    [InlineData("{\"n\":123}", 6)]
    [InlineData("sessions_spawn", 4)]
    [InlineData("é→", 2)]
    public void The_rule_counts_as_it_says(string text, int tokens) => TokenCount.Of(text).ShouldBe(tokens);

    /// <summary>As a model is shown them: name, description and arguments.</summary>
    private static string Shown(IEnumerable<Tool> tools) => JsonSerializer.Serialize(tools.Select(tool => new { tool.Name, tool.Description, tool.InputSchema }));

    private static async Task<List<Tool>> ListAsync()
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        await using var connection = await McpConnection.OpenAsync(server, tesla.Secret);
        return [.. (await connection.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.ProtocolTool)];
    }
}
