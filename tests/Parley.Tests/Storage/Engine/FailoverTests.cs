using Parley.Core;
using Parley.Storage;

namespace Parley.Tests.Storage.Engine;

/// <summary>G1, G5: another server takes the place of the primary. What had waited for it is there; what had not may be missing, and the epoch says so.</summary>
public sealed class FailoverTests
{
    private static readonly TimeSpan s_patience = Waiting.Patience;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1 disk", "1 disk+replica", false)]
    [InlineData("1 disk", "2 disk", true)]
    [InlineData("1 disk", "2 disk+replica", true)]
    [InlineData("1 relaxed", "2 relaxed", true)]
    [InlineData("1 disk+replica", "2 disk", false)]
    public void Only_what_no_standby_had_confirmed_may_be_missing_after_a_change_of_servers(string before, string after, bool lost)
    {
        Lineage.Parse(before).MayLose(Lineage.Parse(after)).ShouldBe(lost);
        Lineage.Parse(before).ToString().ShouldBe(before);
    }

    [Fact]
    public async Task Once_its_standby_had_confirmed_everything_the_store_goes_on_there_in_the_same_epoch()
    {
        await using var postgres = await PostgresPair.StartAsync();
        await postgres.SynchronizeAsync();
        await using var database = await OpenAsync(postgres);
        database.Durability.ShouldBe("disk+replica");
        var epoch = database.Epoch;
        await WriteAsync(database, "confirmed");

        await postgres.FailAsync();
        await ResumedAsync(database, "after");

        (await TextsAsync(database)).ShouldBe(["confirmed", "after"]);
        database.Epoch.ShouldBe(epoch);
        database.Durability.ShouldBe("disk");
    }

    [Fact]
    public async Task Where_the_standby_had_not_confirmed_it_what_was_accepted_is_missing_there_and_the_epoch_is_another()
    {
        await using var postgres = await PostgresPair.StartAsync();
        await using var database = await OpenAsync(postgres);
        database.Durability.ShouldBe("disk");
        var epoch = database.Epoch;
        await WriteAsync(database, "replicated");
        await postgres.FallBehindAsync();
        await WriteAsync(database, "lost");
        var told = 0;
        database.Restored += () => told++;

        await postgres.FailAsync();
        await ResumedAsync(database, "after");

        (await TextsAsync(database)).ShouldNotContain("lost", "the rig proves nothing");
        database.Epoch.ShouldNotBe(epoch);
        told.ShouldBe(1);
        await using var again = await Database.OpenAsync(new StorageOptions { PostgresConnectionString = postgres.ConnectionString }, TimeProvider.System, Ct);
        again.Epoch.ShouldBe(database.Epoch);
    }

    [Fact]
    public async Task A_server_that_was_off_while_another_took_over_begins_a_new_epoch_at_its_next_start()
    {
        await using var postgres = await PostgresPair.StartAsync();
        string epoch;
        await using (var database = await OpenAsync(postgres))
        {
            epoch = database.Epoch;
        }

        await postgres.FailAsync();
        await using var next = await OpenAsync(postgres);
        next.Epoch.ShouldNotBe(epoch);
    }

    private static async Task<Database> OpenAsync(PostgresPair postgres)
    {
        var database = await Database.OpenAsync(new StorageOptions { PostgresConnectionString = postgres.ConnectionString }, TimeProvider.System, Ct);
        await database.Engine.WriteAsync(session => session.ExecuteAsync("create table if not exists entry(id bigserial primary key, text text)"), Ct);
        return database;
    }

    private static Task<int> WriteAsync(Database database, string text) =>
        database.Engine.WriteAsync(session => session.ExecuteAsync("insert into entry(text) values ($1)", text), Ct);

    private static Task<List<string>> TextsAsync(Database database) =>
        database.Engine.ReadAsync(session => session.ListAsync("select text from entry order by id", row => row.Text(0)), Ct);

    /// <summary>Writes as soon as it is let, which is never before the store knows on which timeline it goes on.</summary>
    private static async Task ResumedAsync(Database database, string text)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await WriteAsync(database, text);
                return;
            }
            catch (ParleyError refusal) when (refusal.Code == ErrorCode.StorageUnavailable || refusal.Code == ErrorCode.Busy)
            {
                TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(s_patience);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
            }
        }
    }
}
