using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core.Sessions;
using Parley.Core.Turns;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.A2a;

/// <summary>Tasks of agents that Parley runs.</summary>
public sealed class A2aHostedTests
{
    [Fact]
    public async Task A_task_of_a_person_is_a_spawned_session_and_its_result_an_artifact()
    {
        await using var house = await A2aHouse.OpenAsync();
        house.Model.Says("The API is designed.");
        var task = (await A2aHouse.ResultAsync(house.Server.Owner, "nikola", "SendMessage", new { message = house.Message("Design the API") })).GetProperty("task");
        A2aHouse.StateOf(task).ShouldBe("TASK_STATE_COMPLETED");
        task.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("The API is designed.");
        using var sessions = await house.Server.Owner.GetJsonAsync("/api/v1/sessions");
        sessions.Required("items").GetArrayLength().ShouldBe(1);
        var again = await A2aHouse.ResultAsync(house.Server.Owner, "nikola", "GetTask", new { id = task.GetProperty("id").GetString() });
        again.ToString().ShouldBe(task.ToString(), "what is read later is the same");
    }

    [Fact]
    public async Task A_stream_tells_of_work_question_answer_and_result()
    {
        await using var house = await A2aHouse.OpenAsync();
        house.Model.Then(_ => house.Model.Tools(("sessions_send", """{"sessionKey":"parent","message":"REST or gRPC?","wait":60}"""))).Says("It is REST.");
        var told = new List<string>();
        string? id = null;
        await foreach (var happened in A2aHouse.StreamAsync(house.Server.Owner, A2aHouse.Request(HttpMethod.Post, "/a2a/nikola/message:stream", new { message = house.Message("Design") }, "1.0")))
        {
            id ??= happened.GetProperty("task").GetProperty("id").GetString();
            told.Add(Told(happened));
        }

        told.ShouldBe(["TASK_STATE_WORKING", "TASK_STATE_INPUT_REQUIRED REST or gRPC?"]);
        var done = (await A2aHouse.ResultAsync(house.Server.Owner, "nikola", "SendMessage", new { message = house.Message("REST", id) })).GetProperty("task");
        A2aHouse.StateOf(done).ShouldBe("TASK_STATE_COMPLETED");
        done.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("It is REST.");
        done.GetProperty("history").EnumerateArray().Select(said => said.GetProperty("parts")[0].GetProperty("text").GetString()).ShouldBe(["Design", "REST or gRPC?", "REST"]);
    }

    [Fact]
    public async Task To_cancel_the_task_kills_the_session()
    {
        await using var house = await A2aHouse.OpenAsync();
        var hold = house.Model.HoldNext();
        var sent = await A2aHouse.ResultAsync(house.Server.Owner, "nikola", "SendMessage", new { message = house.Message("Think long"), configuration = new { returnImmediately = true } });
        var id = sent.GetProperty("task").GetProperty("id").GetString();
        await hold.Begun.WaitAsync(TimeSpan.FromSeconds(30), A2aHouse.Ct);
        A2aHouse.StateOf(await A2aHouse.ResultAsync(house.Server.Owner, "nikola", "CancelTask", new { id })).ShouldBe("TASK_STATE_CANCELED");
        using var sessions = await house.Server.Owner.GetJsonAsync("/api/v1/sessions");
        sessions.Required("items")[0].GetProperty("status").GetString().ShouldBe("killed");
        (await A2aHouse.CodeAsync(house.Server.Owner, "nikola", "CancelTask", new { id })).ShouldBe(-32002);
    }

    [Fact]
    public async Task A_session_that_fails_is_a_failed_task_with_the_reason()
    {
        await using var house = await A2aHouse.OpenAsync();
        house.Model.Fails(RuntimeFaultKind.Refused);
        var task = (await A2aHouse.ResultAsync(house.Server.Owner, "nikola", "SendMessage", new { message = house.Message("Fail") })).GetProperty("task");
        A2aHouse.StateOf(task).ShouldBe("TASK_STATE_FAILED", task.ToString());
        task.GetProperty("status").GetProperty("message").GetProperty("parts")[0].GetProperty("text").GetString()!.ShouldContain("failed");
    }

