using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>G1: killed at the very moment of a flush. <c>./test crash --flushes 300</c> goes through the first 300.</summary>
public sealed class FlushTests
{
    private const int FlushesOfAFirstStart = 6;

    [Fact]
    public async Task Killed_at_each_of_its_first_flushes_under_load_it_breaks_no_promise()
    {
        using var folder = new TempFolder();
        await using var server = new ServerProcess(folder["data"]);
        await server.MustStartAsync();
        var world = await World.CreateAsync(server);
        var rounds = CrashRun.Rounds("FLUSHES", 8);
        var violations = await CrashRun.RunAsync(world, rounds, async (load, flush) =>
        {
            await server.KillAsync();
            if (await server.StartAsync(FlushFault.Kill(flush)))
            {
                await load.WhileAsync(server.Ended).Within(CrashRun.Patience, $"flush {flush}");
            }

            world.Ledger.Died();
            server.FaultsFired.ShouldBeGreaterThan(0, $"the server did not die of its flush {flush}:\n{server.Log}");
            await server.MustStartAsync();
        });

        violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Killed_at_any_flush_of_its_first_start_it_starts_the_next_time()
    {
        for (var flush = 1; flush <= FlushesOfAFirstStart; flush++)
        {
            using var folder = new TempFolder();
            await using var server = new ServerProcess(folder["data"]);
            if (await server.StartAsync(FlushFault.Kill(flush)))
            {
                break; // It needs no more flushes than that.
            }

            server.FaultsFired.ShouldBeGreaterThan(0, server.Log);
            await server.MustStartAsync();
            using var owner = server.Owner();
            (await owner.Server.ReadAsync(TestContext.Current.CancellationToken)).Health.ShouldBe("ready");
        }
    }
}
