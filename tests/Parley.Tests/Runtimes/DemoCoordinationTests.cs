using System.Text.Json;
using Parley.Core.Turns;

namespace Parley.Tests.Runtimes;

/// <summary><c>demo/ghost</c> and <c>demo/specialist</c>: what they know stands in the prompt alone.</summary>
public sealed class DemoCoordinationTests
{
    private const string Mark = "0123456789abcdef0123456789abcdef";
    private static readonly ToolDefinition s_spawn = new("sessions_spawn", "Spawns.", """{"type":"object"}""");

    [Fact]
    public async Task What_to_build_next_is_asked_of_six_specialists_in_one_step()
    {
        var calls = (await AskAsync(Said(1, "What should we build next?"))).ToolCalls;
        calls.Select(Agent).ShouldBe(["tesla", "aaron", "barnum", "bond", "patton", "buffett"]);
        calls.ShouldAllBe(call => call.Name == "sessions_spawn");
        calls.Select(call => call.Id).Distinct().Count().ShouldBe(6);
        Task(calls[0]).ShouldBe("Pitch what we should build next from your architecture perspective");
        Task(calls[5]).ShouldBe("Pitch what we should build next from your finance perspective");
    }

    [Fact]
    public async Task It_says_who_is_at_work_and_who_was_refused()
    {
        var calls = (await AskAsync(Said(1, "fan out: tesla aaron — Plan it"))).ToolCalls;
        var one = await AskAsync(
            Said(1, "fan out: tesla aaron — Plan it"), PromptMessage.Assistant("", calls), PromptMessage.Tool(calls[0].Id, """{"status":"accepted","sessionKey":"agent:tesla:subagent:1"}"""),
            PromptMessage.Tool(calls[1].Id, "refused (forbidden): Forbidden: 'ghost' may not spawn 'aaron'."));
        one.Text.ShouldStartWith("One is at work: tesla (architecture). I report when the results are there.\naaron was not started: refused (forbidden): Forbidden");
        var none = await AskAsync(
            Said(1, "fan out: tesla — Plan it"), PromptMessage.Assistant("", [calls[0]]), PromptMessage.Tool(calls[0].Id, "refused (halted): The server is halted."));
        none.Text.ShouldStartWith("Nobody is at work.\ntesla was not started: refused (halted)");
    }

    [Fact]
    public async Task Results_become_a_report_in_the_order_of_the_plan_with_what_they_took_together()
    {
        var report = (await AskAsync(
            Said(1, "fan out: tesla aaron barnum — Plan it"), PromptMessage.Assistant("Three are at work."), Unread(Result("aaron", "Tables.", "1m 5s", 200, "$0.02"), Result("tesla", "Parts.", "5s", 100, "$0.01")))).Text;
        report.ShouldStartWith(
            """
            # Fan-out: Plan it

            ## tesla, architecture
            Parts.
            (completed after 5s, 100 tokens, $0.01)

            ## aaron, data
            Tables.
            (completed after 1m 5s, 200 tokens, $0.02)

            ## barnum, ux
            no result

            2 sessions, 300 tokens, $0.03; the longest took 1m 5s, all together 1m 10s.
            """);
        report.ShouldContain("(demo model: no language model is asked)");
    }

