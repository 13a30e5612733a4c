using Parley.Storage;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>The comparison itself: it finds nothing after honest work, and every kind of damage done to the database behind the server's back.</summary>
public sealed class AuditTests
{
    private static readonly (string Sql, string Finding)[] s_damages =
    [
        ("update link_states set waiting = waiting + 1", "are said to wait on"),
        ("update link_states set credits_remaining = credits_remaining - 1", "credits are left on"),
        ("update inboxes set cursor = 0", "was acknowledged"),
        ("update messages set content = (select max(content) from messages twin where twin.sender_id = messages.sender_id and twin.key is not null)", "stored"),
        ("update messages set number = number + 100000 where number = 1", "gap in conversation"),
        ("delete from deliveries where number = 2", "gap in the inbox"),
        ("delete from messages where number = 3", "lost:"),
    ];

    [Fact]
    public async Task Every_kind_of_damage_is_found()
    {
        using var folder = new TempFolder();
        await using var server = new ServerProcess(folder["data"]);
        await server.MustStartAsync();
        var world = await World.CreateAsync(server);
        (await CrashRun.RunAsync(world, rounds: 1, (load, _) => load.WhileAsync(world.Ledger.Answered.MoreAsync(500)).Within(CrashRun.Patience))).ShouldBeEmpty();

        foreach (var (sql, finding) in s_damages)
        {
            await DamageAsync(server.Storage, sql);
            (await Audit.RunAsync(world)).ShouldContain(violation => violation.Contains(finding, StringComparison.Ordinal), sql);
        }
    }

    private static async Task DamageAsync(StorageOptions storage, string sql)
    {
        await using var database = await Database.OpenAsync(storage, TimeProvider.System, TestContext.Current.CancellationToken);
        await database.Engine.WriteAsync(session => session.ExecuteAsync(sql), TestContext.Current.CancellationToken);
    }
}
