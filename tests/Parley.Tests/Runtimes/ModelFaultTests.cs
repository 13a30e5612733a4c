using System.Net;
using System.Net.Sockets;
using Parley.Core.Turns;

namespace Parley.Tests.Runtimes;

public sealed class ModelFaultTests
{
    public static TheoryData<string> Models => ["openai/small", "anthropic/small"];

    public static TheoryData<string, int, RuntimeFaultKind> Statuses
    {
        get
        {
            var data = new TheoryData<string, int, RuntimeFaultKind>();
            foreach (var model in new[] { "openai/small", "anthropic/small" })
            {
                foreach (var (status, kind) in new[]
                {
                    (400, RuntimeFaultKind.Refused), (401, RuntimeFaultKind.Unauthenticated), (403, RuntimeFaultKind.Unauthenticated), (404, RuntimeFaultKind.UnknownModel), (408, RuntimeFaultKind.Transient),
                    (413, RuntimeFaultKind.Refused), (429, RuntimeFaultKind.Overloaded), (500, RuntimeFaultKind.Overloaded), (503, RuntimeFaultKind.Overloaded), (529, RuntimeFaultKind.Overloaded),
                })
                {
                    data.Add(model, status, kind);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_status_says_what_helps_and_nothing_is_asked_twice(string model, int status, RuntimeFaultKind kind)
    {
        await using var models = await FakeModels.StartAsync();
        models.Always(_ => new FakeReply { Status = status });
        await using var rig = new RuntimeRig(models);

        var fault = await rig.FaultAsync(model);

        fault.Kind.ShouldBe(kind);
        fault.Message.ShouldContain($"({status})");
        fault.RetryAfter.ShouldBeNull();
        models.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task The_time_to_come_back_is_read_as_seconds_and_as_a_date(string model)
    {
        await using var models = await FakeModels.StartAsync();
        await using var rig = new RuntimeRig(models);
        models.Fail(429, retryAfter: "7").Fail(503, retryAfter: rig.Time.GetUtcNow().AddSeconds(90).ToString("R")).Fail(429, retryAfter: rig.Time.GetUtcNow().AddSeconds(-90).ToString("R"));

        (await rig.FaultAsync(model)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
        (await rig.FaultAsync(model)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(90));
        (await rig.FaultAsync(model)).RetryAfter.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(400, "model_not_found", RuntimeFaultKind.UnknownModel)]
    [InlineData(429, "insufficient_quota", RuntimeFaultKind.Refused)]
    public async Task A_code_says_more_than_its_status(int status, string code, RuntimeFaultKind kind)
    {
        await using var models = await FakeModels.StartAsync();
        models.Fail(status, code: code);
        await using var rig = new RuntimeRig(models);

        (await rig.FaultAsync("openai/small")).Kind.ShouldBe(kind);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_wrong_key_is_refused_and_never_shown(string model)
    {
        await using var models = await FakeModels.StartAsync();
        models.Key = "another";
        await using var rig = new RuntimeRig(models);

        var fault = await rig.FaultAsync(model);
        models.Key = null;
        models.Fail(400, body: $$$"""{"error":{"message":"Bad request with {{{RuntimeRig.Key}}} in it"}}""");
        var quoting = await rig.FaultAsync(model);

        fault.Kind.ShouldBe(RuntimeFaultKind.Unauthenticated);
        fault.ToString().ShouldNotContain(RuntimeRig.Key);
        quoting.ToString().ShouldNotContain(RuntimeRig.Key);
        quoting.Message.ShouldContain("Bad request with [key] in it");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_redirect_is_not_followed(string model)
    {
        await using var models = await FakeModels.StartAsync();
        await using var other = await FakeModels.StartAsync();
        models.Reply(new FakeReply { Status = 307, Location = other.Address + "/v1/messages" });
        await using var rig = new RuntimeRig(models);

        (await rig.FaultAsync(model)).Kind.ShouldBe(RuntimeFaultKind.Refused);
        other.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("openai/small", FakeEnd.Cut, RuntimeFaultKind.Transient)]
    [InlineData("openai/small", FakeEnd.Early, RuntimeFaultKind.Transient)]
    [InlineData("openai/small", FakeEnd.Malformed, RuntimeFaultKind.Transient)]
    [InlineData("openai/small", FakeEnd.Error, RuntimeFaultKind.Transient)]
    [InlineData("anthropic/small", FakeEnd.Cut, RuntimeFaultKind.Transient)]
    [InlineData("anthropic/small", FakeEnd.Early, RuntimeFaultKind.Transient)]
    [InlineData("anthropic/small", FakeEnd.Malformed, RuntimeFaultKind.Transient)]
    [InlineData("anthropic/small", FakeEnd.Error, RuntimeFaultKind.Overloaded)]
    public async Task An_answer_that_breaks_off_is_no_answer(string model, FakeEnd end, RuntimeFaultKind kind)
    {
        await using var models = await FakeModels.StartAsync();
        models.Break(end);
        await using var rig = new RuntimeRig(models);
        var heard = new List<string>();

        var fault = await Should.ThrowAsync<RuntimeFault>(() => rig.AskAsync(RuntimeRig.Request(model), heard));

        fault.Kind.ShouldBe(kind);
        if (end != FakeEnd.Cut)
        {
            // A connection that breaks may take with it what was not read yet.
            heard.ShouldBe(["Hel ", "lo"]);
        }

        models.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_stream_that_pauses_too_long_is_timed_out(string model)
    {
        await using var models = await FakeModels.StartAsync();
        models.Break(FakeEnd.Stall);
        await using var rig = new RuntimeRig(models);
        var spoken = new Signal();

        var asking = rig.Runtime.AskAsync(RuntimeRig.Request(model), text => { if (text == "lo") { spoken.Raise(); } }, CancellationToken.None);
        await spoken.Within(RuntimeRig.Limit);
        await rig.Time.PendingTimersReach(2).Within(RuntimeRig.Limit);
        rig.Time.Advance(TimeSpan.FromSeconds(61));

        (await Should.ThrowAsync<RuntimeFault>(() => asking.Within(RuntimeRig.Limit))).Kind.ShouldBe(RuntimeFaultKind.Timeout);
        await models.Requests[0].Gone.Within(RuntimeRig.Limit);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_call_over_its_time_limit_is_timed_out_before_its_first_word(string model)
    {
        await using var models = await FakeModels.StartAsync();
        models.Break(FakeEnd.Stall, after: "");
        await using var rig = new RuntimeRig(models);

        var asking = rig.AskAsync(model);
        await models.RequestsReach(1).Within(RuntimeRig.Limit);
        rig.Time.Advance(TimeSpan.FromMinutes(2));

        var fault = await Should.ThrowAsync<RuntimeFault>(() => asking);
        fault.Kind.ShouldBe(RuntimeFaultKind.Timeout);
        fault.Message.ShouldContain("120 s");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_cancelled_call_ends_at_once_and_leaves_the_provider(string model)
    {
        await using var models = await FakeModels.StartAsync();
        models.Break(FakeEnd.Stall);
        await using var rig = new RuntimeRig(models);
        using var cancel = new CancellationTokenSource();

        var asking = rig.AskUntilAsync(RuntimeRig.Request(model), cancel.Token);
        await models.RequestsReach(1).Within(RuntimeRig.Limit);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        await models.Requests[0].Gone.Within(RuntimeRig.Limit);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("local")]
    public async Task An_address_where_nothing_listens_is_unreachable(string provider)
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        var free = ((IPEndPoint)socket.LocalEndpoint).Port;
        socket.Stop();
        await using var rig = new RuntimeRig(change: options => options with { Addresses = new Dictionary<string, string> { [provider] = $"http://127.0.0.1:{free}" } });
        rig.Variables["OPENAI_API_KEY"] = rig.Variables["ANTHROPIC_API_KEY"] = RuntimeRig.Key;

        var fault = await rig.FaultAsync($"{provider}/small");

        fault.Kind.ShouldBe(RuntimeFaultKind.Unreachable);
        fault.Message.ShouldContain(provider == "local" ? "PARLEY_LOCAL_URL" : "_BASE_URL");
    }

    [Theory]
    [InlineData("openai/small", RuntimeFaultKind.Unauthenticated, "OPENAI_API_KEY")]
    [InlineData("anthropic/small", RuntimeFaultKind.Unauthenticated, "parley key set anthropic")]
    [InlineData("nobody/small", RuntimeFaultKind.UnknownModel, "openai, anthropic, openrouter, local, demo")]
    [InlineData("small", RuntimeFaultKind.UnknownModel, "provider/model")]
    [InlineData("demo/nobody", RuntimeFaultKind.UnknownModel, "parley models")]
    public async Task What_is_missing_is_named_before_anything_is_asked(string model, RuntimeFaultKind kind, string fix)
    {
        await using var rig = new RuntimeRig();

        var fault = await rig.FaultAsync(model);

        fault.Kind.ShouldBe(kind);
        fault.Message.ShouldContain(fix);
    }

    [Theory]
    [InlineData("no address")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("http://user:secret@127.0.0.1/")]
    public async Task An_address_that_is_none_is_named_by_its_setting(string address)
    {
        await using var rig = new RuntimeRig();
        rig.Variables["PARLEY_LOCAL_URL"] = address;

        var fault = await rig.FaultAsync("local/small");

        fault.Message.ShouldContain("PARLEY_LOCAL_URL");
        fault.Message.ShouldNotContain("secret");
    }
}
