using Parley.Core;
using Parley.Storage;
using Parley.Storage.Migrations;
using Parley.Storage.Postgres;

namespace Parley.Tests.Storage.Engine;

public sealed class PostgresEngineTests : IAsyncLifetime
{
    private TestPostgres? _database;
    private PostgresEngine _engine = null!;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestPostgres.CreateAsync();
        _engine = await _database.OpenAsync();
        await new MigrationRunner(_engine, [new Migration(1, "entry", "create table entry(id bigserial primary key, text text, number bigint)")], TimeProvider.System).RunAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is null)
            return;
        await _engine.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Two_nodes_migrate_at_once_and_each_step_runs_once()
    {
        await using var other = await _database!.OpenAsync();
        Migration[] steps = [new(1, "entry", ""), .. Enumerable.Range(2, 10).Select(i => new Migration(i, $"step{i}", $"create table step{i}(id integer)"))];
        var applied = await Task.WhenAll(
            new MigrationRunner(_engine, steps, TimeProvider.System).RunAsync(Ct),
            new MigrationRunner(other, steps, TimeProvider.System).RunAsync(Ct));
        applied.Sum().ShouldBe(10);
    }

    [Fact]
    public async Task A_deadlock_is_resolved_by_running_the_unit_again()
    {
        await InsertTwoAsync();
        using var both = new Barrier(2);
        var runs = 0;
        Task<int> Swap(long first, long second) => _engine.WriteAsync(async session =>
        {
            var run = Interlocked.Increment(ref runs);
            await session.ExecuteAsync("update entry set number = number + 1 where id = $1", first);
            if (run <= 2)
                await Task.Run(() => both.SignalAndWait(EngineExtensions.Patience), Ct);
            return await session.ExecuteAsync("update entry set number = number + 1 where id = $1", second);
        }, Ct);
        await Task.WhenAll(Swap(1, 2), Swap(2, 1)).WaitAsync(EngineExtensions.Patience, Ct);
        runs.ShouldBeGreaterThan(2);
        (await _engine.ReadAsync(session => session.FirstAsync("select sum(number) from entry", row => row.Int(0)), Ct)).ShouldBe(4);
    }

    [Fact]
    public async Task A_unit_whose_transaction_the_server_ended_because_nothing_came_for_so_long_runs_again()
    {
        var runs = 0;
        await _engine.WriteAsync(async session =>
        {
            await session.ExecuteAsync("insert into entry(text) values ('once')");
            if (++runs == 1)
            {
                var backend = await session.FirstAsync("select pg_backend_pid()", row => row.Int(0));
                await session.ScriptAsync("set local idle_in_transaction_session_timeout = 1");
                while (await _engine.ReadAsync(other => other.FirstAsync("select count(*) from pg_stat_activity where pid = $1", row => row.Int(0), backend), Ct) > 0)
                {
                }
            }

            return 0;
        }, Ct);
        runs.ShouldBe(2);
        (await _engine.TextsAsync()).ShouldBe(["once"]);
    }

    [Fact]
    public async Task A_read_sees_one_snapshot_and_cannot_write()
    {
        await InsertTwoAsync();
        var counts = await _engine.ReadAsync(async session =>
        {
            var before = await session.FirstAsync("select count(*) from entry", row => row.Int(0));
            await InsertTwoAsync();
            return (before, await session.FirstAsync("select count(*) from entry", row => row.Int(0)));
        }, Ct);
        counts.ShouldBe((2, 2));
        await Should.ThrowAsync<ParleyError>(() => _engine.ReadAsync(session => session.ExecuteAsync("delete from entry"), Ct));
        _engine.Health.State.ShouldBe(StorageState.Ready);
    }

    [Fact]
    public async Task A_failure_that_the_unit_swallows_still_fails_the_write()
    {
        await Should.ThrowAsync<Exception>(() => _engine.WriteAsync(async session =>
        {
            await session.ExecuteAsync("insert into entry(text) values ('lost')");
            try
            {
                await session.ExecuteAsync("select no_such_column from entry");
            }
            catch (Npgsql.PostgresException)
            {
                return 1;
            }
            return 0;
        }, Ct));
        (await _engine.TextsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cut_connection_stores_nothing_and_the_engine_comes_back_by_itself()
    {
        var faulted = _engine.NextAsync(StorageState.Faulted);
        var ready = _engine.NextAsync(StorageState.Ready);
        await _engine.WriteAsync(async session =>
        {
            await session.ExecuteAsync("insert into entry(text) values ('lost')");
            await _database!.CutAsync();
            return await session.ExecuteAsync("insert into entry(text) values ('lost too')");
        }, Ct).RefusedAsync(ErrorCode.StorageUnavailable);
        await faulted;
        await ready;
        await _engine.InsertAsync("after");
        (await _engine.TextsAsync()).ShouldBe(["after"]);
    }

    [Fact]
    public async Task A_connection_cut_before_the_commit_leaves_the_outcome_unknown()
    {
        var ready = _engine.NextAsync(StorageState.Ready);
        await _engine.WriteAsync(async session =>
        {
            var changed = await session.ExecuteAsync("insert into entry(text) values ('perhaps')");
            await _database!.CutAsync();
            return changed;
        }, Ct).RefusedAsync(ErrorCode.OutcomeUnknown);
        await ready;
    }

    [Fact]
    public async Task A_server_that_would_lose_what_it_accepted_is_refused_at_the_start()
    {
        await _engine.WriteAsync(async session =>
        {
            var name = await session.FirstAsync("select current_database()::text", row => row.Text(0));
            return await session.ExecuteAsync($"alter database {name} set synchronous_commit = off");
        }, Ct);
        var error = await _database!.OpenAsync().RefusedAsync(ErrorCode.StorageUnavailable);
        error.Message.ShouldContain("synchronous_commit");
        error.Fix.ShouldContain("synchronous_commit = on");
        await using var relaxed = await PostgresEngine.OpenAsync(_database.Options with { Relaxed = true }, TimeProvider.System, Ct);
        relaxed.Health.State.ShouldBe(StorageState.Ready);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named()
    {
        var options = new StorageOptions { PostgresConnectionString = "Host=127.0.0.1;Port=1;Username=nobody;Timeout=2" };
        await PostgresEngine.OpenAsync(options, TimeProvider.System, Ct).RefusedAsync(ErrorCode.StorageUnavailable);
    }

    private Task<int> InsertTwoAsync() => _engine.WriteAsync(
        session => session.ExecuteAsync("insert into entry(text, number) values ('a', 0), ('b', 0)"), Ct);
}
