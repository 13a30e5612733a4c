using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core.Outbound;
using Parley.Server.Outbound;
using Parley.Server.Tests.Support;
using Parley.Tests.Support;
using TestAgent = Parley.Server.Tests.Support.TestAgent;

namespace Parley.Server.Tests.Outbound;

/// <summary>Webhooks from the message to a real receiver on this machine.</summary>
public sealed class WebhookTests
{
    private static readonly TimeSpan Patience = Waiting.Patience;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_wakes_a_receiver_with_a_signed_pointer_and_stays_unread()
    {
        var taken = Channel.CreateUnbounded<(IHeaderDictionary Headers, string Body)>();
        await using var receiver = await Receiver.StartAsync(context => TakeAsync(context, taken.Writer, 204));
        await using var house = await House.OpenAsync(receiver.Policy);
        var secret = await house.AddAsync("hook", receiver["/hook"]);
        var sent = await house.SayAsync("Look at the build,\nplease.");

        var (headers, body) = await NextAsync(taken.Reader);
        Verify(headers, body, secret);
        using var call = JsonDocument.Parse(body);
        call.RootElement.GetProperty("type").GetString().ShouldBe("inbox.message");
        var data = call.RootElement.GetProperty("data");
        (data.GetProperty("agent").GetString(), data.GetProperty("from").GetString(), data.GetProperty("message_id").GetGuid(), data.GetProperty("number").GetInt64(), data.GetProperty("unread").GetInt64())
            .ShouldBe(("aaron", "tesla", sent, 1, 1));
        data.GetProperty("preview").GetString().ShouldBe("Look at the build, please.");

        var shown = await house.UntilAsync("delivered");
        (shown.GetProperty("status").GetInt32(), shown.GetProperty("attempts").GetInt32(), shown.GetProperty("id").GetString()).ShouldBe((204, 1, headers["webhook-id"].ToString()));
        using var inbox = await house.Aaron.Http.GetJsonAsync("/api/v1/inbox");
        inbox.Required("unread").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task The_library_of_Standard_Webhooks_believes_a_call_and_none_that_was_changed()
    {
        var node = await NodeFolder.PrepareAsync("webhooks");
        var taken = Channel.CreateUnbounded<(IHeaderDictionary Headers, string Body)>();
        await using var receiver = await Receiver.StartAsync(context => TakeAsync(context, taken.Writer, 204));
        await using var house = await House.OpenAsync(receiver.Policy);
        var secret = await house.AddAsync("hook", receiver["/hook"]);
        await house.SayAsync("Look at the build, please. ü");
        var (headers, body) = await NextAsync(taken.Reader);
        var start = node.Command("verify.mjs");
        start.Environment["PARLEY_TEST"] = JsonSerializer.Serialize(new
        {
            secret, body, other = Core.Webhooks.WebhookSignature.NewSecret(), headers = headers.Where(header => header.Key.StartsWith("webhook-", StringComparison.Ordinal)).ToDictionary(header => header.Key, header => header.Value.ToString()),
        });
        var (code, output) = await NodeFolder.RunAsync(start, TimeSpan.FromMinutes(1));
        code.ShouldBe(0, output);
        output.ShouldContain("ok standardwebhooks");
    }

    [Theory]
    [InlineData(500, "It answered 500.")]
    [InlineData(302, "It answered 302; redirects are not followed.")]
    public async Task A_receiver_that_does_not_take_it_is_called_again_with_the_same_id(int status, string reason)
    {
        var taken = Channel.CreateUnbounded<(IHeaderDictionary Headers, string Body)>();
        var elsewhere = 0;
        await using var other = await Receiver.StartAsync(_ =>
        {
            elsewhere++;
            return Task.CompletedTask;
        });
        var calls = 0;
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.Headers.Location = other["/"].ToString();
            return TakeAsync(context, taken.Writer, calls++ == 0 ? status : 200);
        });
        await using var house = await House.OpenAsync(receiver.Policy with { Allow = [.. receiver.Policy.Allow, .. other.Policy.Allow] });
        var secret = await house.AddAsync("hook", receiver["/hook"]);
        await house.SayAsync("hello");

