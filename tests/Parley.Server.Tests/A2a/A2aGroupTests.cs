using System.Text.Json;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.A2a;

/// <summary>Channels and meetings as agents.</summary>
public sealed class A2aGroupTests
{
    private static readonly string[] Board = ["tesla", "aaron", "nikola"];
    private static readonly string[] Alone = ["aaron"];

    [Fact]
    public async Task The_first_answer_in_a_channel_completes_the_task()
    {
        await using var house = await A2aHouse.OpenAsync();
        var waiting = A2aHouse.ResultAsync(house.Tesla.Http, "channel:general", "SendMessage", new { message = house.Message("Who is on call?") });
        var asked = await house.Socket.NextAsync("request");
        asked.GetProperty("channel").GetString().ShouldBe("general");
        await house.Socket.SendAsync(new { type = "chat", to = "#general", content = "I am", reply_to = asked.GetProperty("id").GetGuid() });
        var task = (await waiting).GetProperty("task");
        A2aHouse.StateOf(task).ShouldBe("TASK_STATE_COMPLETED");
        task.GetProperty("artifacts")[0].GetProperty("name").GetString().ShouldBe("aaron");
        task.GetProperty("artifacts")[0].GetProperty("parts")[0].GetProperty("text").GetString().ShouldBe("I am");
    }

    [Fact]
    public async Task More_answers_are_streamed_until_there_are_as_many_as_were_asked_for()
    {
        await using var house = await A2aHouse.OpenAsync();
        var galileo = await house.Server.AgentAsync("galileo");
        var message = house.Message("Estimates?", metadata: new { answers = 2 });
        var told = new List<string>();
        await foreach (var happened in A2aHouse.StreamAsync(house.Tesla.Http, A2aHouse.Request(HttpMethod.Post, "/a2a/channel:default:general/message:stream", new { message }, "1.0")))
        {
            if (happened.TryGetProperty("task", out var task))
            {
                var id = task.GetProperty("id").GetString();
                using var one = await house.Aaron.Http.PostAsync("/api/v1/messages", new { to = "#general", content = "Three days", metadata = new { task = new { id } } });
                using var two = await galileo.Http.PostAsync("/api/v1/messages", new { to = "#general", content = "Five days", metadata = new { task = new { id } } });
            }
            else
            {
                told.Add(happened.TryGetProperty("artifactUpdate", out var made) ? Said(made.GetProperty("artifact")) : A2aHouse.StateOf(happened.GetProperty("statusUpdate")));
            }
        }

        told.ShouldBe(["aaron: Three days", "galileo: Five days", "TASK_STATE_COMPLETED"]);
    }

    [Fact]
    public async Task A_meetings_task_is_complete_when_nobody_has_to_speak_any_more()
    {
        await using var house = await A2aHouse.OpenAsync();
        using (var started = await house.Server.Owner.PostAsync("/api/v1/meetings", new { participants = Board, name = "board" }))
        {
            ((int)started.Status).ShouldBe(201, started.Body);
        }

        house.Model.Says("The model agrees.");
        var waiting = A2aHouse.ResultAsync(house.Server.Owner, "meeting:board", "SendMessage", new { message = house.Message("@aaron what now?") });
        await house.Socket.NextAsync("request");
        await house.Socket.SendAsync(new { type = "chat", to = "meeting:board", content = "@nikola do you agree?" });
        var task = (await waiting).GetProperty("task");
        A2aHouse.StateOf(task).ShouldBe("TASK_STATE_COMPLETED");
        task.GetProperty("artifacts").EnumerateArray().Select(Said).ShouldBe(["aaron: @nikola do you agree?", "nikola: The model agrees."]);
        var id = task.GetProperty("id").GetString();
        (await A2aHouse.CodeAsync(house.Server.Owner, "meeting:board", "SendMessage", new { message = house.Message("And then?", id) })).ShouldBe(-32004);
    }

    [Fact]
    public async Task A_group_that_the_caller_is_not_in_is_not_there()
    {
        await using var house = await A2aHouse.OpenAsync();
        using (await house.Server.Owner.PostAsync("/api/v1/meetings", new { participants = Alone, name = "closed" }))
        using (await house.Server.Owner.DeleteJsonAsync("/api/v1/projects/default/channels/general/members/tesla"))
        {
            foreach (var group in new[] { "meeting:closed", "channel:general", "channel:default:general", "meeting:nothing", "channel:nothing", "channel:a:b:c" })
            {
                using var answer = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Post, group + "/message:send", new { message = house.Message("hi") });
                answer.ShouldBe(System.Net.HttpStatusCode.NotFound, "not_found");
            }
        }
    }

    private static string Said(JsonElement artifact) => $"{artifact.GetProperty("name").GetString()}: {artifact.GetProperty("parts")[0].GetProperty("text").GetString()}";
}