    [Fact]
    public async Task An_agent_needs_the_permission_to_spawn_or_a_link_and_with_a_link_it_is_a_message()
    {
        await using var house = await A2aHouse.OpenAsync();
        (await A2aHouse.CodeAsync(house.Tesla.Http, "nikola", "SendMessage", new { message = house.Message("Hello") })).ShouldBe(-32000);
        await house.Server.LinkAsync("tesla", "nikola", quota: 10);
        house.Model.Says("Good morning.");
        var task = (await A2aHouse.ResultAsync(house.Tesla.Http, "nikola", "SendMessage", new { message = house.Message("Hello again") })).GetProperty("task");
        A2aHouse.StateOf(task).ShouldBe("TASK_STATE_COMPLETED");
        task.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("Good morning.");
        using var sessions = await house.Server.Owner.GetJsonAsync("/api/v1/sessions");
        sessions.Required("items").GetArrayLength().ShouldBe(0);
        using var links = await house.Tesla.Http.GetJsonAsync("/api/v1/links");
        links.Required("items").EnumerateArray().Single(link => link.GetProperty("peer").GetString() == "nikola" || link.GetProperty("agent").GetString() == "nikola").GetProperty("credits_remaining").GetInt32().ShouldBe(8, "both words drew on the link");
    }

    [Fact]
    public async Task An_agent_that_may_spawn_gets_a_session_and_a_spawn_that_is_held_waits_for_a_person()
    {
        await using var house = await A2aHouse.OpenAsync(configure: services => services.AddSingleton<ISessionPolicy>(new MaySpawn(hold: true)));
        var task = (await A2aHouse.ResultAsync(house.Tesla.Http, "nikola", "SendMessage", new { message = house.Message("Work") })).GetProperty("task");
        A2aHouse.StateOf(task).ShouldBe("TASK_STATE_AUTH_REQUIRED");
        using var held = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Get, "nikola/tasks?status=TASK_STATE_AUTH_REQUIRED");
        held.Required("totalSize").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_later_task_of_the_same_context_knows_what_was_said_before()
    {
        await using var house = await A2aHouse.OpenAsync();
        house.Model.Says("Blue.", "As I said: blue.");
        await A2aHouse.ResultAsync(house.Server.Owner, "nikola", "SendMessage", new { message = house.Message("Which color?", context: "colors") });
        await A2aHouse.ResultAsync(house.Server.Owner, "nikola", "SendMessage", new { message = house.Message("Again?", context: "colors") });
        JsonSerializer.Serialize(house.Model.Requests[^1].Messages).ShouldContain("Which color?");
    }

    [Fact]
    public async Task A_person_reaches_an_agent_from_outside_too()
    {
        await using var house = await A2aHouse.OpenAsync();
        var waiting = A2aHouse.ResultAsync(house.Server.Owner, "aaron", "SendMessage", new { message = house.Message("Status?") });
        var asked = await house.Socket.NextAsync("request");
        await house.Socket.SendAsync(new { type = "chat", to = "user:owner", content = "All is well", reply_to = asked.GetProperty("id").GetGuid() });
        var task = (await waiting).GetProperty("task");
        task.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("All is well");
    }

    private static string Told(JsonElement happened)
    {
        if (happened.TryGetProperty("task", out var task))
        {
            return A2aHouse.StateOf(task);
        }

        var status = happened.GetProperty("statusUpdate").GetProperty("status");
        return status.GetProperty("state").GetString() + (status.TryGetProperty("message", out var said) ? " " + said.GetProperty("parts")[0].GetProperty("text").GetString() : "");
    }

    private sealed class MaySpawn(bool hold) : ISessionPolicy
    {
        public SessionPolicy Current { get; } = new() { HoldSpawns = hold, Agents = new Dictionary<string, AgentSessionPolicy> { ["tesla"] = new() { AllowAgents = ["nikola"] } } };
    }
}
