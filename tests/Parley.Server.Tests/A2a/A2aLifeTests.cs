using System.Net;
using System.Text.Json;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.A2a;

/// <summary>The life of a task whose agent is connected through a WebSocket and answers with ordinary messages.</summary>
public sealed class A2aLifeTests
{
    [Fact]
    public async Task A_plain_reply_completes_the_task_that_a_blocking_call_waits_for()
    {
        await using var house = await A2aHouse.OpenAsync();
        var waiting = A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "SendMessage", new { message = house.Message("Is the build green?") });
        var asked = await house.Socket.NextAsync("request");
        asked.GetProperty("content").GetString().ShouldBe("Is the build green?");
        (await house.AnswerAsync("It is.", replyTo: asked.GetProperty("id").GetGuid())).GetProperty("type").GetString().ShouldBe("ack");
        var task = (await waiting).GetProperty("task");
        A2aHouse.StateOf(task).ShouldBe("TASK_STATE_COMPLETED");
        task.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("It is.");
        task.GetProperty("history")[0].GetProperty("role").GetString().ShouldBe("ROLE_USER");
        using var inbox = await house.Tesla.Http.GetJsonAsync("/api/v1/inbox");
        inbox.Required("items").GetArrayLength().ShouldBe(1, "the answer is an ordinary message as well");
    }

    [Fact]
    public async Task A_question_waits_for_its_owner_and_goes_on_with_the_answer()
    {
        await using var house = await A2aHouse.OpenAsync();
        var waiting = A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "SendMessage", new { message = house.Message("Book a table") });
        var id = (await house.Socket.NextAsync("request")).GetProperty("metadata").GetProperty("parley.task").GetProperty("id").GetString()!;
        await house.AnswerAsync("For how many?", new { id, state = "input_required" });
        var asked = (await waiting).GetProperty("task");
        A2aHouse.StateOf(asked).ShouldBe("TASK_STATE_INPUT_REQUIRED");
        asked.GetProperty("status").GetProperty("message").GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("For how many?");

        waiting = A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "SendMessage", new { message = house.Message("Four", id, asked.GetProperty("contextId").GetString()) });
        var told = await house.Socket.NextAsync("request");
        told.GetProperty("content").GetString().ShouldBe("Four");
        told.GetProperty("metadata").GetProperty("parley.task").GetProperty("id").GetString().ShouldBe(id);
        A2aHouse.StateOf(await house.TaskAsync(id)).ShouldBe("TASK_STATE_SUBMITTED");
        await house.AnswerAsync("Booked.", new { id, state = "completed" });
        var done = (await waiting).GetProperty("task");
        A2aHouse.StateOf(done).ShouldBe("TASK_STATE_COMPLETED");
        done.GetProperty("history").EnumerateArray().Select(said => said.GetProperty("parts")[0].GetProperty("text").GetString()).ShouldBe(["Book a table", "For how many?", "Four"]);
        done.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("Booked.");
    }

    [Fact]
    public async Task Artifacts_come_in_chunks_to_every_reader_in_the_same_order()
    {
        await using var house = await A2aHouse.OpenAsync();
        var (id, _) = await house.BeginAsync();
        var readers = Enumerable.Range(0, 2).Select(_ => FollowAsync(house, id)).ToList();
        await Task.WhenAll(readers.Select(reader => reader.Begun));
        await house.AnswerAsync("First line", new { id, state = "working" });
        await house.AnswerAsync("poem", new { id, artifact = new { id = "poem", name = "Poem", text = "Roses are red, " } });
        await house.AnswerAsync("poem", new { id, artifact = new { id = "poem", parts = new object[] { new { text = "violets are blue" }, new { data = new { lines = 2 }, media_type = "application/json" } }, append = true, last = true } });
        await house.AnswerAsync("Done", new { id, state = "completed", artifact = new { id = "notes", text = "Two lines" } });
        foreach (var reader in readers)
        {
            (await reader.Ended).ShouldBe(["TASK_STATE_WORKING", "poem+False", "poem+True!", "notes+False", "TASK_STATE_COMPLETED"]);
        }

        var task = await house.TaskAsync(id);
        var poem = task.GetProperty("artifacts")[0];
        poem.GetProperty("name").GetString().ShouldBe("Poem");
        poem.GetProperty("parts").GetArrayLength().ShouldBe(3);
        poem.GetProperty("parts")[2].GetProperty("data").GetProperty("lines").GetInt32().ShouldBe(2);
        poem.GetProperty("parts")[2].GetProperty("mediaType").GetString().ShouldBe("application/json");
        task.GetProperty("status").GetProperty("message").GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("Done");
    }

    [Theory]
    [InlineData("rejected", "TASK_STATE_REJECTED")]
    [InlineData("failed", "TASK_STATE_FAILED")]
    [InlineData("auth_required", "TASK_STATE_AUTH_REQUIRED")]
    public async Task An_agent_may_end_or_stop_a_task(string state, string told)
    {
        await using var house = await A2aHouse.OpenAsync();
        var (id, _) = await house.BeginAsync();
        await house.AnswerAsync("Not by me.", new { id, state });
        A2aHouse.StateOf(await house.TaskAsync(id)).ShouldBe(told);
    }

    [Fact]
    public async Task Cancellation_is_final_and_the_agent_is_told()
    {
        await using var house = await A2aHouse.OpenAsync();
        var (id, asked) = await house.BeginAsync();
        A2aHouse.StateOf(await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "CancelTask", new { id })).ShouldBe("TASK_STATE_CANCELED");
        var notice = await house.Socket.NextAsync("system");
        notice.GetProperty("content").GetString()!.ShouldContain(id);
        notice.GetProperty("metadata").GetProperty("parley.notice").GetString().ShouldBe("task_canceled");
        var late = await house.AnswerAsync("Here it is", new { id, state = "completed" });
        late.GetProperty("code").GetString().ShouldBe("task_ended");
        await house.AnswerAsync("Here it is", replyTo: asked.GetProperty("id").GetGuid());
        var task = await house.TaskAsync(id);
        A2aHouse.StateOf(task).ShouldBe("TASK_STATE_CANCELED");
        task.GetProperty("artifacts").GetArrayLength().ShouldBe(0);
        (await A2aHouse.CodeAsync(house.Tesla.Http, "aaron", "CancelTask", new { id })).ShouldBe(-32002);
        (await A2aHouse.CodeAsync(house.Tesla.Http, "aaron", "SendMessage", new { message = house.Message("And now?", id) })).ShouldBe(-32004);
        (await A2aHouse.CodeAsync(house.Tesla.Http, "aaron", "CancelTask", new { id = Guid.NewGuid().ToString() })).ShouldBe(-32001);
    }

    [Fact]
    public async Task The_same_messageId_gives_the_task_once()
    {
        await using var house = await A2aHouse.OpenAsync();
        var call = new { message = house.Message("Once"), configuration = new { returnImmediately = true } };
        var first = await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "SendMessage", call);
        var second = await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "SendMessage", call);
        second.GetProperty("task").GetProperty("id").GetString().ShouldBe(first.GetProperty("task").GetProperty("id").GetString());
        await house.Socket.NextAsync("request");
        await house.Socket.SendAsync(new { type = "ping" });
        await house.Socket.NextAsync("pong");
        using var list = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Get, "aaron/tasks");
        list.Required("totalSize").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task What_a_person_holds_waits_for_the_person_and_comes_when_it_is_let_go()
    {
        await using var house = await A2aHouse.OpenAsync();
        using (var held = await house.Server.Owner.PatchAsync("/api/v1/agents/tesla", new { hold = true }))
        {
            held.Status.ShouldBe(HttpStatusCode.OK, held.Body);
        }

        var task = (await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "SendMessage", new { message = house.Message("Delete everything") })).GetProperty("task");
        A2aHouse.StateOf(task).ShouldBe("TASK_STATE_AUTH_REQUIRED");
        var id = task.GetProperty("id").GetString()!;
        using var holds = await house.Server.Owner.GetJsonAsync("/api/v1/holds");
        var message = holds.Required("items")[0].GetProperty("message").GetProperty("id").GetString();
        using (var approved = await house.Server.Owner.PostAsync($"/api/v1/holds/{message}/approve", new { }))
        {
            ((int)approved.Status).ShouldBeLessThan(300, approved.Body);
        }

        await house.Socket.NextAsync("request");
        A2aHouse.StateOf(await house.TaskAsync(id)).ShouldBe("TASK_STATE_SUBMITTED");

        var other = (await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "SendMessage", new { message = house.Message("Delete it again") })).GetProperty("task").GetProperty("id").GetString()!;
        using var more = await house.Server.Owner.GetJsonAsync("/api/v1/holds");
        using (var refused = await house.Server.Owner.PostAsync($"/api/v1/holds/{more.Required("items")[0].GetProperty("message").GetProperty("id").GetString()}/refuse", new { reason = "no" }))
        {
            ((int)refused.Status).ShouldBeLessThan(300, refused.Body);
        }

        A2aHouse.StateOf(await house.TaskAsync(other)).ShouldBe("TASK_STATE_REJECTED");
    }

    [Fact]
    public async Task What_an_agent_answers_is_not_told_before_a_person_let_it_go()
    {
        await using var house = await A2aHouse.OpenAsync();
        var (id, asked) = await house.BeginAsync();
        using (var held = await house.Server.Owner.PatchAsync("/api/v1/agents/aaron", new { hold = true }))
        {
            held.Status.ShouldBe(HttpStatusCode.OK, held.Body);
        }

        await house.AnswerAsync("The secret", replyTo: asked.GetProperty("id").GetGuid());
        var before = await house.TaskAsync(id);
        A2aHouse.StateOf(before).ShouldBe("TASK_STATE_SUBMITTED");
        before.ToString().ShouldNotContain("The secret");
        using var holds = await house.Server.Owner.GetJsonAsync("/api/v1/holds");
        using (await house.Server.Owner.PostAsync($"/api/v1/holds/{holds.Required("items")[0].GetProperty("message").GetProperty("id").GetString()}/approve", new { content = "The edited answer" }))
        {
            var after = await house.TaskAsync(id);
            A2aHouse.StateOf(after).ShouldBe("TASK_STATE_COMPLETED");
            after.ToString().ShouldNotContain("The secret");
        }
    }

    [Fact]
    public async Task A_note_of_a_wrong_form_is_refused_with_what_to_send()
    {
        await using var house = await A2aHouse.OpenAsync();
        var (id, _) = await house.BeginAsync();
        foreach (var note in new object[] { new { id, state = "finished" }, new { id, artifact = "poem" }, new { id, artifact = new { parts = Array.Empty<int>() } }, new { id, status = "done" } })
        {
            var answer = await house.AnswerAsync("x " + note, note);
            answer.GetProperty("code").GetString().ShouldBe("invalid_request");
            answer.GetProperty("field").GetString()!.ShouldStartWith("metadata.task.");
        }

        A2aHouse.StateOf(await house.TaskAsync(id)).ShouldBe("TASK_STATE_SUBMITTED");
        (await house.AnswerAsync("Metadata of my own", new { id = Guid.NewGuid() })).GetProperty("type").GetString().ShouldBe("ack");
        await house.Socket.SendAsync(new { type = "chat", to = "tesla", content = "words", metadata = new { task = "words" }, @ref = "w" });
        (await house.Socket.NextAsync("ack")).GetProperty("ref").GetString().ShouldBe("w");
    }

    [Fact]
    public async Task Parts_that_are_not_text_reach_the_agent_as_text_and_unchanged()
    {
        await using var house = await A2aHouse.OpenAsync();
        var message = new { messageId = "parts", role = "ROLE_USER", parts = new object[] { new { text = "Look" }, new { data = new { ticket = 7 } }, new { url = "https://example.org/a.pdf", filename = "a.pdf", mediaType = "application/pdf" } } };
        await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "SendMessage", new { message, configuration = new { returnImmediately = true } });
        var asked = await house.Socket.NextAsync("request");
        asked.GetProperty("content").GetString().ShouldBe("Look\n\n```json\n{\"ticket\":7}\n```\n\nFile a.pdf: https://example.org/a.pdf");
        asked.GetProperty("metadata").GetProperty("a2a.parts")[0].GetProperty("data").GetProperty("ticket").GetInt32().ShouldBe(7);
        asked.GetProperty("metadata").GetProperty("a2a.parts")[1].GetProperty("mediaType").GetString().ShouldBe("application/pdf");
        var bytes = new { messageId = "raw", role = "ROLE_USER", parts = new object[] { new { raw = "AAAA" } } };
        (await A2aHouse.CodeAsync(house.Tesla.Http, "aaron", "SendMessage", new { message = bytes })).ShouldBe(-32005);
    }

    private static (Task Begun, Task<List<string>> Ended) FollowAsync(A2aHouse house, string id)
    {
        var begun = new TaskCompletionSource();
        return (begun.Task, ReadAsync());

        async Task<List<string>> ReadAsync()
        {
            var told = new List<string>();
            await foreach (var happened in A2aHouse.StreamAsync(house.Tesla.Http, A2aHouse.Request(HttpMethod.Post, $"/a2a/aaron/tasks/{id}:subscribe", null, "1.0")))
            {
                if (happened.TryGetProperty("task", out var first))
                {
                    A2aHouse.StateOf(first).ShouldBe("TASK_STATE_SUBMITTED");
                    begun.SetResult();
                }
                else
                {
                    told.Add(Told(happened));
                }
            }

            return told;
        }
    }

    private static string Told(JsonElement happened) => happened.TryGetProperty("statusUpdate", out var status)
        ? A2aHouse.StateOf(status)
        : happened.GetProperty("artifactUpdate") is var made ? $"{made.GetProperty("artifact").GetProperty("artifactId").GetString()}+{made.GetProperty("append").GetBoolean()}{(made.GetProperty("lastChunk").GetBoolean() ? "!" : "")}" : "";
}
