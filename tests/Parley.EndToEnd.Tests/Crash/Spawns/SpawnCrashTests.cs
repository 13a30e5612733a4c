namespace Parley.EndToEnd.Tests.Crash.Spawns;

/// <summary>
/// G10: <c>kill -9</c> at random moments while parents spawn sub-agents. <c>./test crash --spawns 500</c> runs it longer, with one kill for each 25 spawns.
/// </summary>
public sealed class SpawnCrashTests
{
    private const int SpawnsOfKill = 25;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Killed_at_random_with_SQLite_every_spawn_is_one_session_that_has_ended_with_one_result_for_its_parent()
    {
        using var folder = new TempFolder();
        await RunAsync(folder, database: null);
    }

    [Fact]
    public async Task Killed_at_random_with_PostgreSQL_every_spawn_is_one_session_that_has_ended_with_one_result_for_its_parent()
    {
        using var folder = new TempFolder();
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await RunAsync(folder, database.ConnectionString);
    }

    private static async Task RunAsync(TempFolder folder, string? database)
    {
        await using var models = await FakeModels.StartAsync();
        models.Always(SpawnModel.Answer);
        SpawnWorld.Configure(folder["data"], maxConcurrent: 60);
        await using var server = new ServerProcess(folder["data"], database, models: models.OpenAiUrl);
        await server.MustStartAsync();
        var world = await SpawnWorld.CreateAsync(server, models);
        var spawns = CrashRun.Rounds("SPAWNS", 75);
        var rounds = spawns / SpawnsOfKill;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var spawning = world.SpawnAsync(spawns, stop.Token);
        var began = TimeProvider.System.GetTimestamp();
        for (var round = 1; round <= rounds; round++)
        {
            await (await Task.WhenAny(spawning, world.Ledger.Spawned.ReachAsync(spawns * round / (rounds + 1)))).Within(s_patience);
            await UnderWayAsync(world).Within(s_patience);
            world.Ledger.Died(world.UnderWay);
            await server.KillAsync();
            // With one process per store the leases of before a start are void; with PostgreSQL now and then they are waited for.
            if (database is not null && round % 5 != 0)
            {
                await StoredSpawn.EndLeasesAsync(server.Storage);
            }

            await server.MustStartAsync();
        }

        await spawning.Within(s_patience);
        await world.EndedAsync(stop.Token).Within(s_patience);
        await world.ReadAsync(stop.Token).Within(s_patience);
        await server.KillAsync();

        var stored = await StoredSpawn.ReadAsync(server.Storage);
        var ledger = world.Ledger;
        var violations = SpawnAudit.Run(ledger.Acknowledged, ledger.Results, stored);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{ledger.Spawned.Value} spawns, {stored.Count} sessions ({string.Join(", ", stored.GroupBy(session => session.State).Select(group => $"{group.Count()} {group.Key}"))}), {ledger.Results.Count} results read, "
            + $"{ledger.Deaths} deaths that cut off {ledger.CutOff} model calls, {ledger.Lost} lost answers of spawns, {models.Requests.Count} model calls, {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F0} s; {violations.Count} violations");
        violations.ShouldBeEmpty();
        (ledger.Spawned.Value, ledger.Deaths).ShouldBe((spawns, rounds));
        stored.Count.ShouldBeGreaterThan(spawns, "no session has spawned one itself");
        ledger.CutOff.ShouldBeGreaterThan(0, "the server never died with a turn under way: the rig proves nothing");
    }

    /// <summary>Ends at a random moment while models speak.</summary>
    private static async Task UnderWayAsync(SpawnWorld world)
    {
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(300)), TimeProvider.System);
        }
        while (world.UnderWay == 0);
    }
}
