using Parley.Client;
using Parley.Client.Wire;
using Parley.EndToEnd.Tests.Support;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>G14 and G16: a full disk and failing flushes under load. <c>./test crash --full 20 --faults 100</c> runs it longer.</summary>
public sealed class StorageFaultTests
{
    private const int Crowd = 40;
    private const int LogMegabytes = 96;
    private const int PerRound = 8;
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task With_a_full_disk_reading_and_halting_go_on_and_sending_resumes_by_itself()
    {
        var rounds = CrashRun.Rounds("FULL", 1);
        await using var disk = await FullDisk.CreateAsync(LogMegabytes + (PerRound * rounds)); // or it would be full of what the load itself has stored
        await using var server = new ServerProcess(Path.Combine(disk.Path, "data"));
        await server.MustStartAsync();
        var world = await World.CreateAsync(server);
        var violations = await CrashRun.RunAsync(world, rounds, async (load, _) =>
        {
            using var probe = new Probe(server);
            await load.WhileAsync(world.Ledger.Answered.MoreAsync(Crowd)).Within(CrashRun.Patience);
            disk.Fill();
            var refusal = await probe.RefusedAsync().Within(CrashRun.Patience);
            (refusal.Code, refusal.Problem.Status).ShouldBe(("storage_full", 507));
            (await probe.UntilAsync(ready: false)).ShouldBeLessThan(s_second);
            await ReadAndHaltAsync(world);

            disk.Free();
            TestContext.Current.TestOutputHelper!.WriteLine($"sending resumed {await probe.UntilSentAsync()} after there was space");
            using var fay = world.ClientOf(world.Members[^1], keys: false);
            (await Should.ThrowAsync<ParleyException>(() => fay.Messages.SendAsync("ada", "halted?"))).Code.ShouldBe("halted", await server.DescribeAsync());
            using var owner = server.Owner();
            await owner.Halts.ReleaseAsync("agent", "fay");
        });

        violations.ShouldBeEmpty();
        server.Log.ShouldContain("The disk is full: ");
        server.Log.ShouldContain("The store takes sends again after ");
    }

    [Fact]
    public async Task While_flushes_fail_nothing_is_acknowledged_and_sending_resumes_by_itself()
    {
        using var folder = new TempFolder();
        await using var server = new ServerProcess(folder["data"]);
        await server.MustStartAsync();
        var world = await World.CreateAsync(server);
        var violations = await CrashRun.RunAsync(world, CrashRun.Rounds("FAULTS", 2), async (load, _) =>
        {
            using var probe = new Probe(server);
            await load.WhileAsync(world.Ledger.Answered.MoreAsync(Crowd)).Within(CrashRun.Patience);
            await using (var faults = await StraceFaults.AttachAsync(FlushFault.FailFrom(1), server.Id))
            {
                await probe.RefusedAsync().Within(CrashRun.Patience);
                (await probe.UntilAsync(ready: false)).ShouldBeLessThan(s_second);
                faults.Fired.ShouldBeGreaterThan(0);
                await load.WhileAsync(world.Ledger.Refused.MoreAsync(Crowd)).Within(CrashRun.Patience); // answers of before are in by now
                var answered = world.Ledger.Answered.Value;
                await load.WhileAsync(world.Ledger.Refused.MoreAsync(Crowd)).Within(CrashRun.Patience);
                world.Ledger.Answered.Value.ShouldBe(answered);
            }

            TestContext.Current.TestOutputHelper!.WriteLine($"sending resumed {await probe.UntilSentAsync()} after flushes worked");
        });

        violations.ShouldBeEmpty();
        server.Log.ShouldContain("The store failed: ");
        server.Log.ShouldContain("The store takes sends again after ");
    }

    private static async Task ReadAndHaltAsync(World world)
    {
        foreach (var member in world.Members)
        {
            using var client = world.ClientOf(member);
            (await client.Inbox.ReadAsync("0", limit: 10)).Items.Count.ShouldBe(10);
        }

        using var owner = world.Server.Owner();
        var asked = TimeProvider.System.GetTimestamp();
        var halt = await owner.Halts.PullAsync(new HaltRequest("agent", "fay", "the disk is full"));
        (await owner.Agents.ReadAsync("fay")).Halted.ShouldBeTrue();
        TimeProvider.System.GetElapsedTime(asked).ShouldBeLessThan(2 * s_second);
        halt.Durable.ShouldBeFalse();
    }
}