    [Fact]
    public async Task A_chain_goes_on_with_the_next_until_the_last_and_counts_all_of_it()
    {
        var ask = Said(1, "chain: tesla aaron buffett — Plan it");
        Task((await AskAsync(ask)).ToolCalls.ShouldHaveSingleItem()).ShouldBe("Step 1 of 3: Plan it");
        var second = (await AskAsync(ask, PromptMessage.Assistant("Step 1 of 3: Plan it"), Unread(Result("tesla", "Parts.", "5s", 100, "$0.01")))).ToolCalls.ShouldHaveSingleItem();
        (Agent(second), Task(second)).ShouldBe(("aaron", "Step 2 of 3: Plan it\n\nSo far: tesla (completed after 5s, 100 tokens, $0.01)\n\nThe result of tesla:\nParts."));
        var third = (await AskAsync(ask, PromptMessage.Assistant(Task(second)), Unread(Result("aaron", "Tables.", "6s", 200, "$0.02")))).ToolCalls.ShouldHaveSingleItem();
        (Agent(third), Task(third).Contains("Parts.", StringComparison.Ordinal), Task(third).Contains("The result of aaron:\nTables.", StringComparison.Ordinal)).ShouldBe(("buffett", false, true));
        var report = (await AskAsync(ask, PromptMessage.Assistant(Task(third)), Unread(Result("buffett", "Money.", "7s", 300, "$0.03")))).Text;
        report.ShouldStartWith("# Chain: Plan it\n\n## buffett, finance\nMoney.\n");
        report.ShouldContain("\n3 sessions, 600 tokens, $0.06; the longest took 7s, all together 18s.");
    }

    [Fact]
    public async Task A_fan_in_hands_both_results_to_the_third()
    {
        var ask = Said(1, "@ghost Fan in: @tesla, aaron -> buffett - Plan it");
        (await AskAsync(ask)).ToolCalls.Select(Task).ShouldBe(["Step 1 of 2: Plan it", "Step 1 of 2: Plan it"]);
        var last = (await AskAsync(ask, PromptMessage.Assistant("Step 1 of 2: Plan it"), Unread(Result("aaron", "Tables."), Result("tesla", "Parts.")))).ToolCalls.ShouldHaveSingleItem();
        Agent(last).ShouldBe("buffett");
        Task(last).ShouldEndWith("The result of tesla:\nParts.\n\nThe result of aaron:\nTables.");
    }

    [Fact]
    public async Task A_chain_whose_step_failed_ends_there_and_says_so()
    {
        var report = (await AskAsync(
            Said(1, "chain: tesla aaron — Plan it"), PromptMessage.Assistant("Step 1 of 2: Plan it"), Unread(Result("tesla", "agent:tesla:subagent:1 ended as failed after 5s: no key", status: "failed")))).Text;
        report.ShouldStartWith("# Chain: Plan it\n\nIt ended in step 1 of 2: nothing can be handed on.\n\n## tesla, architecture\nagent:tesla:subagent:1 ended as failed");
    }

    [Fact]
    public async Task Of_several_questions_it_goes_on_with_the_one_that_its_turn_answers()
    {
        PromptMessage[] said = [Said(3, "chain: tesla aaron — First"), Said(5, "fan out: tesla — Second"), PromptMessage.Assistant("Step 1 of 2: First"), Unread(Result("tesla", "Parts."))];
        Task((await AskAsync(3, said)).ToolCalls.ShouldHaveSingleItem()).ShouldStartWith("Step 2 of 2: First");
        (await AskAsync(5, said)).Text.ShouldStartWith("# Fan-out: Second");
    }

    [Fact]
    public async Task In_a_session_of_its_own_it_finds_the_step_in_what_it_has_said()
    {
        var report = (await AskAsync(
            Said(1, "chain: tesla aaron — Plan it", place: "session"),
            PromptMessage.Assistant("One is at work: aaron (data), on step 2 of 2. So far: tesla (completed after 5s, 100 tokens, $0.01). I report when the results are there."),
            Unread(Result("aaron", "Tables.", "6s", 200, "$0.02")))).Text;
        report.ShouldContain("\n2 sessions, 300 tokens, $0.03; ");
    }

    [Theory]
    [InlineData("Hello")]
    [InlineData("chain: — nothing")]
    [InlineData("fan in: tesla aaron — no third")]
    [InlineData("chain: tesla -> aaron — an arrow")]
    [InlineData("chain: a b c d e f g h i j k — too many")]
    public async Task What_it_does_not_understand_is_answered_with_what_it_does(string text)
    {
        var answer = await AskAsync(Said(1, text));
        answer.ToolCalls.ShouldBeEmpty();
        answer.Text.ShouldStartWith("I give work to others");
    }

