using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Parley.Core;
using Parley.Core.Outbound;
using Parley.Server.Outbound;

namespace Parley.Server.Tests.Outbound;

public sealed class OutboundClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_carries_its_body_and_headers_and_nothing_of_the_servers()
    {
        HeaderDictionary headers = [];
        var body = "";
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            headers = new HeaderDictionary(context.Request.Headers.ToDictionary());
            using var reader = new StreamReader(context.Request.Body);
            body = await reader.ReadToEndAsync();
            context.Response.Cookies.Append("session", "1");
            context.Response.StatusCode = 201;
            context.Response.ContentType = "Text/Plain; charset=utf-8";
            await context.Response.WriteAsync("taken");
        });
        using var client = Client(receiver.Policy);
        var call = new OutboundCall("POST", receiver["/hook"]) { Body = "{}"u8.ToArray(), Headers = new Dictionary<string, string> { ["webhook-id"] = "1" } };

        var answer = await client.SendAsync(call, Token);
        (answer.Status, answer.ContentType, Encoding.UTF8.GetString(answer.Body)).ShouldBe((201, "text/plain", "taken"));
        body.ShouldBe("{}");
        headers["webhook-id"].ToString().ShouldBe("1");

        await client.SendAsync(call, Token);
        headers.Keys.ShouldNotContain("Cookie");
        headers.Keys.Order(StringComparer.Ordinal).ShouldBe(["Content-Length", "Content-Type", "Host", "User-Agent", "webhook-id"]);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        var calls = 0;
        await using var receiver = await Receiver.StartAsync(context =>
        {
            calls++;
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        using var client = Client(receiver.Policy);

        (await client.SendAsync(new OutboundCall("GET", receiver["/hook"]), Token)).Status.ShouldBe(302);
        calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_up_in_time()
    {
        await using var receiver = await Receiver.StartAsync(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        using var client = Client(receiver.Policy);

        (await RefusalAsync(client, receiver["/hook"], call => call with { Time = TimeSpan.FromMilliseconds(200) })).ShouldBe((ErrorCode.OutboundFailed, $"{receiver.Address.GetLeftPart(UriPartial.Authority)} did not answer within 0.2 s."));
    }

    [Fact]
    public async Task A_receiver_that_drips_is_given_up_in_the_same_time()
    {
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(".", context.RequestAborted);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, context.RequestAborted);
            }
        });
        using var client = Client(receiver.Policy);

        (await RefusalAsync(client, receiver["/hook"], call => call with { Time = TimeSpan.FromMilliseconds(300) })).Message.ShouldContain("did not answer within");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_floods_is_cut_off(bool saysHowLong)
    {
        var written = 0L;
        await using var receiver = await Receiver.StartAsync(async context =>
        {
            context.Response.ContentLength = saysHowLong ? 1L << 40 : null;
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[4096], context.RequestAborted);
                written += 4096;
            }
        });
        using var client = Client(receiver.Policy);

        (await RefusalAsync(client, receiver["/hook"], call => call with { MostBytes = 1000 })).Message.ShouldEndWith("answered with more than 1000 bytes.");
        written.ShouldBeLessThan(64L << 20);
    }

    [Fact]
    public async Task Headers_that_flood_are_cut_off()
    {
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.Headers["X-Long"] = new string('x', 100_000);
            return Task.CompletedTask;
        });
        using var client = Client(receiver.Policy);

        (await RefusalAsync(client, receiver["/hook"])).Code.ShouldBe(ErrorCode.OutboundFailed);
    }

    [Fact]
    public async Task A_name_that_leads_into_the_private_net_is_refused_where_the_connection_is_made()
    {
        using var client = new OutboundClient(new TestPolicy(new OutboundPolicy { Enabled = true }), TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("10.0.0.7"), IPAddress.Loopback]));

        (await RefusalAsync(client, new Uri("https://hooks.example.org/x"))).ShouldBe((ErrorCode.OutboundRefused, "https://hooks.example.org leads to an address that is not public."));
    }

    [Fact]
    public async Task A_name_that_turns_to_another_number_after_it_was_looked_at_does_not_get_through()
    {
        var calls = 0;
        await using var receiver = await Receiver.StartAsync(_ =>
        {
            calls++;
            return Task.CompletedTask;
        });
        var lookups = 0;
        using var client = new OutboundClient(
            new TestPolicy(new OutboundPolicy { Enabled = true }), TimeProvider.System,
            (_, _) => Task.FromResult<IPAddress[]>([lookups++ == 0 ? IPAddress.Parse("192.0.2.1") : IPAddress.Loopback]));

        var address = new Uri($"https://hooks.example.org:{receiver.Address.Port}/x");
        (await RefusalAsync(client, address)).Code.ShouldBe(ErrorCode.OutboundRefused);
        (await RefusalAsync(client, address)).Code.ShouldBe(ErrorCode.OutboundRefused);
        (calls, lookups).ShouldBe((0, 2));
    }

    [Fact]
    public async Task An_allowed_name_is_called_wherever_it_leads()
    {
        await using var receiver = await Receiver.StartAsync(context => context.Response.WriteAsync(context.Request.Host.Host));
        using var client = new OutboundClient(
            new TestPolicy(new OutboundPolicy { Enabled = true, Allow = [$"http://intranet.example.org:{receiver.Address.Port}"] }), TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        var answer = await client.SendAsync(new OutboundCall("GET", new Uri($"http://intranet.example.org:{receiver.Address.Port}/x")), Token);
        Encoding.UTF8.GetString(answer.Body).ShouldBe("intranet.example.org");
    }

    [Fact]
    public async Task What_the_operator_takes_back_counts_for_the_next_call()
    {
        await using var receiver = await Receiver.StartAsync(_ => Task.CompletedTask);
        var policy = new TestPolicy(receiver.Policy);
        using var client = new OutboundClient(policy, TimeProvider.System);
        (await client.SendAsync(new OutboundCall("GET", receiver["/x"]), Token)).IsSuccess.ShouldBeTrue();

        policy.Current = new OutboundPolicy { Enabled = true };
        (await RefusalAsync(client, receiver["/x"])).Code.ShouldBe(ErrorCode.OutboundRefused);
        policy.Current = new OutboundPolicy();
        (await RefusalAsync(client, receiver["/x"])).Code.ShouldBe(ErrorCode.OutboundRefused);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_told_in_words()
    {
        var receiver = await Receiver.StartAsync(_ => Task.CompletedTask);
        await receiver.DisposeAsync();
        using var client = Client(receiver.Policy);

        (await RefusalAsync(client, receiver["/x"])).ShouldBe((ErrorCode.OutboundFailed, $"{receiver.Address.GetLeftPart(UriPartial.Authority)} takes no connections."));
    }

    private static OutboundClient Client(OutboundPolicy policy) => new(new TestPolicy(policy), TimeProvider.System);

    private static async Task<(ErrorCode Code, string Message)> RefusalAsync(OutboundClient client, Uri address, Func<OutboundCall, OutboundCall>? change = null)
    {
        var call = new OutboundCall("POST", address) { Body = "{}"u8.ToArray() };
        var refusal = await Should.ThrowAsync<ParleyError>(() => client.SendAsync(change?.Invoke(call) ?? call, Token));
        return (refusal.Code, refusal.Message);
    }
}
