using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>G1: loss of power under load, on a file system that forgets what was not flushed. <c>./test crash --power 100</c> runs it longer.</summary>
public sealed class PowerLossTests
{
    private const int Tries = 5;

    [Fact]
    public async Task Power_lost_under_load_takes_nothing_that_was_acknowledged()
    {
        await using var disk = await PowerLossDisk.CreateAsync();
        await using var server = new ServerProcess(Path.Combine(disk.Path, "data"));
        await server.MustStartAsync();
        var world = await World.CreateAsync(server);
        var rounds = CrashRun.Rounds("POWER", 3);
        var violations = await CrashRun.RunAsync(world, rounds, async (load, round) =>
        {
            await CrashRun.ProgressAsync(world, load, round);
            await LosePowerAsync(world, disk);
            await server.MustStartAsync();
        });

        violations.ShouldBeEmpty();
        world.Ledger.CutOff.ShouldBeGreaterThan(0, "the power never went with a send under way: the rig proves nothing");
    }

    [Fact]
    public async Task With_relaxed_durability_the_same_loss_of_power_takes_acknowledged_messages()
    {
        await using var disk = await PowerLossDisk.CreateAsync();
        for (var round = 1; round <= Tries; round++)
        {
            await using var server = new ServerProcess(Path.Combine(disk.Path, $"data-{round}"), relaxed: true);
            await server.MustStartAsync();
            var world = await World.CreateAsync(server);
            await Command.RunAsync("sync", "--file-system", disk.Path);
            await using (var load = await Load.StartAsync(world))
            {
                await CrashRun.ProgressAsync(world, load, round);
                await LosePowerAsync(world, disk);
            }

            var lost = (await Audit.RunAsync(world)).Count(violation => violation.StartsWith("lost", StringComparison.Ordinal));
            TestContext.Current.TestOutputHelper!.WriteLine($"relaxed, round {round}: {lost} of {world.Ledger.Answers.Count} acknowledged messages lost");
            if (lost > 0)
            {
                return;
            }
        }

        Assert.Fail($"Nothing was lost in {Tries} rounds: the rig does not see a loss, and proves nothing.");
    }

    /// <summary>A machine without power does not answer; left running, it could, from flushes that the dying file system takes for done.</summary>
    private static async Task LosePowerAsync(World world, PowerLossDisk disk)
    {
        await world.Server.FreezeAsync();
        disk.CutPower();
        world.Ledger.Died();
        await world.Server.KillAsync();
        await disk.RestorePowerAsync();
    }
}
