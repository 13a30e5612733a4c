using System.Text.Json;
using Parley.Server.Tests.A2a;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Mcp;

/// <summary>The life of an A2A task whose agent is connected through MCP: tesla calls over A2A, aaron has nothing but the tools.</summary>
public sealed class McpTaskTests
{
    private static int next;

    [Fact]
    public async Task A_task_is_asked_about_answered_in_pieces_and_completed()
    {
        await using var pair = await Pair.OpenAsync();
        var waiting = SendAsync(pair, Message("Book a table"));
        var given = await NextAsync(pair);
        Shown(given).ShouldBe((1, "submitted", null, "Book a table"));
        given.TryGetProperty("type", out _).ShouldBeFalse("the task says that it is a request");
        (await AnswerAsync(pair, new { to = "tesla", message = "For how many?", reply_to = 1, task_state = "input_required" })).ShouldBe("input_required");
        var asked = await waiting;
        A2aHouse.StateOf(asked).ShouldBe("TASK_STATE_INPUT_REQUIRED");
        TextOf(asked.GetProperty("status").GetProperty("message")).ShouldBe("For how many?");

        var id = asked.GetProperty("id").GetString()!;
        waiting = SendAsync(pair, Message("Four", id));
        Shown(await NextAsync(pair, after: 1)).ShouldBe((2, "submitted", 1, "Four"));
        (await AnswerAsync(pair, new { to = "tesla", message = "I call them.", reply_to = 2, task_state = "working" })).ShouldBe("working");
        (await AnswerAsync(pair, new { to = "tesla", message = "Table 7", reply_to = 2, artifact = new { id = "booking", name = "Booking" } })).ShouldBe("working");
        var last = JsonSerializer.Serialize(new { id = "booking", text = ", at eight", append = true, last = true });
        (await AnswerAsync(pair, new { to = "@tesla", message = "the rest", reply_to = "1", artifact = last, task_state = "completed" })).ShouldBe("completed");
        var done = await waiting;
        A2aHouse.StateOf(done).ShouldBe("TASK_STATE_COMPLETED");
        var booking = done.GetProperty("artifacts").EnumerateArray().ShouldHaveSingleItem();
        booking.GetProperty("name").GetString().ShouldBe("Booking");
        booking.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("text").GetString()).ShouldBe(["Table 7", ", at eight"]);
    }

    [Fact]
    public async Task A_task_is_rejected_and_a_plain_reply_completes_one()
    {
        await using var pair = await Pair.OpenAsync();
        var refused = SendAsync(pair, Message("Delete everything"));
        await NextAsync(pair);
        (await AnswerAsync(pair, new { to = "tesla", message = "Not by me.", reply_to = 1, task_state = "rejected" })).ShouldBe("rejected");
        A2aHouse.StateOf(await refused).ShouldBe("TASK_STATE_REJECTED");

        var answered = SendAsync(pair, Message("Is the build green?"));
        await NextAsync(pair, after: 1);
        (await AnswerAsync(pair, new { to = "tesla", message = "It is.", reply_to = 2 })).ShouldBe("completed");
        TextOf((await answered).GetProperty("artifacts")[0]).ShouldBe("It is.");
    }

    [Fact]
    public async Task An_agent_is_told_that_its_task_was_canceled()
    {
        await using var pair = await Pair.OpenAsync();
        var task = await SendAsync(pair, Message("Count the files"), wait: false);
        await NextAsync(pair);
        await A2aHouse.ResultAsync(pair.TeslaHttp, "aaron", "CancelTask", new { id = task.GetProperty("id").GetString() });
        var told = (await pair.Aaron.CallAsync("check_messages")).GetProperty("messages");
        Shown(told[0]).ShouldBe((1, "canceled", null, "Count the files"), "whoever reads the task late sees that it is over");
        var notice = told[1];
        (notice.GetProperty("from").GetString(), notice.GetProperty("task").GetString(), notice.GetProperty("of").GetInt64()).ShouldBe(("parley", "canceled", 1));
        var late = await pair.Aaron.RefusedAsync("send_agent_message", new { to = "tesla", message = "7", reply_to = 1, task_state = "completed" });
        late.GetProperty("code").GetString().ShouldBe("task_ended");
        (await AnswerAsync(pair, new { to = "tesla", message = "There are 7.", reply_to = 1 })).ShouldBe("canceled");
    }

    [Fact]
    public async Task A_wrong_word_of_a_task_is_refused_with_what_to_send()
    {
        await using var pair = await Pair.OpenAsync();
        await pair.Tesla.CallAsync("send_agent_message", new { to = "aaron", message = "hello" });
        var task = await SendAsync(pair, Message("Count the files"), wait: false);
        foreach (var (arguments, field, fix) in new (object, string, string)[]
        {
            (new { to = "tesla", message = "x", task_state = "completed" }, "reply_to", "Add reply_to"),
            (new { to = "tesla", message = "x", reply_to = 1, task_state = "completed" }, "reply_to", "a message with 'task'"),
            (new { to = "tesla", message = "x", reply_to = 9, task_state = "completed" }, "reply_to", "check_messages"),
            (new { to = "tesla", message = "x", reply_to = 2, task_state = "finished" }, "task_state", "completed"),
            (new { to = "tesla", message = "x", reply_to = 2, artifact = new { parts = Array.Empty<int>() } }, "artifact", "text"),
            (new { to = "tesla", message = "x", reply_to = 2, artifact = "the text" }, "artifact", "JSON object"),
            (new { to = "user:owner", message = "x", reply_to = 2, task_state = "completed" }, "to", "Send it to tesla"),
        })
        {
            var refusal = await pair.Aaron.RefusedAsync("send_agent_message", arguments);
            refusal.GetProperty("field").GetString().ShouldBe(field, refusal.ToString());
            refusal.GetProperty("fix").GetString()!.ShouldContain(fix);
        }

        A2aHouse.StateOf(await A2aHouse.ResultAsync(pair.TeslaHttp, "aaron", "GetTask", new { id = task.GetProperty("id").GetString() })).ShouldBe("TASK_STATE_SUBMITTED");
    }

    [Fact]
    public async Task A_member_of_a_channel_answers_the_task_of_the_channel()
    {
        await using var pair = await Pair.OpenAsync();
        var waiting = SendAsync(pair, Message("Who is on call?"), to: "channel:general");
        var given = await NextAsync(pair);
        (given.GetProperty("channel").GetString(), given.GetProperty("task").GetString()).ShouldBe(("general", "working"));
        var answer = await pair.Aaron.CallAsync("post_to_channel", new { channel = "general", message = "I am.", reply_to = 1 });
        answer.GetProperty("task").GetString().ShouldBe("completed");
        TextOf((await waiting).GetProperty("artifacts")[0]).ShouldBe("I am.");
    }

    private static object Message(string text, string? task = null) => new { messageId = $"mcp-{Interlocked.Increment(ref next)}", role = "ROLE_USER", parts = new[] { new { text } }, taskId = task };

    private static async Task<JsonElement> SendAsync(Pair pair, object message, bool wait = true, string to = "aaron") =>
        (await A2aHouse.ResultAsync(pair.TeslaHttp, to, "SendMessage", new { message, configuration = new { returnImmediately = !wait } })).GetProperty("task");

    /// <summary>The first message behind a number of aaron's inbox.</summary>
    private static async Task<JsonElement> NextAsync(Pair pair, long after = 0)
    {
        var page = await pair.Aaron.CallAsync("check_messages", new { cursor = after.ToString(System.Globalization.CultureInfo.InvariantCulture), wait_seconds = 30 });
        return page.GetProperty("messages")[0];
    }

    /// <summary>How the task is by the answer of a send.</summary>
    private static async Task<string?> AnswerAsync(Pair pair, object arguments) => (await pair.Aaron.CallAsync("send_agent_message", arguments)).GetProperty("task").GetString();

    private static (long Number, string? Task, long? Of, string? Text) Shown(JsonElement message) =>
        (message.GetProperty("n").GetInt64(), message.GetProperty("task").GetString(), message.TryGetProperty("of", out var of) ? of.GetInt64() : null, message.GetProperty("text").GetString());

    private static string TextOf(JsonElement said) => said.GetProperty("parts")[0].GetProperty("text").GetString()!;
}
