namespace Parley.EndToEnd.Tests.Crash;

/// <summary>
/// G1–G6, G8, G13: <c>kill -9</c> at random moments under mixed load. <c>./test crash --kills 200 --acknowledged 100000</c> runs it longer, with at least so many
/// sends acknowledged, spread over the kills.
/// </summary>
public sealed class KillTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Killed_at_random_with_SQLite_nothing_acknowledged_is_lost_doubled_or_out_of_order()
    {
        using var folder = new TempFolder();
        await using var server = new ServerProcess(folder["data"]);
        await RunAsync(server);
    }

    [Fact]
    public async Task Killed_at_random_with_PostgreSQL_nothing_acknowledged_is_lost_doubled_or_out_of_order()
    {
        using var folder = new TempFolder();
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var server = new ServerProcess(folder["data"], database.ConnectionString);
        await RunAsync(server);
    }

    [Fact]
    public async Task PostgreSQL_crashed_and_restarted_under_load_loses_nothing_acknowledged_and_sending_resumes_by_itself()
    {
        using var folder = new TempFolder();
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var server = new ServerProcess(folder["data"], postgres.ConnectionString);
        await server.MustStartAsync();
        var world = await World.CreateAsync(server);
        var process = server.Id;
        var rounds = CrashRun.Rounds("RESTARTS", 3);
        var violations = await CrashRun.RunAsync(world, rounds, async (load, round) =>
        {
            await CrashRun.ProgressAsync(world, load, round);
            world.Ledger.Died();
            await postgres.RestartAsync();
            server.Id.ShouldBe(process);
        });

        violations.ShouldBeEmpty();
        world.Ledger.Deaths.ShouldBe(rounds);
        world.Ledger.CutOff.ShouldBeGreaterThan(0, "PostgreSQL never died with a send under way: the rig proves nothing");
    }

    private static async Task RunAsync(ServerProcess server)
    {
        await server.MustStartAsync();
        var world = await World.CreateAsync(server);
        var rounds = CrashRun.Rounds("KILLS", 6);
        var acknowledged = (long)CrashRun.Rounds("ACKNOWLEDGED", 0);
        var violations = await CrashRun.RunAsync(world, rounds, async (load, round) =>
        {
            await load.WhileAsync(world.Ledger.Answered.ReachAsync(acknowledged * round / rounds)).Within(s_patience);
            await CrashRun.ProgressAsync(world, load, round);
            world.Ledger.Died();
            await server.KillAsync();
            await server.MustStartAsync();
        });

        violations.ShouldBeEmpty();
        world.Ledger.Deaths.ShouldBe(rounds);
        world.Ledger.CutOff.ShouldBeGreaterThan(0, "the server never died with a send under way: the rig proves nothing");
    }
}
