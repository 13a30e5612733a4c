using Parley.Core.Turns;

namespace Parley.Tests.Runtimes;

public sealed class DemoModelTests
{
    private static readonly string[] s_board = ["ceo", "cto", "cfo"];
    private const string Sign = "\n(demo model: no language model is asked)";
    private const string Boundary = "0123456789abcdef0123456789abcdef";
    private const string Send = """{"type":"object","properties":{"agent":{"type":"string"},"content":{"type":"string"}}}""";

    [Fact]
    public async Task The_echo_says_what_it_was_asked_and_once_what_it_is()
    {
        await using var rig = new RuntimeRig();
        var heard = new List<string>();

        var first = await rig.AskAsync(RuntimeRig.Request("demo/echo", PromptMessage.User("hello there")), heard);
        var second = await rig.AskAsync("demo/echo", PromptMessage.User("hello there"), PromptMessage.Assistant(first.Text), PromptMessage.User("and again"));

        first.Text.ShouldBe("hello there" + Sign);
        string.Concat(heard).ShouldBe(first.Text);
        heard.Count.ShouldBeGreaterThan(2);
        second.Text.ShouldBe("and again");
        first.Usage.Output.ShouldBe((first.Text.Length + 3) / 4);
        first.Usage.Input.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_echo_reads_the_text_inside_the_boundary_and_no_mention_of_itself()
    {
        await using var rig = new RuntimeRig();

        var answer = await rig.AskAsync("demo/echo", PromptMessage.User($"New messages:\n{Block("ada", "user", "Is <b>this</b> it?")}\n{Block("aaron", "agent", "@tesla one")}"));

        answer.Text.ShouldBe("Is <b>this</b> it?\none" + Sign);
    }

    [Fact]
    public async Task The_echo_calls_a_tool_that_the_text_names()
    {
        await using var rig = new RuntimeRig();
        var tools = new[] { new ToolDefinition("send_agent_message", "Sends.", Send), new ToolDefinition("files_read", "Reads.", "{}") };

        var tell = await rig.AskAsync(RuntimeRig.Request("demo/echo", PromptMessage.User(Block("ada", "user", "tell aaron: the \"build\" is red"))) with { Tools = tools });
        var tool = await rig.AskAsync(RuntimeRig.Request("demo/echo", PromptMessage.User("tool: files_read {\"path\":\"a\"}")) with { Tools = tools });
        var none = await rig.AskAsync(RuntimeRig.Request("demo/echo", PromptMessage.User("tool: shell {}")) with { Tools = tools });
        var after = await rig.AskAsync("demo/echo", PromptMessage.User("tool: files_read"), PromptMessage.Assistant("", tool.ToolCalls), PromptMessage.Tool("demo_call_1", "contents"));

        tell.Finish.ShouldBe(FinishReason.ToolCalls);
        tell.ToolCalls.ShouldHaveSingleItem().Name.ShouldBe("send_agent_message");
        System.Text.Json.JsonDocument.Parse(tell.ToolCalls[0].Arguments).RootElement.GetProperty("agent").GetString().ShouldBe("aaron");
        System.Text.Json.JsonDocument.Parse(tell.ToolCalls[0].Arguments).RootElement.GetProperty("content").GetString().ShouldBe("the \"build\" is red");
        tool.ToolCalls.ShouldBe([new ToolCall("demo_call_1", "files_read", "{\"path\":\"a\"}")]);
        none.Text.ShouldStartWith("I have no tool 'shell'.");
        after.Text.ShouldStartWith("The tool answered: contents");
    }

    [Fact]
    public async Task The_three_play_the_discussion_of_the_founding_document()
    {
        var said = await DiscussAsync("Should we launch next month?");

        said.ShouldBe(
        [
            "ceo: Depends on readiness. @cto status update?" + Sign,
            "cto: 90% ready, need QA. @cfo budget for contractors?",
            "cfo: $50K available. @ceo revenue impact of delay?",
            "ceo: $200K revenue risk. Let's spend the $50K.",
        ]);
    }

    [Theory]
    [InlineData("What's our hiring plan?")]
    [InlineData("What colour should the logo have?")]
    [InlineData("Is the outage over?")]
    [InlineData("@ceo what about the strategy?")]
    [InlineData("?")]
    public async Task Every_question_gets_a_discussion_that_ends(string question)
    {
        var said = await DiscussAsync(question);

        said.Count.ShouldBe(4);
        said[3].ShouldStartWith("ceo: ");
        said[3].ShouldNotContain("@");
        said.ShouldBe(await DiscussAsync(question));
        said.ShouldAllBe(line => line.Length < 200);
    }

    [Fact]
    public async Task What_is_said_depends_on_what_was_asked()
    {
        var openings = new HashSet<string>();
        foreach (var question in new[] { "Should we launch?", "Whom do we hire?", "Is the budget enough?", "What about the outage?", "Which colour?" })
        {
            openings.Add((await DiscussAsync(question))[0]);
        }

        openings.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_question_to_nobody_is_answered_by_one_and_passed_by_the_others()
    {
        await using var rig = new RuntimeRig();

        foreach (var role in new[] { "cto", "cfo" })
        {
            (await rig.AskAsync(Meeting(role, PromptMessage.User(Block("ada", "user", "Should we launch?"))))).Text.ShouldBe("PASS");
        }

        (await rig.AskAsync(Meeting("cto", PromptMessage.User(Block("ada", "user", "@cto should we launch?"))))).Text.ShouldStartWith("90% ready, need QA. @cfo");
    }

    [Fact]
    public async Task Alone_or_in_a_direct_message_nobody_else_is_mentioned()
    {
        await using var rig = new RuntimeRig();

        foreach (var role in new[] { "ceo", "cto", "cfo", "team" })
        {
            (await rig.AskAsync($"demo/{role}", PromptMessage.User("Should we launch?"))).Text.ShouldNotContain("@");
            (await rig.AskAsync($"demo/{role}", PromptMessage.User(Block("ada", "user", "Should we launch?", "direct")))).Text.ShouldNotContain("@");
        }
    }

    [Fact]
    public async Task Whoever_is_really_there_is_asked()
    {
        await using var rig = new RuntimeRig();
        var request = RuntimeRig.Request("demo/ceo", PromptMessage.User(Block("ada", "user", "Should we launch?"))) with { Instructions = "You are boss. Participants: boss, tech and money." };

        (await rig.AskAsync(request)).Text.ShouldStartWith("Depends on readiness. @tech status update?");
    }

    [Fact]
    public async Task A_team_speaks_in_turn_and_ends()
    {
        await using var rig = new RuntimeRig();
        RuntimeRequest As(string name, params PromptMessage[] messages) =>
            RuntimeRig.Request("demo/team", messages) with { Persona = $"You are the {name} engineer, careful.", Instructions = $"You are {name}. Participants: ann, bob, cid" };
        var question = PromptMessage.User(Block("ada", "user", "Should we rewrite the parser?"));

        var ann = await rig.AskAsync(As("ann", question));
        var silent = await rig.AskAsync(As("bob", question));
        var bob = await rig.AskAsync(As("bob", question, PromptMessage.User(Block("ann", "agent", ann.Text))));
        var cid = await rig.AskAsync(As("cid", question, PromptMessage.User(Block("ann", "agent", ann.Text)), PromptMessage.User(Block("bob", "agent", bob.Text))));

        ann.Text.ShouldStartWith("As ann engineer, on rewrite the parser: ");
        ann.Text.ShouldContain("@bob");
        silent.Text.ShouldBe("PASS");
        bob.Text.ShouldContain("@cid");
        cid.Text.ShouldNotContain("@");
    }

    [Fact]
    public async Task It_pauses_between_words_by_the_injected_clock()
    {
        await using var rig = new RuntimeRig(change: options => options with { DemoPause = TimeSpan.FromSeconds(1) });
        var asking = rig.AskAsync(RuntimeRig.Request("demo/echo", PromptMessage.User("a b")) with { TimeLimit = TimeSpan.FromSeconds(3) });

        for (var second = 0; second < 3 && !asking.IsCompleted; second++)
        {
            await rig.Time.PendingTimersReach(2).Within(RuntimeRig.Limit);
            rig.Time.Advance(TimeSpan.FromSeconds(1));
        }

        (await Should.ThrowAsync<RuntimeFault>(() => asking)).Kind.ShouldBe(RuntimeFaultKind.Timeout);
    }

    [Fact]
    public async Task It_stops_at_its_limit_and_when_it_is_cancelled()
    {
        await using var rig = new RuntimeRig();

        var cut = await rig.AskAsync(RuntimeRig.Request("demo/echo", PromptMessage.User(new string('x', 100))) with { MaxOutputTokens = 2 });

        cut.Text.ShouldBe("xxxxxxxx");
        cut.Finish.ShouldBe(FinishReason.Length);
        await Should.ThrowAsync<OperationCanceledException>(() => rig.AskUntilAsync(RuntimeRig.Request("demo/echo"), new CancellationToken(canceled: true)));
    }

    /// <summary>Passes what is said to whoever is mentioned, as a meeting does.</summary>
    private static async Task<List<string>> DiscussAsync(string question)
    {
        await using var rig = new RuntimeRig();
        var log = new List<(string From, string Text)> { ("ada", question) };
        var next = "ceo";
        for (var turn = 0; turn < 8 && next is not null; turn++)
        {
            var me = next;
            var answer = await rig.AskAsync(Meeting(me, [.. log.Select(entry => entry.From == me ? PromptMessage.Assistant(entry.Text) : PromptMessage.User(Block(entry.From, entry.From == "ada" ? "user" : "agent", entry.Text)))]));
            log.Add((me, answer.Text));
            next = s_board.FirstOrDefault(name => answer.Text.Contains("@" + name, StringComparison.Ordinal));
        }

        return [.. log.Skip(1).Select(entry => $"{entry.From}: {entry.Text}")];
    }

    private static RuntimeRequest Meeting(string role, params PromptMessage[] messages) =>
        RuntimeRig.Request($"demo/{role}", messages) with { Persona = "", Instructions = $"You are {role}. Participants: ceo, cto, cfo" };

    private static string Block(string from, string kind, string text, string place = "meeting") =>
        $"<message-{Boundary} from=\"{from}\" kind=\"{kind}\" type=\"request\" in=\"{place}\" at=\"2026-03-01T12:00:00Z\" number=\"12\" depth=\"2\">\n{text}\n</message-{Boundary}>";
}