        var (first, body) = await NextAsync(taken.Reader);
        var waiting = await house.UntilAsync("waiting", call => call.TryGetProperty("reason", out _));
        waiting.GetProperty("reason").GetString().ShouldBe(reason);
        using (await house.Server.Owner.PostAsync("/api/v1/webhooks/hook/retry", new { }))
        {
            var (second, again) = await NextAsync(taken.Reader);
            (second["webhook-id"], again).ShouldBe((first["webhook-id"], body));
            Verify(second, again, secret);
        }

        await house.UntilAsync("delivered");
        elsewhere.ShouldBe(0);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_paused_and_a_person_is_told()
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        });
        await using var house = await House.OpenAsync(receiver.Policy);
        await house.AddAsync("hook", receiver["/hook"]);
        await house.SayAsync("hello");
        await house.UntilAsync("dead");
        using var webhook = await house.Server.Owner.GetJsonAsync("/api/v1/webhooks/hook");
        (webhook.Required("state").GetString(), webhook.Required("paused_reason").GetString()).ShouldBe(("paused", "The receiver answered 410 Gone."));
        using var attention = await house.Server.Owner.GetJsonAsync("/api/v1/attention");
        attention.Required("items").EnumerateArray().ShouldContain(item => item.GetProperty("kind").GetString() == "webhook_gone");
    }

    [Fact]
    public async Task A_receiver_that_hangs_and_one_that_floods_keep_no_other_one_waiting()
    {
        var taken = Channel.CreateUnbounded<(IHeaderDictionary Headers, string Body)>();
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            if (context.Request.Path == "/hang")
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }

            while (context.Request.Path == "/flood" && !context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[8192], context.RequestAborted);
            }

            await TakeAsync(context, taken.Writer, 200);
        });
        await using var house = await House.OpenAsync(receiver.Policy);
        await house.AddAsync("a-hang", receiver["/hang"]);
        await house.AddAsync("b-flood", receiver["/flood"]);
        await house.AddAsync("hook", receiver["/hook"]);
        for (var i = 1; i <= 3; i++)
        {
            await house.SayAsync($"hello {i}");
            var (_, body) = await NextAsync(taken.Reader);
            body.ShouldContain($"\"number\":{i}");
        }

        (await house.UntilAsync("waiting", call => call.TryGetProperty("reason", out _), "b-flood")).GetProperty("reason").GetString().ShouldEndWith("answered with more than 65536 bytes.");
    }

    [Fact]
    public async Task A_private_address_is_refused_when_the_webhook_is_made_and_behind_a_name_when_it_is_called()
    {
        await using var house = await House.OpenAsync(new OutboundPolicy { Enabled = true }, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.169.254")]));
        foreach (var url in new[] { "https://127.0.0.1/hook", "https://[::1]/hook", "https://10.0.0.1/hook", "http://hooks.example.org/hook" })
        {
            using var refused = await house.Server.Owner.PostAsync("/api/v1/webhooks", new { url, agent = "aaron" });
            refused.ShouldBe(HttpStatusCode.Forbidden, "outbound_refused");
        }

        await house.AddAsync("hook", new Uri("https://hooks.example.org/hook"));
        using var test = await house.Server.Owner.PostAsync("/api/v1/webhooks/hook/test", new { });
        test.Required("ok").GetBoolean().ShouldBeFalse();
        test.Required("reason").GetString().ShouldNotBeNull().ShouldContain("not public");
        await house.SayAsync("hello");
        var waiting = await house.UntilAsync("waiting", call => call.TryGetProperty("reason", out _));
        waiting.GetProperty("attempts").GetInt32().ShouldBe(0);
        using var webhook = await house.Server.Owner.GetJsonAsync("/api/v1/webhooks/hook");
        webhook.Required("last_call").GetProperty("reason").GetString().ShouldNotBeNull().ShouldContain("not public");
    }

    [Fact]
    public async Task A_test_sends_a_signed_ping_and_shows_the_answer_and_keeps_nothing()
    {
        var taken = Channel.CreateUnbounded<(IHeaderDictionary Headers, string Body)>();
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            await TakeAsync(context, taken.Writer, 418);
            await context.Response.WriteAsync("short and stout");
        });
        await using var house = await House.OpenAsync(receiver.Policy);
        var secret = await house.AddAsync("hook", receiver["/hook"]);
        using var test = await house.Server.Owner.PostAsync("/api/v1/webhooks/hook/test", new { });
        (test.Required("ok").GetBoolean(), test.Required("status").GetInt32(), test.Required("answer").GetString()).ShouldBe((false, 418, "short and stout"));
        var (headers, body) = await NextAsync(taken.Reader);
        Verify(headers, body, secret);
        body.ShouldContain("\"type\":\"ping\"");
        using var calls = await house.Server.Owner.GetJsonAsync("/api/v1/webhooks/hook/calls");
        calls.Required("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task No_answer_shows_a_secret_but_those_that_make_one()
    {
        await using var receiver = await Receiver.StartAsync(_ => Task.CompletedTask);
        await using var house = await House.OpenAsync(receiver.Policy);
        var secret = await house.AddAsync("hook", receiver["/hook"]);
        foreach (var path in new[] { "", "/hook", "/hook/calls" })
        {
            using var answer = await house.Server.Owner.GetJsonAsync("/api/v1/webhooks" + path);
            answer.Status.ShouldBe(HttpStatusCode.OK);
            answer.Body.ShouldNotContain(secret["whsec_".Length..]);
        }

        using var rotated = await house.Server.Owner.PostAsync("/api/v1/webhooks/hook/rotate", new { });
        rotated.Required("secret").GetString().ShouldNotBe(secret);
    }

    private static async Task TakeAsync(HttpContext context, ChannelWriter<(IHeaderDictionary, string)> taken, int status)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        context.Response.StatusCode = status;
        await taken.WriteAsync((new HeaderDictionary(context.Request.Headers.ToDictionary()), body), context.RequestAborted);
    }

    /// <summary>As a receiver does it that knows nothing of Parley: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md</summary>
    private static void Verify(IHeaderDictionary headers, string body, string secret)
    {
        using var mac = new HMACSHA256(Convert.FromBase64String(secret.Split('_')[1]));
        var signature = Convert.ToBase64String(mac.ComputeHash(Encoding.UTF8.GetBytes(string.Join('.', headers["webhook-id"], headers["webhook-timestamp"], body))));
        headers["webhook-signature"].ToString().Split(' ').ShouldContain("v1," + signature);
        var age = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(headers["webhook-timestamp"]!, System.Globalization.CultureInfo.InvariantCulture);
        age.ShouldBeInRange(-5, 60);
    }

    private static async Task<(IHeaderDictionary Headers, string Body)> NextAsync(ChannelReader<(IHeaderDictionary, string)> taken) =>
        await taken.ReadAsync(Token).AsTask().WaitAsync(Patience, TimeProvider.System, Token);

    private sealed record House(TestServer Server, TestAgent Tesla, TestAgent Aaron) : IAsyncDisposable
    {
        public static async Task<House> OpenAsync(OutboundPolicy policy, ResolveName? resolve = null)
        {
            var server = await TestServer.StartAsync(configure: services =>
            {
                services.AddSingleton<IOutboundPolicy>(new TestPolicy(policy)).AddSingleton<ISealedSecrets>(new TestSecrets());
                if (resolve is not null)
                {
                    services.AddSingleton<IOutbound>(new OutboundClient(new TestPolicy(policy), TimeProvider.System, resolve));
                }
            });
            var (tesla, aaron) = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
            await server.LinkAsync("tesla", "aaron");
            return new House(server, tesla, aaron);
        }

        /// <summary>Returns the secret.</summary>
        public async Task<string> AddAsync(string name, Uri url)
        {
            using var added = await Server.Owner.PostAsync("/api/v1/webhooks", new { url, agent = "aaron", name });
            return added.Required("secret").GetString()!;
        }

        public async Task<Guid> SayAsync(string content)
        {
            using var sent = await Tesla.Http.PostAsync("/api/v1/messages", new { to = "aaron", content });
            return sent.Required("message_id").GetGuid();
        }

        /// <summary>The newest call, once it is in that state.</summary>
        public async Task<JsonElement> UntilAsync(string state, Func<JsonElement, bool>? also = null, string webhook = "hook")
        {
            using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
            while (true)
            {
                using var calls = await Server.Owner.GetJsonAsync($"/api/v1/webhooks/{webhook}/calls?limit=1");
                if (calls.Required("items").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } newest && newest.GetProperty("state").GetString() == state && also?.Invoke(newest) != false)
                {
                    return newest;
                }

                limit.IsCancellationRequested.ShouldBeFalse(calls.Body);
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
            }
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
