using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Fuzz;

/// <summary>Random frames and bodies: never a fault of ours, and the server goes on. <c>./test fuzz --inputs 1000000</c> takes more of them.</summary>
public sealed class FuzzTests
{
    private const int Usual = 6_000;
    private const int Cases = 6;
    private const int AtOnce = 4;
    private const int FramesEach = 6;
    private static readonly string[] s_paths =
        ["/api/v1/messages", "/api/v1/inbox/ack", "/api/v1/agents", "/api/v1/links", "/api/v1/halts", "/api/v1/tokens", "/api/v1/projects/default/leases"];

    private static int Inputs => int.TryParse(Environment.GetEnvironmentVariable("PARLEY_FUZZ_INPUTS"), CultureInfo.InvariantCulture, out var inputs) ? inputs : Usual;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_bodies_never_make_the_server_fail(int seed)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        var answers = new ConcurrentDictionary<int, int>();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(lane => Task.Run(async () =>
        {
            var random = new Random((seed * AtOnce) + lane);
            for (var i = 0; i < Inputs / Cases / AtOnce; i++)
            {
                var sending = random.Next(2) == 0;
                var path = sending ? s_paths[0] : s_paths[random.Next(s_paths.Length)];
                var body = FuzzInput.Next(random, sending);
                using var answer = await (i % 2 == 0 ? server.Owner : tesla.Http).PostBytesAsync(path, body);
                ((int)answer.Status).ShouldNotBe(500, $"seed {seed}, lane {lane}, input {i}, {path} {Encoding.UTF8.GetString(body)}: {answer.Body}");
                answers.AddOrUpdate((int)answer.Status, 1, (_, count) => count + 1);
            }
        })));

        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", answers.OrderBy(answer => answer.Key).Select(answer => $"{answer.Value} times {answer.Key}")));
        answers.ShouldContainKey(400);
        answers.Keys.ShouldContain(status => status < 300, "nothing was accepted: the inputs do not reach beyond the parser");
        using var ready = await server.Owner.GetJsonAsync("/health/ready");
        ready.Required("status").GetString().ShouldBe("ready");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Random_calls_of_tools_never_make_the_server_fail(int seed)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        await server.AgentAsync("aaron");
        await server.LinkAsync("tesla", "aaron");
        var (refused, done) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(lane => Task.Run(async () =>
        {
            var random = new Random((seed * AtOnce) + lane);
            for (var i = 0; i < Inputs / Cases / AtOnce; i++)
            {
                var body = FuzzInput.NextCall(random);
                using var answer = await (i % 4 == 0 ? server.Owner : tesla.Http).PostBytesAsync("/mcp", body);
                var what = $"seed {seed}, lane {lane}, input {i}, {Encoding.UTF8.GetString(body)}: {(int)answer.Status} {answer.Body}";
                ((int)answer.Status).ShouldBeLessThan(500, what);
                answer.Body.ShouldNotContain("\\\"internal\\\"", Case.Sensitive, what);
                answer.Body.ShouldNotContain("-32603", Case.Sensitive, what);
                Interlocked.Increment(ref answer.Body.Contains("\"isError\":true", StringComparison.Ordinal) ? ref refused : ref done);
            }
        })));

        TestContext.Current.TestOutputHelper!.WriteLine($"{refused} refused by a tool, {done} others");
        refused.ShouldBePositive();
        using var inbox = await server.Owner.GetJsonAsync("/api/v1/messages?limit=1");
        inbox.Required("items").GetArrayLength().ShouldBe(1, "nothing was sent: the inputs do not reach beyond the parser");
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Random_calls_of_tasks_never_make_the_server_fail(int seed)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        await server.AgentAsync("aaron");
        await server.LinkAsync("tesla", "aaron");
        using var begun = await tesla.Http.PostTextAsync("/a2a/aaron/message:send", """{"message":{"messageId":"f","parts":[{"text":"begin"}]},"configuration":{"returnImmediately":true}}""");
        var task = begun.Required("task").GetProperty("id").GetString()!;
        var (refused, done) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(lane => Task.Run(async () =>
        {
            var random = new Random((seed * AtOnce) + lane);
            for (var i = 0; i < Inputs / Cases / AtOnce; i++)
            {
                var legacy = random.Next(2) == 0;
                var body = FuzzInput.NextTask(random, task, legacy);
                var (path, rest) = random.Next(3) switch { 0 => ("/a2a/aaron/message:send", true), 1 => ("/a2a/aaron", false), _ => ("/a2a", false) };
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
                request.Content.Headers.ContentType = new("application/json");
                request.Headers.TryAddWithoutValidation("A2A-Version", random.Next(20) == 0 ? "x.y" : rest || !legacy ? "1.0" : "0.3");
                using var answer = await AnswerAsync(tesla.Http, request);
                var what = $"seed {seed}, lane {lane}, input {i}, {path} {Encoding.UTF8.GetString(body)}: {(int)answer.Status} {answer.Body}";
                ((int)answer.Status).ShouldBeLessThan(500, what);
                answer.Body.ShouldNotContain("-32603", Case.Sensitive, what);
                Interlocked.Increment(ref answer.Body.Contains("\"error\"", StringComparison.Ordinal) ? ref refused : ref done);
            }
        })));

        TestContext.Current.TestOutputHelper!.WriteLine($"{refused} refused, {done} others");
        (refused, done).ShouldSatisfyAllConditions(counts => counts.refused.ShouldBePositive(), counts => counts.done.ShouldBePositive());
        using var list = await tesla.Http.GetJsonAsync("/a2a/aaron/tasks");
        list.Required("totalSize").GetInt32().ShouldBeGreaterThan(1, "nothing was given: the inputs do not reach beyond the parser");
    }

    /// <summary>A stream that has begun says nothing more than that it has.</summary>
    private static async Task<Answer> AnswerAsync(HttpClient client, HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var streams = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        return new Answer(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, streams ? "{}" : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_frames_never_make_the_server_fail(int seed)
    {
        await using var server = await TestServer.StartAsync();
        var tesla = await server.AgentAsync("tesla");
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(lane => Task.Run(async () =>
        {
            var random = new Random((seed * AtOnce) + lane);
            for (var i = 0; i < Inputs / Cases / AtOnce; i += FramesEach)
            {
                using var socket = await server.ConnectAsync(tesla, null, random.Next(2) == 0 ? ["parley.v1"] : []);
                await TryAsync(socket, random);
                socket.Socket.Abort();
            }
        })));

        using var last = await server.ConnectAsync(tesla);
        await last.SendAsync(new { type = "ping" });
        while ((await last.NextAsync())!.Value.GetProperty("type").GetString() != "pong")
        {
            // What earlier frames sent comes first.
        }
    }

    private static async Task TryAsync(TestSocket socket, Random random)
    {
        try
        {
            for (var i = 0; i < FramesEach; i++)
            {
                await socket.SendBytesAsync(FuzzInput.Next(random, sending: true), random.Next(20) == 0 ? WebSocketMessageType.Binary : WebSocketMessageType.Text);
            }

            await socket.SendAsync(new { type = "ping" });
            while (await socket.NextAsync() is { } frame && frame.GetProperty("type").GetString() != "pong")
            {
                if (frame.TryGetProperty("code", out var code))
                {
                    code.GetString().ShouldNotBe("internal", frame.ToString());
                }
            }
        }
        catch (WebSocketException)
        {
            // The server closed while this client was still writing.
        }
    }
}
