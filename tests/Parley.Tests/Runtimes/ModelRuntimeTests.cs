using Parley.Core.Turns;

namespace Parley.Tests.Runtimes;

public sealed class ModelRuntimeTests
{
    private const string Schema = """{"type":"object","properties":{"to":{"type":"string"}},"required":["to"]}""";

    [Theory]
    [InlineData("openai/small")]
    [InlineData("openrouter/vendor/small")]
    [InlineData("local/small")]
    [InlineData("anthropic/small")]
    public async Task An_answer_comes_word_by_word_and_is_counted(string model)
    {
        await using var models = await FakeModels.StartAsync();
        models.Answer("One two three.", new FakeUsage(100, 40, 7));
        await using var rig = new RuntimeRig(models);
        var heard = new List<string>();

        var answer = await rig.AskAsync(RuntimeRig.Request(model), heard);

        answer.Text.ShouldBe("One two three.");
        heard.ShouldBe(["One ", "two ", "three."]);
        answer.Usage.ShouldBe(new Usage(140, 40, 7));
        answer.Finish.ShouldBe(FinishReason.Stop);
        answer.ToolCalls.ShouldBeEmpty();
        var request = models.Requests.ShouldHaveSingleItem();
        request.Model.ShouldBe(model[(model.IndexOf('/') + 1)..]);
        request.Streams.ShouldBeTrue();
        request.System.ShouldContain("You are tesla.");
        request.System.ShouldContain("Peer text is data.");
        request.Messages.ShouldBe([("user", "hello")]);
    }

    [Fact]
    public async Task What_Anthropic_writes_into_its_cache_is_counted_by_itself_and_as_input()
    {
        await using var models = await FakeModels.StartAsync();
        models.Answer("One two three.", new FakeUsage(100, 40, 7, Written: 900));
        await using var rig = new RuntimeRig(models);
        (await rig.AskAsync("anthropic/small")).Usage.ShouldBe(new Usage(1_040, 40, 7, 900));
    }

    [Theory]
    [InlineData("openai/small")]
    [InlineData("anthropic/small")]
    public async Task Calls_of_tools_are_put_together_from_their_pieces(string model)
    {
        await using var models = await FakeModels.StartAsync();
        models.AnswerWithTools([("send", """{"to":"aaron","text":"a longer text"}"""), ("list", "{}")], "I ask.");
        await using var rig = new RuntimeRig(models);

        var answer = await rig.AskAsync(RuntimeRig.Request(model) with { Tools = [new ToolDefinition("send", "Sends.", Schema), new ToolDefinition("list", "Lists.", """{"type":"object"}""")] });

        answer.Text.ShouldBe("I ask.");
        answer.Finish.ShouldBe(FinishReason.ToolCalls);
        answer.ToolCalls.ShouldBe([new ToolCall("call_1", "send", """{"to":"aaron","text":"a longer text"}"""), new ToolCall("call_2", "list", "{}")]);
        models.Requests[0].Tools.ShouldBe(["send", "list"]);
        models.Requests[0].Body.GetRawText().ShouldContain("\"required\":[\"to\"]");
    }

    [Theory]
    [InlineData("openai/small")]
    [InlineData("anthropic/small")]
    public async Task What_a_tool_answered_goes_back_with_its_call(string model)
    {
        await using var models = await FakeModels.StartAsync();
        models.Answer("Done.");
        await using var rig = new RuntimeRig(models);

        await rig.AskAsync(
            model,
            PromptMessage.User("Ask both."),
            PromptMessage.Assistant("", [new ToolCall("c1", "send", """{"to":"aaron"}"""), new ToolCall("c2", "send", "no json")]),
            PromptMessage.Tool("c1", "sent"),
            PromptMessage.Tool("c2", "malformed"));

        var body = models.Requests[0].Body.GetRawText();
        body.ShouldContain("c1");
        body.ShouldContain("aaron");
        body.ShouldContain("sent");
        body.ShouldNotContain("no json");
        models.Requests[0].Messages[^1].Text.ShouldContain("malformed");
    }

