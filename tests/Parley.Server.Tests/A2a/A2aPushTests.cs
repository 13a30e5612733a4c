using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core.Outbound;
using Parley.Server.Tests.Outbound;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.A2a;

/// <summary>Push notifications: every event once, in order, signed, and only where the operator lets calls out.</summary>
public sealed class A2aPushTests
{
    private static readonly string[] Board = ["tesla", "aaron"];
    private static readonly TimeSpan Patience = Waiting.Patience;

    [Fact]
    public async Task What_becomes_of_a_task_is_told_in_order_and_signed_also_after_a_failed_call()
    {
        var taken = Channel.CreateUnbounded<(IHeaderDictionary Headers, string Body)>();
        var calls = 0;
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            await taken.Writer.WriteAsync((new HeaderDictionary(context.Request.Headers.ToDictionary()), body));
            context.Response.StatusCode = Interlocked.Increment(ref calls) == 1 ? 503 : 204;
        });
        await using var house = await OpenAsync(receiver.Policy);
        var config = new { url = receiver["/hook"], authentication = new { scheme = "Bearer", credentials = "s3cret" } };
        var sent = await A2aHouse.ResultAsync(
            house.Tesla.Http, "aaron", "SendMessage", new { message = house.Message("Tell me"), configuration = new { returnImmediately = true, taskPushNotificationConfig = new { url = receiver["/hook"], token = "mine" } } });
        var id = sent.GetProperty("task").GetProperty("id").GetString()!;
        var added = await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "CreateTaskPushNotificationConfig", new { taskId = id, id = "second", config.url, config.authentication });
        var secret = added.GetProperty("token").GetString()!;
        await house.Socket.NextAsync("request");
        await house.AnswerAsync("Reading", new { id, state = "working" });
        await house.AnswerAsync("Done", new { id, state = "completed", artifact = new { text = "All is told" } });
        var (told, seen) = (new Dictionary<string, List<string>> { ["mine"] = [], [secret] = [] }, new Dictionary<string, int>());
        while (told.Values.Any(list => list.Count < 3))
        {
            var (headers, body) = await taken.Reader.ReadAsync(A2aHouse.Ct).AsTask().WaitAsync(Patience, TimeProvider.System, A2aHouse.Ct);
            var token = headers["X-A2A-Notification-Token"].ToString();
            Verify(headers, body, token.StartsWith("whsec_", StringComparison.Ordinal) ? Convert.FromBase64String(token["whsec_".Length..]) : Encoding.UTF8.GetBytes(token));
            headers.Authorization.ToString().ShouldBe(token == secret ? "Bearer s3cret" : "");
            seen[headers["webhook-id"]!] = seen.GetValueOrDefault(headers["webhook-id"]!) + 1;
            if (seen[headers["webhook-id"]!] == 1)
            {
                told[token].Add(Told(JsonElement.Parse(body)));
            }
        }

        string[] expected = ["TASK_STATE_WORKING", "All is told", "TASK_STATE_COMPLETED"];
        told["mine"].ShouldBe(expected);
        told[secret].ShouldBe(expected);
        seen.Values.ShouldContain(2, "the first call was answered 503, and came again with the same id");
    }

    [Fact]
    public async Task The_end_of_a_meetings_task_is_told_although_nobody_reads_it_and_the_last_participant_passed_without_a_word()
    {
        var taken = Channel.CreateUnbounded<string>();
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await taken.Writer.WriteAsync(await reader.ReadToEndAsync());
        });
        await using var house = await OpenAsync(receiver.Policy);
        using (var started = await house.Server.Owner.PostAsync("/api/v1/meetings", new { participants = Board, name = "board" }))
        {
            ((int)started.Status).ShouldBe(201, started.Body);
        }

        var configuration = new { returnImmediately = true, taskPushNotificationConfig = new { url = receiver["/hook"] } };
        await A2aHouse.ResultAsync(house.Server.Owner, "meeting:board", "SendMessage", new { message = house.Message("@aaron what now?"), configuration });
        var asked = await house.Socket.NextAsync("request");
        await house.Socket.SendAsync(new { type = "ack", cursor = asked.GetProperty("cursor").GetString() });
        var told = await taken.Reader.ReadAsync(A2aHouse.Ct).AsTask().WaitAsync(Patience, TimeProvider.System, A2aHouse.Ct);
        Told(JsonElement.Parse(told)).ShouldBe("TASK_STATE_COMPLETED");
        using var list = await A2aHouse.RestAsync(house.Server.Owner, HttpMethod.Get, "meeting:board/tasks?status=TASK_STATE_COMPLETED");
        list.Required("totalSize").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Configurations_are_read_without_their_secrets_and_deleted()
    {
        await using var house = await OpenAsync(new OutboundPolicy { Enabled = true });
        var (id, _) = await house.BeginAsync();
        using var added = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Post, $"aaron/tasks/{id}/pushNotificationConfigs", new { id = "one", url = "https://example.org/hook", token = "mine", authentication = new { scheme = "Bearer", credentials = "s3cret" } });
        added.Required("token").GetString().ShouldBe("mine");
        using var read = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Get, $"aaron/tasks/{id}/pushNotificationConfigs/one");
        read.Required("url").GetString().ShouldBe("https://example.org/hook");
        using var list = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Get, $"aaron/tasks/{id}/pushNotificationConfigs");
        list.Required("configs").GetArrayLength().ShouldBe(1);
        (read.Body + list.Body).ShouldNotContain("mine");
        (added.Body + read.Body + list.Body).ShouldNotContain("s3cret");
        var legacy = await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "tasks/pushNotificationConfig/get", new { id, pushNotificationConfigId = "one" }, version: null);
        legacy.GetProperty("pushNotificationConfig").GetProperty("url").GetString().ShouldBe("https://example.org/hook");
        var set = await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "tasks/pushNotificationConfig/set", new { taskId = id, pushNotificationConfig = new { url = "https://example.org/other" } }, version: null);
        set.GetProperty("pushNotificationConfig").GetProperty("id").GetString().ShouldBe(id);
        (await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "tasks/pushNotificationConfig/list", new { id }, version: null)).GetArrayLength().ShouldBe(2);
        for (var i = 0; i < 2; i++)
        {
            await A2aHouse.ResultAsync(house.Tesla.Http, "aaron", "DeleteTaskPushNotificationConfig", new { taskId = id, id = "one" });
        }

        (await A2aHouse.CodeAsync(house.Tesla.Http, "aaron", "GetTaskPushNotificationConfig", new { taskId = id, id = "one" })).ShouldBe(-32001);
    }

    [Theory]
    [InlineData("http://example.org/hook", -32000)]
    [InlineData("https://127.0.0.1/hook", -32000)]
    [InlineData("https://169.254.169.254/latest", -32000)]
    [InlineData("ftp://example.org", -32602)]
    [InlineData("https://user:pass@example.org", -32602)]
    public async Task What_may_not_be_called_is_refused_and_no_task_is_given(string url, int code)
    {
        await using var house = await OpenAsync(new OutboundPolicy { Enabled = true });
        var configuration = new { returnImmediately = true, taskPushNotificationConfig = new { url } };
        (await A2aHouse.CodeAsync(house.Tesla.Http, "aaron", "SendMessage", new { message = house.Message("hi"), configuration })).ShouldBe(code);
        using var list = await A2aHouse.RestAsync(house.Tesla.Http, HttpMethod.Get, "aaron/tasks");
        list.Required("totalSize").GetInt32().ShouldBe(0);
    }

    private static Task<A2aHouse> OpenAsync(OutboundPolicy policy) =>
        A2aHouse.OpenAsync(configure: services => services.AddSingleton<IOutboundPolicy>(new TestPolicy(policy)).AddSingleton<ISealedSecrets>(new TestSecrets()));

    private static string Told(JsonElement happened) => happened.TryGetProperty("statusUpdate", out var status)
        ? A2aHouse.StateOf(status)
        : happened.GetProperty("artifactUpdate").GetProperty("artifact").GetProperty("parts")[0].GetProperty("text").GetString()!;

    private static void Verify(IHeaderDictionary headers, string body, byte[] key)
    {
        var signed = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}")));
        headers["webhook-signature"].ToString().ShouldBe("v1," + signed);
    }
}
