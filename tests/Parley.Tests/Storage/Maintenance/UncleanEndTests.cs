using Parley.Core;
using Parley.Storage;
using Parley.Storage.Sqlite;

namespace Parley.Tests.Storage.Maintenance;

/// <summary>What a server finds that starts where another was killed.</summary>
public sealed class UncleanEndTests
{
    private const int PageBytes = 4096;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_damaged_file_does_not_stay_healthy()
    {
        using var folder = new TempFolder();
        var copy = await KilledAsync(folder);
        Damage(copy);

        await using var engine = new SqliteEngine(new StorageOptions { SqlitePath = copy }, TimeProvider.System);
        var faulted = new Signal<string>();
        engine.HealthChanged += health => Report(health, faulted);
        Report(engine.Health, faulted);

        (await faulted.Within(Waiting.Patience)).ShouldNotBeEmpty();
        var read = engine.ReadAsync(session => session.ListAsync("select name from organizations", row => row.Text(0)), Ct);
        (await Should.ThrowAsync<ParleyError>(() => read)).Code.ShouldBe(ErrorCode.StorageUnavailable);
    }

    [Fact]
    public async Task A_sound_file_is_whole_again_from_its_log()
    {
        using var folder = new TempFolder();
        var copy = await KilledAsync(folder);

        await using var database = await Database.OpenAsync(new StorageOptions { SqlitePath = copy }, TimeProvider.System, Ct);

        (await database.Engine.ReadAsync(session => session.FirstAsync("select count(*) from messages", row => row.Long(0)), Ct)).ShouldBe(301);
        (await database.Inspector.InspectAsync(Ct)).Single(finding => finding.Check == "integrity").Text.ShouldContain("passed");
    }

    private static void Report(StorageHealth health, Signal<string> faulted)
    {
        if (health.State == StorageState.Faulted)
        {
            faulted.Raise(health.Reason ?? "");
        }
    }

    /// <summary>The files of a store as a killed process leaves them: the last message stands in the log only.</summary>
    private static async Task<string> KilledAsync(TempFolder folder)
    {
        await using var store = await MaintainedStore.OpenAsync(postgres: false);
        var tesla = await store.AgentAsync("tesla");
        await store.AgentAsync("aaron");
        await store.LinkAsync("tesla", "aaron");
        for (var i = 0; i < 300; i++)
        {
            await store.SendAsync(tesla, "aaron", new string('x', 1_000));
        }

        await store.ReopenAsync();
        await store.SendAsync(tesla, "aaron", "in the log");
        var copy = folder["parley.db"];
        foreach (var suffix in (string[])["", "-wal"])
        {
            File.Copy(store.Options.SqlitePath + suffix, copy + suffix);
        }

        return copy;
    }

    private static void Damage(string file)
    {
        using var stream = File.OpenWrite(file);
        var pages = stream.Length / PageBytes;
        foreach (var page in (long[])[pages / 2, (pages / 2) + 1, (pages / 2) + 2])
        {
            stream.Position = page * PageBytes;
            stream.Write(Enumerable.Repeat((byte)0xA5, PageBytes).ToArray());
        }
    }
}
