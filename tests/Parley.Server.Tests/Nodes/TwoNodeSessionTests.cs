using Microsoft.Extensions.DependencyInjection;
using Parley.Core;
using Parley.Core.Sessions;
using Parley.Core.Turns;
using Parley.Server.Tests.Support;
using Parley.Server.Turns;
using Parley.Tests.Support;

namespace Parley.Server.Tests.Nodes;

/// <summary>A session that is spawned on one node and worked on by another.</summary>
public sealed class TwoNodeSessionTests
{
    private static readonly TimeSpan Patience = Waiting.Patience;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Spawned_on_one_node_and_taken_over_by_the_other_it_has_one_result(bool stops)
    {
        await using var postgres = await PostgresServer.CreateDatabaseAsync();
        var (first, second) = (new ScriptedRuntime(), new ScriptedRuntime());
        first.Says("from the first node");
        second.Says("from the second node");
        // Where its lease is to run out it takes one turn up and neither renews the lease nor looks for more.
        await using var here = await StartAsync(postgres.ConnectionString, first, loops: stops);
        await here.AgentAsync("tesla");
        using (var hosted = await here.Owner.PutJsonAsync("/api/v1/agents/tesla/host", new { model = "demo/scripted" }))
        {
            hosted.Status.ShouldBe(System.Net.HttpStatusCode.OK, hosted.Body);
        }

        var program = await here.AgentAsync("program");
        var hold = first.HoldNext();
        using var spawned = await program.Http.PostAsync("/api/v1/sessions/spawn", new { agentId = "tesla", task = "Work" });
        var key = spawned.Required("sessionKey").GetString();
        if (!stops)
        {
            await here.Services.GetRequiredService<TurnLoop>().RunOnceAsync(Ct);
        }

        await hold.Begun.Within(Patience);

        await using var there = await StartAsync(postgres.ConnectionString, second, loops: true);
        if (stops)
        {
            await here.StopAsync().Within(Patience);
        }
        else
        {
            // As when its lease ran out while it stood still: it goes on and knows nothing of it.
            await there.Services.GetRequiredService<IDatabase>().WriteAsync(unit => unit.Sessions.DropLeasesAsync(), Ct);
        }

        using var elsewhere = there.Client(program.Secret);
        using var ended = await elsewhere.GetJsonAsync($"/api/v1/sessions/{key}?wait=60");
        ended.Required("session").GetProperty("status").GetString().ShouldBe("completed");
        ended.Required("result").GetString().ShouldBe("from the second node");
        hold.Release();
        using var limit = new CancellationTokenSource(Patience);
        while (here.Services.GetRequiredService<TurnLoop>().Count > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        using var inbox = await elsewhere.GetJsonAsync("/api/v1/inbox");
        var told = inbox.Required("items");
        (told.GetArrayLength(), told[0].GetProperty("content").GetString(), told[0].GetProperty("type").GetString()).ShouldBe((1, "from the second node", "result"));
        using var log = await elsewhere.GetJsonAsync($"/api/v1/sessions/{key}/log");
        log.Required("entries").EnumerateArray().Select(entry => entry.GetProperty("text").GetString()).ShouldBe(["Work", "from the second node"]);
        (first.Calls, second.Calls).ShouldBe((1, 1));
    }

    private static Task<TestServer> StartAsync(string database, ScriptedRuntime model, bool loops) => TestServer.StartNodeAsync(
        database, TimeProvider.System,
        services => services.AddSingleton<IRuntime>(model).AddSingleton<IModelCatalog>(new ScriptedCatalog()).AddSingleton<IToolbox>(new ScriptedToolbox()).AddSingleton<ISessionPolicy>(new Open()),
        options => options with { RunLoops = loops });

    private sealed class Open : ISessionPolicy
    {
        public SessionPolicy Current { get; } = new() { Defaults = new AgentSessionPolicy { AllowAgents = [SessionPolicy.Everyone] } };
    }
}
