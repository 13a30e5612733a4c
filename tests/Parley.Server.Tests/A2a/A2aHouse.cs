using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core.Turns;
using Parley.Server.Tests.Support;
using Parley.Tests.Support;
using TestAgent = Parley.Server.Tests.Support.TestAgent;

namespace Parley.Server.Tests.A2a;

/// <summary>A server on which tesla calls over A2A and aaron, linked with it, is connected through a WebSocket; nikola is hosted.</summary>
internal sealed class A2aHouse(TestServer server, TestAgent tesla, TestAgent aaron, TestSocket socket) : IAsyncDisposable
{
    private int next;

    public TestServer Server => server;

    public TestAgent Tesla => tesla;

    public TestAgent Aaron => aaron;

    public TestSocket Socket => socket;

    public ScriptedRuntime Model { get; private init; } = new();

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<A2aHouse> OpenAsync(int quota = 500, Action<IServiceCollection>? configure = null)
    {
        var model = new ScriptedRuntime();
        var server = await TestServer.StartAsync(configure: services =>
        {
            services.AddSingleton<IRuntime>(model).AddSingleton<IModelCatalog>(new ScriptedCatalog()).AddSingleton<IToolbox>(new ScriptedToolbox());
            configure?.Invoke(services);
        });
        var (tesla, aaron) = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
        await server.LinkAsync("tesla", "aaron", quota);
        await server.AgentAsync("nikola");
        using var hosted = await server.Owner.PutJsonAsync("/api/v1/agents/nikola/host", new { model = "demo/scripted" });
        hosted.Status.ShouldBe(HttpStatusCode.OK, hosted.Body);
        return new A2aHouse(server, tesla, aaron, await server.ConnectAsync(aaron)) { Model = model };
    }

    /// <summary>A message of 1.0 as the caller's SDK writes it.</summary>
    public object Message(string text, string? task = null, string? context = null, object? metadata = null) =>
        new { messageId = $"m-{Interlocked.Increment(ref next)}-{Guid.NewGuid():N}", role = "ROLE_USER", parts = new[] { new { text } }, taskId = task, contextId = context, metadata };

    /// <summary>A call of JSON-RPC; without a version one of 0.3.</summary>
    public static async Task<JsonElement> RpcAsync(HttpClient client, string agent, string method, object? parameters, string? version = "1.0")
    {
        using var request = Request(HttpMethod.Post, agent.Length == 0 ? "/a2a" : "/a2a/" + agent, new { jsonrpc = "2.0", id = 1, method, @params = parameters }, version);
        using var answer = await client.CallAsync(request);
        answer.MediaType.ShouldBe("application/json", answer.Body);
        answer.Json.GetProperty("id").GetInt32().ShouldBe(1);
        return answer.Json;
    }

    /// <summary>The result of a call that has to succeed.</summary>
    public static async Task<JsonElement> ResultAsync(HttpClient client, string agent, string method, object? parameters, string? version = "1.0")
    {
        var answer = await RpcAsync(client, agent, method, parameters, version);
        return answer.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(answer.ToString());
    }

    /// <summary>The code of a call that has to be refused.</summary>
    public static async Task<int> CodeAsync(HttpClient client, string agent, string method, object? parameters, string? version = "1.0")
    {
        var answer = await RpcAsync(client, agent, method, parameters, version);
        return answer.TryGetProperty("error", out var error) ? error.GetProperty("code").GetInt32() : throw new InvalidOperationException(answer.ToString());
    }

    public static async Task<Answer> RestAsync(HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = Request(method, "/a2a/" + path, body, "1.0");
        return await client.CallAsync(request);
    }

    /// <summary>A task that waits at the agent that is connected; its message is taken off the socket.</summary>
    public async Task<(string Id, JsonElement Asked)> BeginAsync(string text = "Write a poem", object? metadata = null)
    {
        var sent = await ResultAsync(tesla.Http, "aaron", "SendMessage", new { message = Message(text, metadata: metadata), configuration = new { returnImmediately = true } });
        var id = sent.GetProperty("task").GetProperty("id").GetString()!;
        var asked = await socket.NextAsync("request");
        asked.GetProperty("metadata").GetProperty("parley.task").GetProperty("id").GetString().ShouldBe(id);
        return (id, asked);
    }

    /// <summary>The connected agent says something of a task.</summary>
    public async Task<JsonElement> AnswerAsync(string text, object? note = null, Guid? replyTo = null)
    {
        await socket.SendAsync(new { type = "chat", to = "tesla", content = text, reply_to = replyTo, metadata = note is null ? null : new { task = note }, @ref = "r" });
        while (true)
        {
            var frame = (await socket.NextAsync()).ShouldNotBeNull();
            if (frame.TryGetProperty("ref", out var mark) && mark.GetString() == "r")
            {
                return frame;
            }
        }
    }

    public Task<JsonElement> TaskAsync(string id) => ResultAsync(tesla.Http, "aaron", "GetTask", new { id });

    public static string StateOf(JsonElement task) => task.GetProperty("status").GetProperty("state").GetString()!;

    /// <summary>Follows a stream of events until the server ends it.</summary>
    public static async IAsyncEnumerable<JsonElement> StreamAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream", await BodyAsync(response));
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Ct));
            while (await reader.ReadLineAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Ct) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    yield return JsonElement.Parse(line["data: ".Length..]);
                }
            }
        }
    }

    public static HttpRequestMessage Request(HttpMethod method, string path, object? body, string? version)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body, Absent), Encoding.UTF8, "application/json");
        }

        if (version is not null)
        {
            request.Headers.Add("A2A-Version", version);
        }

        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await server.DisposeAsync();
    }

    private static readonly JsonSerializerOptions Absent = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private static async Task<string> BodyAsync(HttpResponseMessage response) =>
        response.Content.Headers.ContentType!.MediaType == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync(Ct);
}
