using Parley.Core;
using Parley.Core.Messages;

namespace Parley.Tests.Messages;

public sealed class TemplateTests
{
    [Fact]
    public void A_list_becomes_one_line_an_entry() => Templates.Find("Clarify").Fill(new Dictionary<string, string>
    {
        ["topic"] = "the deadline", ["questions"] = "Which day?\nWho decides?", ["action"] = "the plan",
    }).ShouldBe("I need clarification on the deadline:\n\nQuestions:\n1. Which day?\n2. Who decides?\n\nOnce clarified, I can proceed with the plan.");

    [Fact]
    public void A_completed_task_has_the_form_of_the_founding_document() => Templates.Find("completed").Fill(new Dictionary<string, string>
    {
        ["summary"] = "done 1.2", ["details"] = "version 1.2 {summary}\n\ntwo", ["next_steps"] = "None.",
    }).ShouldBe("Task completed: done 1.2\n\nDetails:\n- version 1.2 {summary}\n- two\n\nNone.");

    [Fact]
    public void A_place_that_may_stay_empty_leaves_nothing_behind() =>
        Templates.Find("completed").Fill(new Dictionary<string, string> { ["summary"] = "x", ["details"] = "y" }).ShouldBe("Task completed: x\n\nDetails:\n- y");

    [Theory]
    [InlineData("reason", "recommendation", " ", "recommendation")]
    [InlineData("reason", "recommendaton", "x", "recommendaton")]
    public void A_place_without_a_value_and_a_value_without_a_place_are_refused(string first, string second, string value, string field)
    {
        var error = Should.Throw<ParleyError>(() => Templates.Find("decline").Fill(new Dictionary<string, string> { [first] = "x", [second] = value }));
        (error.Code, error.Field).ShouldBe((ErrorCode.InvalidRequest, field));
        error.Fix.ShouldContain("recommendation");
    }

    [Fact]
    public void An_unknown_template_and_a_text_that_is_too_long_are_refused()
    {
        Should.Throw<ParleyError>(() => Templates.Find("poem")).Code.ShouldBe(ErrorCode.NotFound);
        Should.Throw<ParleyError>(() => Templates.Find("decline").Fill(new Dictionary<string, string> { ["reason"] = new('x', 70_000), ["recommendation"] = "x" }))
            .Code.ShouldBe(ErrorCode.TooLarge);
    }
}
