using System.Text.Json.Nodes;
using Parley.Cli.Connect.Hooks;

namespace Parley.Tests.Cli.Connect;

public sealed class HookAnswerTests
{
    [Theory]
    [InlineData("claude-code", "Stop", """{"decision":"block","reason":"new"}""")]
    [InlineData("claude-code", "SessionStart", """{"hookSpecificOutput":{"hookEventName":"SessionStart","additionalContext":"new"}}""")]
    [InlineData("codex", "Stop", """{"decision":"block","reason":"new"}""")]
    [InlineData("codex", "PostToolUse", """{"hookSpecificOutput":{"hookEventName":"PostToolUse","additionalContext":"new"}}""")]
    [InlineData("gemini", "AfterAgent", """{"decision":"deny","reason":"new"}""")]
    [InlineData("gemini", "AfterTool", """{"hookSpecificOutput":{"hookEventName":"AfterTool","additionalContext":"new"}}""")]
    [InlineData("cursor", "stop", """{"followup_message":"new"}""")]
    [InlineData("cursor", "postToolUse", """{"additional_context":"new"}""")]
    public void A_program_is_told_in_its_own_form(string program, string name, string meant)
    {
        var answer = HookAnswer.Of(program, name, "new", fromBehind: false);
        answer.Code.ShouldBe(0);
        JsonNode.DeepEquals(JsonNode.Parse(answer.Output!), JsonNode.Parse(meant)).ShouldBeTrue(answer.Output);
    }

    [Fact]
    public void From_behind_Claude_Code_is_woken_by_the_code_2_and_others_by_a_line()
    {
        HookAnswer.Of("claude-code", "Stop", "new", fromBehind: true).ShouldBe(new HookAnswer(null, "new", 2));
        HookAnswer.Of("opencode", null, "new", fromBehind: true).ShouldBe(new HookAnswer("new", null, 0));
    }

    [Theory]
    [InlineData("""{"hook_event_name":"Stop","session_id":"a"}""", "Stop", "a")]
    [InlineData("""{"hook_event_name":"stop","conversation_id":"b"}""", "stop", "b")]
    [InlineData("""{"hook_event_name":5}""", null, null)]
    [InlineData("[]", null, null)]
    [InlineData("no json", null, null)]
    [InlineData("", null, null)]
    public void Whatever_a_program_says_is_taken(string input, string? name, string? session) =>
        HookInput.Parse(System.Text.Encoding.UTF8.GetBytes(input)).ShouldBe(new HookInput(name, session));
}
