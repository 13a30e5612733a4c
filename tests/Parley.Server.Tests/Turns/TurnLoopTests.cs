using Microsoft.Extensions.DependencyInjection;
using Parley.Core;
using Parley.Core.Turns;
using Parley.Server.Tests.Support;
using Parley.Server.Turns;
using Parley.Tests.Support;

namespace Parley.Server.Tests.Turns;

/// <summary>Hosted agents on the real server, with a model that does what the test says.</summary>
public sealed class TurnLoopTests
{
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly ScriptedRuntime model = new();

    [Fact]
    public async Task An_agent_that_was_hosted_over_HTTP_answers_and_its_chain_is_shown()
    {
        await using var server = await StartAsync();
        model.Says("Good morning.");
        var asked = await AskAsync(server);
        await UntilAsync(server, asked, "answered");
        using var root = await server.Owner.GetJsonAsync($"/api/v1/roots/{asked}");
        var turn = root.Required("turns")[0];
        turn.GetProperty("agent").GetString().ShouldBe("tesla");
        turn.GetProperty("usage").GetProperty("output").GetInt64().ShouldBe(10);
        root.Required("root").GetProperty("tokens").GetInt64().ShouldBe(110);
        using var tested = await server.Owner.PostAsync("/api/v1/agents/tesla/test", new { text = "Hello" });
        tested.Required("text").GetString().ShouldBe("PASS");
    }

    [Fact]
    [Alone]
    public async Task A_halt_cuts_the_running_call_off_within_two_seconds_and_what_was_asked_stays_unread()
    {
        await using var server = await StartAsync();
        var hold = model.HoldNext();
        var asked = await AskAsync(server);
        await hold.Begun.Within(Patience);
        var began = TimeProvider.System.GetTimestamp();
        using (var halted = await server.Owner.PostAsync("/api/v1/halts", new { scope = "agent", target = "tesla" }))
        {
            halted.Status.ShouldBe(System.Net.HttpStatusCode.Created, halted.Body);
        }

        await UntilReleasedAsync(server, asked);
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        model.Calls.ShouldBe(1);
        using var agent = await server.Owner.GetJsonAsync("/api/v1/agents/tesla");
        agent.Required("unread").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_stops_gives_its_running_turn_back()
    {
        await using var server = await StartAsync();
        var hold = model.HoldNext();
        var asked = await AskAsync(server);
        await hold.Begun.Within(Patience);
        await server.StopAsync().Within(Patience);
        var database = server.Services.GetRequiredService<IDatabase>();
        var due = await database.ReadAsync(unit => unit.Sessions.DueAsync(TimeProvider.System.GetUtcNow(), 10), TestContext.Current.CancellationToken);
        due.Count.ShouldBe(1, "it can be taken up again at once");
        asked.ShouldNotBe(Guid.Empty);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_more_turns_run_at_once_than_the_server_was_told(int most)
    {
        await using var server = await StartAsync(options => options with { TurnsAtOnce = most, RunLoops = false }, new LiveRuntime());
        await HostAsync(server, "aaron");
        await HostAsync(server, "nikola");
        foreach (var agent in (string[])["tesla", "aaron", "nikola"])
        {
            using var sent = await server.Owner.PostAsync("/api/v1/messages", new { to = agent, content = "Hello" });
            sent.Status.ShouldBe(System.Net.HttpStatusCode.OK, sent.Body);
        }

        var loop = server.Services.GetRequiredService<TurnLoop>();
        for (var i = 0; i < 3; i++)
        {
            await loop.RunOnceAsync(TestContext.Current.CancellationToken);
        }

        loop.Count.ShouldBe(most);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task A_number_of_turns_out_of_bounds_keeps_the_server_from_starting(int turns) =>
        (await Should.ThrowAsync<ParleyError>(() => TestServer.StartAsync(options => options with { TurnsAtOnce = turns }))).Fix.ShouldBe("Give a number from 1 to 10000: --turns 64");

    private async Task<TestServer> StartAsync(Func<ServerOptions, ServerOptions>? change = null, IRuntime? runtime = null)
    {
        var server = await TestServer.StartAsync(
            change, configure: services => services.AddSingleton(runtime ?? model).AddSingleton<IModelCatalog>(new ScriptedCatalog()).AddSingleton<IToolbox>(new ScriptedToolbox()));
        await HostAsync(server, "tesla");
        return server;
    }

    private static async Task HostAsync(TestServer server, string agent)
    {
        await server.AgentAsync(agent);
        using var hosted = await server.Owner.PutJsonAsync($"/api/v1/agents/{agent}/host", new { model = "demo/scripted" });
        hosted.Status.ShouldBe(System.Net.HttpStatusCode.OK, hosted.Body);
    }

    private static async Task<Guid> AskAsync(TestServer server)
    {
        using var sent = await server.Owner.PostAsync("/api/v1/messages", new { to = "tesla", content = "Hello" });
        return sent.Required("message_id").GetGuid();
    }

    private static Task UntilAsync(TestServer server, Guid root, string state) => UntilAsync(server, root, turns => turns.Exists(turn => turn.State.ToString().Equals(state, StringComparison.OrdinalIgnoreCase)));

    private static Task UntilReleasedAsync(TestServer server, Guid root) => UntilAsync(server, root, turns => turns.TrueForAll(turn => turn.Reserved == default));

    private static async Task UntilAsync(TestServer server, Guid root, Predicate<List<Turn>> done)
    {
        var database = server.Services.GetRequiredService<IDatabase>();
        var tenant = (await database.ReadAsync(unit => unit.Organizations.ListAsync(), TestContext.Current.CancellationToken))[0].Id;
        using var limit = new CancellationTokenSource(Patience);
        while (!done(await database.ReadAsync(unit => unit.Turns.OfRootAsync(tenant, root), limit.Token)))
        {
            await Task.Yield();
        }
    }
}
