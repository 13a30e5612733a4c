using Parley.Client;
using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Crash.Spawns;

/// <summary>G16 for spawned sessions: a halt while many run and more wait in the queue.</summary>
public sealed class SpawnHaltTests
{
    private const int Running = 12;
    private const int Spawns = 20;
    private const string Worker = "worker0";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_patience = Waiting.Patience;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [Alone]
    [InlineData("server", null, false)]
    [InlineData("agent", Worker, false)]
    [InlineData("server", null, true)]
    [InlineData("agent", Worker, true)]
    public async Task A_halt_stops_every_sub_agent_within_two_seconds_and_after_it_each_ends_once(string scope, string? target, bool postgres)
    {
        using var folder = new TempFolder();
        await using var database = postgres ? await PostgresServer.CreateDatabaseAsync() : null;
        await using var models = await FakeModels.StartAsync();
        models.Always(request => new FakeReply { Text = "I speak without an end", Pause = TimeSpan.FromMilliseconds(20), End = FakeEnd.Stall });
        SpawnWorld.Configure(folder["data"], maxConcurrent: Running);
        await using var server = new ServerProcess(folder["data"], database?.ConnectionString, models: models.OpenAiUrl);
        await server.MustStartAsync();
        var world = await SpawnWorld.CreateAsync(server, models);
        await world.SpawnAsync(Spawns, _ => (Work.Plain, Worker), Ct);
        await models.RequestsReach(Running).Within(s_patience);
        world.UnderWay.ShouldBe(Running);
        var stopped = Task.WhenAll(models.Requests.Select(async request => await request.Gone));

        using var owner = server.Owner();
        var began = TimeProvider.System.GetTimestamp();
        await owner.Halts.PullAsync(new HaltRequest(scope, target, "stop"), Ct);
        await stopped.Within(s_patience);
        var took = TimeProvider.System.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper!.WriteLine($"{Running} model calls were cut off within {took.TotalMilliseconds:F0} ms");
        took.ShouldBeLessThan(s_limit);

        using var parent = world.Client();
        (await Should.ThrowAsync<ParleyException>(() => parent.Sessions.SpawnAsync(new SpawnRequest(Worker, "one more"), Ct))).Code.ShouldBe("halted");
        // Long enough for every loop to have looked again.
        await Task.Delay(2 * s_limit, TimeProvider.System, Ct);
        models.Requests.Count.ShouldBe(Running, "a model call was made while halted");
        (await owner.Sessions.ListAsync(active: true, limit: 100, cancellation: Ct)).Items.Count.ShouldBe(Spawns, "a session has ended while halted");

        models.Always(SpawnModel.Answer);
        await owner.Halts.ReleaseAsync(scope, target, Ct);
        await world.EndedAsync(Ct).Within(s_patience);
        await world.ReadAsync(Ct).Within(s_patience);
        await server.KillAsync();
        SpawnAudit.Run(world.Ledger.Acknowledged, world.Ledger.Results, await StoredSpawn.ReadAsync(server.Storage)).ShouldBeEmpty();
        (world.Ledger.Results.Count, models.Requests.Count).ShouldBe((Spawns, Running + Spawns));
    }
}
