using System.Globalization;
using Parley.Client.Wire;
using Parley.EndToEnd.Tests.Crash;
using Parley.EndToEnd.Tests.Crash.Spawns;

namespace Parley.EndToEnd.Tests.Nodes;

/// <summary>
/// G9, G10: three nodes on one PostgreSQL with up to 60 hosted turns at once, one node killed again and again, or stopped and let go on when it owns nothing any more.
/// <c>./test nodes --kills 50</c> does so every 20 s, which is the measure of the guarantee.
/// </summary>
public sealed class NodeKillTests
{
    private const int Nodes = 3;
    private const int AtOnce = 60;
    private const int UsualKills = 1;
    private const int StoppedEvery = 5;
    private static readonly TimeSpan s_words = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan s_beyondLease = TimeSpan.FromSeconds(36);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_three_nodes_one_is_killed_again_and_again_and_every_turn_ends_once_with_its_result_at_the_parent()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("PARLEY_NODES_KILLS"), CultureInfo.InvariantCulture, out var asked) ? asked : UsualKills;
        var between = TimeSpan.FromSeconds(kills > UsualKills ? 20 : 4);
        using var folder = new TempFolder();
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var models = await FakeModels.StartAsync();
        models.Always(request => SpawnModel.Answer(request) with { Pause = s_words });
        var nodes = new List<ServerProcess>();
        try
        {
            for (var number = 0; number < Nodes; number++)
            {
                SpawnWorld.Configure(folder[$"node{number}"], AtOnce);
                nodes.Add(new ServerProcess(folder[$"node{number}"], database.ConnectionString, models: models.OpenAiUrl));
                await nodes[^1].MustStartAsync();
            }

            await RunAsync(nodes, models, kills, between);
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static async Task RunAsync(List<ServerProcess> nodes, FakeModels models, int kills, TimeSpan between)
    {
        var world = await SpawnWorld.CreateAsync(nodes[0], models);
        var spawns = AtOnce * (kills + 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var spawning = world.SpawnAsync(spawns, number => (number % 3 == 1 ? Work.Tool : Work.Plain, $"worker{number % 4}"), stop.Token);
        await SpreadAsync(nodes).Within(s_patience);
        for (var round = 1; round <= kills; round++)
        {
            await Task.Delay(between, TimeProvider.System, Ct);
            world.Ledger.Died(world.UnderWay);
            var node = nodes[round % Nodes];
            if (round % StoppedEvery == 0)
            {
                await node.PauseAsync(s_beyondLease);
            }
            else
            {
                await node.KillAsync();
                await node.MustStartAsync();
            }
        }

        await spawning.Within(s_patience);
        await world.EndedAsync(stop.Token).Within(s_patience);
        await world.ReadAsync(stop.Token).Within(s_patience);
        foreach (var node in nodes)
        {
            await node.KillAsync();
        }

        var stored = await StoredSpawn.ReadAsync(nodes[0].Storage);
        var violations = SpawnAudit.Run(world.Ledger.Acknowledged, world.Ledger.Results, stored);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{world.Ledger.Spawned.Value} spawns, {stored.Count} sessions ({string.Join(", ", stored.GroupBy(session => session.State).Select(group => $"{group.Count()} {group.Key}"))}), "
            + $"{world.Ledger.Results.Count} results read, {kills} deaths beside {world.Ledger.CutOff} model calls under way, {models.Requests.Count} model calls; {violations.Count} violations");
        violations.ShouldBeEmpty();
        world.Ledger.Results.Count.ShouldBe(spawns);
        models.Requests.Count.ShouldBeGreaterThan(spawns, "no model call was made again: no node died at work");
    }

    /// <summary>Ends when every node runs a part of the turns, none twice as many as another.</summary>
    private static async Task SpreadAsync(List<ServerProcess> nodes)
    {
        using var owner = nodes[0].Owner();
        while (true)
        {
            var turns = (await owner.Nodes.ListAsync(Ct)).Items.Select(node => node.Turns).ToList();
            if (turns.Count == Nodes && turns.Min() > AtOnce / Nodes / 2 && turns.Max() < 2 * turns.Min())
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ct);
        }
    }
}