    [Fact]
    public async Task Without_the_tool_it_spawns_nobody()
    {
        await using var rig = new RuntimeRig();
        var answer = await rig.AskAsync("demo/ghost", Said(1, "What should we build next?"));
        (answer.ToolCalls.Count, answer.Text.StartsWith("I have no tool 'sessions_spawn'.", StringComparison.Ordinal)).ShouldBe((0, true));
    }

    [Theory]
    [InlineData("Pitch what we should build next from your finance perspective", "You are tesla.", "tesla", "Build billing by use.")]
    [InlineData("Pitch what we should build next", "You are x. The specialist for security.", "x", "Build tokens")]
    [InlineData("Pitch it", "You are x.", "barnum", "Build a first start")]
    [InlineData("Pitch it", "You are x.", "x", "Build less")]
    [InlineData("Step 1 of 2: Plan it", "You are x.", "aaron", "From data, on Plan it: one table of events")]
    [InlineData("Step 2 of 2: Plan it\n\nSo far: tesla (x)\n\nThe result of tesla:\nFrom architecture, on Plan it: three parts. More.\n\nThe result of bond:\nLess.", "You are x.", "buffett",
        "From finance, on Plan it: $15K for the first version, which has to pay back within seven months. If it does not, we stop. This builds on tesla (“three parts”) and bond (“Less”).")]
    public async Task A_specialist_answers_by_the_role_of_task_persona_or_name(string task, string persona, string name, string begin)
    {
        await using var rig = new RuntimeRig();
        var heard = new List<string>();
        var request = RuntimeRig.Request("demo/specialist", Said(1, task, place: "session")) with { Persona = persona, Instructions = $"Your name is {name}. It is Saturday.", Tools = [s_spawn] };
        var answer = await rig.AskAsync(request, heard);
        answer.Text.ShouldStartWith(begin);
        (answer.ToolCalls.Count, string.Concat(heard) == answer.Text, heard.Count > 5).ShouldBe((0, true, true));
        (await rig.AskAsync(request)).Text.ShouldBe(answer.Text);
    }

    private static Task<RuntimeAnswer> AskAsync(params PromptMessage[] messages) => AskAsync(1, messages);

    private static async Task<RuntimeAnswer> AskAsync(int answered, params PromptMessage[] messages)
    {
        await using var rig = new RuntimeRig();
        return await rig.AskAsync(RuntimeRig.Request("demo/ghost", messages) with { Instructions = $"Your name is ghost. Your last text is sent to the person ada, as the answer to message {answered}. Write only what is to be sent.", Tools = [s_spawn] });
    }

    private static PromptMessage Said(int number, string text, string place = "direct") =>
        PromptMessage.User($"<message-{Mark} from=\"ada\" kind=\"person\" type=\"request\" in=\"{place}\" at=\"2026-03-01T12:00:00Z\" number=\"{number}\" depth=\"0\">\n{text}\n</message-{Mark}>");

    private static PromptMessage Unread(params string[] blocks) => PromptMessage.User("Unread now:\n\n" + string.Join("\n\n", blocks));

    private static string Result(string agent, string text, string runtime = "5s", int tokens = 100, string cost = "$0.00", string status = "completed") =>
        $"<message-{Mark} from=\"{agent}\" kind=\"agent\" type=\"result\" in=\"session\" at=\"2026-03-01T12:01:00Z\" number=\"2\" depth=\"0\" session=\"s\" sessionKey=\"agent:{agent}:subagent:1\" status=\"{status}\" runtime=\"{runtime}\" tokens=\"{tokens}\" cost=\"{cost}\">\n{text}\n(demo model: no language model is asked)\n</message-{Mark}>";

    private static string Agent(ToolCall call) => JsonDocument.Parse(call.Arguments).RootElement.GetProperty("agentId").GetString()!;

    private static string Task(ToolCall call) => JsonDocument.Parse(call.Arguments).RootElement.GetProperty("task").GetString()!;
}
