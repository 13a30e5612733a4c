using System.Net;
using System.Text.Json;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.A2a;

/// <summary>Methods, versions, errors and pages of both bindings.</summary>
public sealed class A2aProtocolTests
{
    [Fact]
    public async Task Without_a_version_the_methods_of_0_3_answer_in_their_own_form()
    {
        await using var house = await A2aHouse.OpenAsync();
        var message = new { kind = "message", messageId = "legacy-1", role = "user", parts = new[] { new { kind = "text", text = "Hello" } } };
        var sent = await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "message/send", new { message, configuration = new { blocking = false } }, version: null);
        sent.GetProperty("kind").GetString().ShouldBe("task");
        A2aHouse.StateOf(sent).ShouldBe("submitted");
        var id = sent.GetProperty("id").GetString()!;
        await house.Socket.NextAsync("request");
        await house.AnswerAsync("Which?", new { id, state = "input_required" });
        var asked = await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "tasks/get", new { id, historyLength = 5 }, version: "0.3.0");
        A2aHouse.StateOf(asked).ShouldBe("input-required");
        asked.GetProperty("status").GetProperty("message").GetProperty("kind").GetString().ShouldBe("message");
        asked.GetProperty("status").GetProperty("message").GetProperty("parts")[0].GetProperty("kind").GetString().ShouldBe("text");
        asked.GetProperty("history").GetArrayLength().ShouldBe(2);
        (await A2aHouse.CodeAsync(house.Tesla.Http, "aaron", "tasks/pushNotificationConfig/list", new { id }, version: null)).ShouldBe(-32003);
        A2aHouse.StateOf(await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "tasks/cancel", new { id }, version: null)).ShouldBe("canceled");
        (await A2aHouse.CodeAsync(house.Tesla.Http, "aaron", "tasks/cancel", new { id }, version: null)).ShouldBe(-32002);
        (await A2aHouse.CodeAsync(house.Tesla.Http, "aaron", "tasks/get", new { id = "nothing" }, version: null)).ShouldBe(-32001);
    }

    [Fact]
    public async Task A_stream_of_0_3_ends_with_a_final_event()
    {
        await using var house = await A2aHouse.OpenAsync();
        var message = new { kind = "message", messageId = "legacy-2", role = "user", parts = new[] { new { kind = "text", text = "Hello" } } };
        var call = new { jsonrpc = "2.0", id = "s", method = "message/stream", @params = new { message } };
        var told = new List<string>();
        await foreach (var happened in A2aHouse.StreamAsync(house.Tesla.Http, A2aHouse.Request(HttpMethod.Post, "/a2a/aaron", call, version: null)))
        {
            happened.GetProperty("id").GetString().ShouldBe("s");
            var result = happened.GetProperty("result");
            var kind = result.GetProperty("kind").GetString()!;
            told.Add(kind + (kind == "status-update" ? $" {A2aHouse.StateOf(result)} {result.GetProperty("final").GetBoolean()}" : ""));
            if (kind == "task")
            {
                var asked = await house.Socket.NextAsync("request");
                await house.AnswerAsync("Hello", replyTo: asked.GetProperty("id").GetGuid());
            }
        }

        told.ShouldBe(["task", "artifact-update", "status-update completed True"]);
    }

    [Fact]
    public async Task A_stream_of_1_0_begins_with_the_task_and_ends_when_the_owner_has_to_speak()
    {
        await using var house = await A2aHouse.OpenAsync();
        var call = new { jsonrpc = "2.0", id = 9, method = "SendStreamingMessage", @params = new { message = house.Message("Hello") } };
        var told = new List<string>();
        await foreach (var happened in A2aHouse.StreamAsync(house.Tesla.Http, A2aHouse.Request(HttpMethod.Post, "/a2a/aaron", call, "1.0")))
        {
            var result = happened.GetProperty("result");
            if (result.TryGetProperty("task", out var task))
            {
                await house.Socket.NextAsync("request");
                await house.AnswerAsync("Working", new { id = task.GetProperty("id").GetString(), state = "working" });
                await house.AnswerAsync("Which?", new { id = task.GetProperty("id").GetString(), state = "input_required" });
                told.Add("task");
            }
            else
            {
                told.Add(A2aHouse.StateOf(result.GetProperty("statusUpdate")));
            }
        }

        told.ShouldBe(["task", "TASK_STATE_WORKING", "TASK_STATE_INPUT_REQUIRED"]);
    }

    [Fact]
    public async Task Times_are_UTC_to_the_millisecond_and_no_parameters_may_be_written_as_null()
    {
        await using var house = await A2aHouse.OpenAsync();
        var (id, _) = await house.BeginAsync();
        var list = await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "ListTasks", JsonElement.Parse("null"));
        var told = list.GetProperty("tasks")[0].GetProperty("status").GetProperty("timestamp").GetString()!;
        told.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        (await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "tasks/get", new { id }, version: null)).GetProperty("status").GetProperty("timestamp").GetString().ShouldBe(told);
        (await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "ListTasks", new { statusTimestampAfter = told })).GetProperty("totalSize").GetInt32().ShouldBe(1);
        (await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "ListTasks", new { statusTimestampAfter = "2999-01-01T00:00:00+02:00" })).GetProperty("totalSize").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("2.0", "SendMessage", -32009)]
    [InlineData("0.2", "message/send", -32009)]
    [InlineData("x", "SendMessage", -32009)]
    [InlineData(null, "SendMessage", -32601)]
    [InlineData("1.0", "message/send", -32601)]
    [InlineData("1.0", "Nothing", -32601)]
    [InlineData("1.0", "SendMessage", -32602)]
    [InlineData("1.0.1", "GetTask", -32001)]
    [InlineData("1", "CreateTaskPushNotificationConfig", -32003)]
    [InlineData("1.0", "DeleteTaskPushNotificationConfig", -32003)]
    public async Task A_call_that_cannot_be_is_answered_with_the_code_of_the_specification(string? version, string method, int code)
    {
        await using var house = await A2aHouse.OpenAsync();
        var answer = await A2aHouse.RpcAsync(house.Tesla.Http, "aaron", method, new { }, version);
        answer.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(code, answer.ToString());
        if (code is > -32100 and <= -32001)
        {
            var info = answer.GetProperty("error").GetProperty("data")[0];
            info.GetProperty("@type").GetString().ShouldBe("type.googleapis.com/google.rpc.ErrorInfo");
            info.GetProperty("domain").GetString().ShouldBe("a2a-protocol.org");
        }
    }

    [Theory]
    [InlineData("{", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"SendMessage\"}", -32600)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"method\":\"SendMessage\"}", -32600)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"SendMessage\"}", -32600)]
    public async Task What_is_no_call_is_told_so(string body, int code)
    {
        await using var house = await A2aHouse.OpenAsync();
        using var answer = await house.Tesla.Http.PostTextAsync("/a2a/aaron", body);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Json.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(code);
    }

    [Fact]
    public async Task Errors_of_HTTP_are_a_status_with_its_details()
    {
        await using var house = await A2aHouse.OpenAsync();
        var http = house.Tesla.Http;
        await ShouldBeAsync(A2aHouse.RestAsync(http, HttpMethod.Get, $"aaron/tasks/{Guid.NewGuid()}"), 404, "NOT_FOUND", "TASK_NOT_FOUND");
        await ShouldBeAsync(A2aHouse.RestAsync(http, HttpMethod.Post, $"aaron/tasks/{Guid.NewGuid()}:cancel"), 404, "NOT_FOUND", "TASK_NOT_FOUND");
        await ShouldBeAsync(A2aHouse.RestAsync(http, HttpMethod.Post, "aaron/message:send", new { message = new { messageId = "e", role = "ROLE_USER", parts = Array.Empty<int>() } }), 400, "INVALID_ARGUMENT", "INVALID_REQUEST");
        await ShouldBeAsync(A2aHouse.RestAsync(http, HttpMethod.Get, "aaron/tasks?pageSize=1000"), 400, "INVALID_ARGUMENT", "INVALID_REQUEST");
        await ShouldBeAsync(A2aHouse.RestAsync(http, HttpMethod.Get, "aaron/tasks?pageToken=x"), 400, "INVALID_ARGUMENT", "INVALID_REQUEST");
        await ShouldBeAsync(A2aHouse.RestAsync(http, HttpMethod.Get, "aaron/tasks?status=finished"), 400, "INVALID_ARGUMENT", "INVALID_REQUEST");
        await ShouldBeAsync(A2aHouse.RestAsync(http, HttpMethod.Post, $"aaron/tasks/{Guid.NewGuid()}/pushNotificationConfigs", new { url = "https://example.org" }), 400, "FAILED_PRECONDITION", "PUSH_NOTIFICATION_NOT_SUPPORTED");
        var stranger = await house.Server.AgentAsync("stranger");
        await ShouldBeAsync(A2aHouse.RestAsync(stranger.Http, HttpMethod.Post, "aaron/message:send", new { message = house.Message("hi") }), 403, "PERMISSION_DENIED", "NOT_LINKED");
        var (id, _) = await house.BeginAsync();
        await A2aHouse.ResultAsync(http, "aaron", "CancelTask", new { id });
        await ShouldBeAsync(A2aHouse.RestAsync(http, HttpMethod.Post, $"aaron/tasks/{id}:cancel"), 400, "FAILED_PRECONDITION", "TASK_NOT_CANCELABLE");
        await ShouldBeAsync(A2aHouse.RestAsync(http, HttpMethod.Get, $"aaron/tasks/{id}:subscribe"), 400, "FAILED_PRECONDITION", "UNSUPPORTED_OPERATION");
        using var old = A2aHouse.Request(HttpMethod.Get, "/a2a/aaron/tasks", null, "0.3");
        await ShouldBeAsync(http.CallAsync(old), 400, "FAILED_PRECONDITION", "VERSION_NOT_SUPPORTED");
        using var unnamed = A2aHouse.Request(HttpMethod.Get, "/a2a/aaron/tasks", null, version: null);
        (await http.CallAsync(unnamed)).Status.ShouldBe(HttpStatusCode.OK, "these addresses are those of 1.0 alone");
    }

    [Fact]
    public async Task Tasks_are_listed_in_pages_the_last_changed_first()
    {
        await using var house = await A2aHouse.OpenAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await house.BeginAsync($"Task {i}")).Id);
        }

        await house.AnswerAsync("Done", new { id = ids[1], state = "completed" });
        using var first = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Get, "aaron/tasks?pageSize=2");
        first.Required("totalSize").GetInt32().ShouldBe(5);
        Ids(first.Json).ShouldBe([ids[1], ids[4]]);
        first.Json.GetProperty("tasks")[0].TryGetProperty("artifacts", out _).ShouldBeFalse();
        var rest = await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "ListTasks", new { pageToken = first.Json.GetProperty("nextPageToken").GetString(), includeArtifacts = true, historyLength = 0 });
        Ids(rest).ShouldBe([ids[3], ids[2], ids[0]]);
        rest.GetProperty("nextPageToken").GetString().ShouldBe("");
        rest.GetProperty("tasks")[0].GetProperty("artifacts").GetArrayLength().ShouldBe(0);
        rest.GetProperty("tasks")[0].TryGetProperty("history", out _).ShouldBeFalse();
        using var done = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Get, "aaron/tasks?status=TASK_STATE_COMPLETED");
        Ids(done.Json).ShouldBe([ids[1]]);
        using var context = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Get, "aaron/tasks?contextId=other");
        context.Required("totalSize").GetInt32().ShouldBe(0);
        using var others = await A2aHouse.RestAsync(house.Server.Owner, HttpMethod.Get, "aaron/tasks");
        others.Required("totalSize").GetInt32().ShouldBe(0, "tasks are their owner's");
        using var foreign = await A2aHouse.RestAsync(house.Server.Owner, HttpMethod.Get, "aaron/tasks/" + ids[0]);
        foreign.Status.ShouldBe(HttpStatusCode.NotFound);
        using var elsewhere = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Get, "nikola/tasks/" + ids[0]);
        elsewhere.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_context_of_the_callers_own_is_kept_and_a_wrong_one_refused()
    {
        await using var house = await A2aHouse.OpenAsync();
        var sent = await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "SendMessage", new { message = house.Message("One", context: "my-context"), configuration = new { returnImmediately = true } });
        sent.GetProperty("task").GetProperty("contextId").GetString().ShouldBe("my-context");
        var id = sent.GetProperty("task").GetProperty("id").GetString();
        (await A2aHouse.CodeAsync(house.Tesla.Http, "aaron", "SendMessage", new { message = house.Message("Two", id, "another") })).ShouldBe(-32602);
    }

    private static IEnumerable<string> Ids(JsonElement list) => list.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("id").GetString()!);

    private static async Task ShouldBeAsync(Task<Answer> call, int status, string name, string reason)
    {
        using var answer = await call;
        ((int)answer.Status).ShouldBe(status, answer.Body);
        var error = answer.Json.GetProperty("error");
        error.GetProperty("code").GetInt32().ShouldBe(status);
        error.GetProperty("status").GetString().ShouldBe(name, answer.Body);
        error.GetProperty("details")[0].GetProperty("reason").GetString().ShouldBe(reason, answer.Body);
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
    }
}
