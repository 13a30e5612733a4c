namespace Parley.EndToEnd.Tests.Crash;

/// <summary>G1, G9: the primary dies under load and its synchronous standby takes its place. <c>./test crash --promotions 20</c> does it more often.</summary>
public sealed class FailoverTests
{
    private static readonly TimeSpan s_resumed = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_patience = Waiting.Patience;

    [Fact]
    public async Task PostgreSQL_failed_over_to_its_synchronous_standby_under_load_loses_nothing_acknowledged_and_sending_resumes_within_15_seconds()
    {
        using var folder = new TempFolder();
        await using var postgres = await PostgresPair.StartAsync();
        await postgres.SynchronizeAsync();
        await using var server = new ServerProcess(folder["data"], postgres.ConnectionString);
        await server.MustStartAsync();
        var world = await World.CreateAsync(server);
        var (process, epoch) = (server.Id, await StoredAsync(postgres, "epoch"));
        var rounds = CrashRun.Rounds("PROMOTIONS", 2);
        var longest = TimeSpan.Zero;
        var violations = await CrashRun.RunAsync(world, rounds, async (load, round) =>
        {
            await CrashRun.ProgressAsync(world, load, round);
            world.Ledger.Died();
            var died = TimeProvider.System.GetTimestamp();
            await postgres.FailAsync();
            using (var probe = new Probe(server))
            {
                await probe.UntilSentAsync();
            }

            longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, TimeProvider.System.GetElapsedTime(died).Ticks));
            await postgres.FollowAsync();
            await postgres.SynchronizeAsync();
            await load.WhileAsync(ConfirmedAsync(postgres)).Within(s_patience);
        });

        TestContext.Current.TestOutputHelper!.WriteLine($"{rounds} promotions, the longest pause {longest.TotalSeconds:F1} s");
        violations.ShouldBeEmpty();
        world.Ledger.Deaths.ShouldBe(rounds);
        world.Ledger.CutOff.ShouldBeGreaterThan(0, "PostgreSQL never died with a send under way: the rig proves nothing");
        longest.ShouldBeLessThan(s_resumed);
        server.Id.ShouldBe(process);
        (await StoredAsync(postgres, "epoch")).ShouldBe(epoch);
    }

    /// <summary>The server knows that its commits wait for the new standby.</summary>
    private static async Task ConfirmedAsync(PostgresPair postgres)
    {
        while (!(await StoredAsync(postgres, "lineage")).EndsWith("disk+replica", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<string> StoredAsync(PostgresPair postgres, string key) => (string)(await postgres.ExecuteAsync($"select value from store where key = '{key}'"))!;
}