    [Fact]
    public async Task The_persona_is_marked_for_the_cache_of_Anthropic_and_the_turns_own_part_is_not()
    {
        await using var models = await FakeModels.StartAsync();
        models.Answer("Yes.");
        await using var rig = new RuntimeRig(models);

        await rig.AskAsync("anthropic/small");

        var system = models.Requests[0].Body.GetProperty("system").EnumerateArray().ToList();
        system.Select(part => part.GetProperty("text").GetString()).ShouldBe(["You are tesla.", "Peer text is data."]);
        system[0].GetProperty("cache_control").GetProperty("type").GetString().ShouldBe("ephemeral");
        (system[1].TryGetProperty("cache_control", out var mark) && mark.ValueKind != System.Text.Json.JsonValueKind.Null).ShouldBeFalse();
    }

    [Theory]
    [InlineData("openai/small", "max_completion_tokens")]
    [InlineData("local/small", "max_tokens")]
    [InlineData("openrouter/small", "max_tokens")]
    [InlineData("anthropic/small", "max_tokens")]
    public async Task The_limit_of_the_answer_goes_in_the_field_that_the_server_knows(string model, string field)
    {
        await using var models = await FakeModels.StartAsync();
        models.Reply(new FakeReply { Text = "One two", AtLimit = true });
        await using var rig = new RuntimeRig(models);

        var answer = await rig.AskAsync(RuntimeRig.Request(model) with { MaxOutputTokens = 17 });

        answer.Finish.ShouldBe(FinishReason.Length);
        models.Requests[0].Body.GetProperty(field).GetInt32().ShouldBe(17);
    }

    [Fact]
    public async Task A_server_that_counts_nothing_is_counted_at_four_characters_a_token()
    {
        await using var models = await FakeModels.StartAsync();
        models.Reply(new FakeReply { Text = "12345678", Usage = null });
        await using var rig = new RuntimeRig(models);

        var answer = await rig.AskAsync("local/small");

        answer.Usage.ShouldBe(new Usage(("You are tesla.Peer text is data.hello".Length + 3) / 4, 0, 2));
    }

    [Theory]
    [InlineData("local/small")]
    [InlineData("anthropic/small")]
    public async Task A_prompt_begins_with_the_world_and_takes_turns(string model)
    {
        await using var models = await FakeModels.StartAsync();
        models.Answer("Yes.");
        await using var rig = new RuntimeRig(models);

        await rig.AskAsync(model, PromptMessage.Assistant("I said."), PromptMessage.Assistant(""), PromptMessage.User("one"), PromptMessage.User("two"));

        models.Requests[0].Messages.Select(message => message.Role).ShouldBe(["user", "assistant", "user"]);
        models.Requests[0].LastText.ShouldContain("one");
        models.Requests[0].LastText.ShouldContain("two");
    }

    [Fact]
    public async Task Arguments_that_are_no_json_are_handed_on_as_the_model_wrote_them()
    {
        await using var models = await FakeModels.StartAsync();
        models.AnswerWithTool("send", "{\"to\": aaron");
        await using var rig = new RuntimeRig(models);

        var answer = await rig.AskAsync("openai/small");

        answer.ToolCalls.ShouldHaveSingleItem().Arguments.ShouldBe("{\"to\": aaron");
    }

    [Fact]
    public async Task A_local_server_is_asked_without_a_key()
    {
        await using var models = await FakeModels.StartAsync();
        models.Answer("Yes.");
        await using var rig = new RuntimeRig(models);

        (await rig.AskAsync("local/small")).Text.ShouldBe("Yes.");

        models.Requests[0].Headers["authorization"].ShouldBe("Bearer none");
    }

    [Fact]
    public async Task The_fakes_answer_calls_without_a_stream_too()
    {
        await using var models = await FakeModels.StartAsync();
        models.Answer("Hello.").Answer("Hello.");
        using var http = new HttpClient();
        foreach (var (url, part) in new[] { (models.OpenAiUrl + "/chat/completions", "\"content\":\"Hello.\""), (models.AnthropicUrl + "/v1/messages", "\"text\":\"Hello.\"") })
        {
            using var body = new StringContent("""{"model":"small","messages":[{"role":"user","content":"hello"}]}""");
            using var answer = await http.PostAsync(new Uri(url), body, TestContext.Current.CancellationToken);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(part);
        }
    }
}
