using Parley.Core;
using Parley.Storage;
using Parley.Storage.Migrations;

namespace Parley.Tests.Storage.Engine;

/// <summary>What both engines promise alike; each database runs every test.</summary>
public abstract class EngineConformance : IAsyncLifetime
{
    private IEngine _engine = null!;

    private protected abstract Task<IEngine> OpenAsync();

    private protected abstract Task CloseAsync();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _engine = await OpenAsync();
        var (id, blob) = _engine.Dialect.IsPostgres ? ("uuid", "bytea") : ("blob", "blob");
        await MigrateAsync(new Migration(1, "thing",
            $"create table thing(id {id} primary key, text text, number bigint, flag bigint, at bigint, data {blob}); create index thing_number on thing(number);"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_type_comes_back_as_it_went_in()
    {
        var id = Guid.CreateVersion7(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddMicroseconds(6);
        await InsertAsync(id, "Grüße 🌍", long.MaxValue, true, at, [1, 0, 255]);
        var found = await _engine.ReadAsync(session => session.FirstAsync("select id, text, number, flag, at, data from thing where id = $1",
            row => (row.Guid(0), row.Text(1), row.Long(2), row.Bool(3), row.Time(4), Data: row.Bytes(5)), id), Ct);
        (found.Item1, found.Item2, found.Item3, found.Item4, found.Item5).ShouldBe((id, "Grüße 🌍", long.MaxValue, true, at.ToUniversalTime()));
        found.Data.ShouldBe([1, 0, 255]);
    }

    [Fact]
    public async Task Null_and_empty_are_different_and_both_can_be_stored_again_and_again()
    {
        for (var i = 0; i < 4; i++)
        {
            await InsertAsync(Guid.NewGuid(), null, null, null, null, null);
            await InsertAsync(Guid.NewGuid(), "", 0L, false, DateTimeOffset.UnixEpoch, []);
        }
        var found = await _engine.ReadAsync(session => session.ListAsync("select text, number, at, data from thing order by number nulls first",
            row => (row.TextOrNull(0), row.LongOrNull(1), row.TimeOrNull(2), row.BytesOrNull(3)?.Length)), Ct);
        (string?, long?, DateTimeOffset?, int?) missing = (null, null, null, null), empty = ("", 0, DateTimeOffset.UnixEpoch, 0);
        found.ShouldBe([missing, missing, missing, missing, empty, empty, empty, empty]);
    }

    [Fact]
    public async Task Ids_sort_by_the_time_they_were_made()
    {
        var start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var ids = Enumerable.Range(0, 50).Select(i => Guid.CreateVersion7(start.AddMinutes(i * 977))).ToList();
        foreach (var id in Enumerable.Reverse(ids))
            await InsertAsync(id, null, null, null, null, null);
        (await _engine.ReadAsync(session => session.ListAsync("select id from thing order by id", row => row.Guid(0)), Ct)).ShouldBe(ids);
    }

    [Fact]
    public async Task Parameters_are_taken_by_number_not_by_place()
    {
        var id = Guid.NewGuid();
        await InsertAsync(id, "old", 1, null, null, null);
        var changed = await _engine.WriteAsync(
            session => session.ExecuteAsync("update thing set text = $2, number = $3 where id = $1 and $3 > 1", id, "new", 7), Ct);
        changed.ShouldBe(1);
        (await TextAsync(id)).ShouldBe("new");
    }

    [Fact]
    public async Task What_is_queued_runs_in_order_before_the_next_read_and_with_the_commit()
    {
        var id = Guid.NewGuid();
        var seen = await _engine.WriteAsync(async session =>
        {
            session.Queue("insert into thing(id, text) values ($1, $2)", id, "first");
            session.Queue("update thing set text = text || $2 where id = $1", id, ", second");
            var seen = await session.FirstAsync("select text from thing where id = $1", row => row.Text(0), id);
            session.Queue("update thing set text = text || $2 where id = $1", id, ", third");
            return seen;
        }, Ct);
        seen.ShouldBe("first, second");
        (await TextAsync(id)).ShouldBe("first, second, third");
    }

    [Fact]
    public async Task Execute_counts_its_own_rows_and_not_those_of_the_queue()
    {
        var changed = await _engine.WriteAsync(async session =>
        {
            session.Queue("insert into thing(id) values ($1), ($2)", Guid.NewGuid(), Guid.NewGuid());
            return await session.ExecuteAsync("update thing set text = 'x' where number = $1", 99);
        }, Ct);
        changed.ShouldBe(0);
    }

    [Fact]
    public async Task Returning_gives_the_row_that_was_written()
    {
        var number = await _engine.WriteAsync(session => session.FirstAsync(
            "insert into thing(id, number) values ($1, $2) on conflict (id) do nothing returning number", row => row.LongOrNull(0), Guid.NewGuid(), 5L), Ct);
        number.ShouldBe(5);
    }

    [Fact]
    public async Task A_missing_row_is_the_default() => (await TextAsync(Guid.NewGuid())).ShouldBeNull();

    [Fact]
    public async Task A_unit_that_throws_stores_nothing()
    {
        var id = Guid.NewGuid();
        await Should.ThrowAsync<TimeZoneNotFoundException>(() => _engine.WriteAsync<int>(async session =>
        {
            session.Queue("insert into thing(id) values ($1)", id);
            await session.ExecuteAsync("update thing set text = 'x' where id = $1", id);
            throw new TimeZoneNotFoundException();
        }, Ct));
        (await _engine.ReadAsync(session => session.FirstAsync("select count(*) from thing", row => row.Int(0)), Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task A_second_row_with_the_same_key_is_a_unique_violation_even_in_the_queue()
    {
        var id = Guid.NewGuid();
        await InsertAsync(id, "first", null, null, null, null);
        (await Should.ThrowAsync<ConstraintException>(() => InsertAsync(id, "second", null, null, null, null))).Unique.ShouldBeTrue();
        (await Should.ThrowAsync<ConstraintException>(() => _engine.WriteAsync(session =>
        {
            session.Queue("insert into thing(id, text) values ($1, 'third')", id);
            return ValueTask.FromResult(0);
        }, Ct))).Unique.ShouldBeTrue();
        (await TextAsync(id)).ShouldBe("first");
        _engine.Health.State.ShouldBe(StorageState.Ready);
    }

    [Fact]
    public async Task The_clock_of_the_database_goes_in_microseconds()
    {
        var now = await _engine.ReadAsync(session => session.FirstAsync($"select {session.Dialect.Now}", row => row.Time(0)), Ct);
        now.ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Closing_finishes_what_was_accepted_and_refuses_what_comes_later()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => Guid.NewGuid()).ToList();
        var writes = ids.Select(id => InsertAsync(id, "x", null, null, null, null)).ToList();
        await Task.WhenAll(writes.Take(1));
        await _engine.DisposeAsync();
        (await Should.ThrowAsync<Core.ParleyError>(() => InsertAsync(Guid.NewGuid(), "late", null, null, null, null))).Code.ShouldBe(ErrorCode.ShuttingDown);
        foreach (var write in writes)
        {
            if (await Task.WhenAny(write) is { IsFaulted: true } refused)
                refused.Exception!.InnerException.ShouldBeOfType<ParleyError>().Code.ShouldBe(ErrorCode.ShuttingDown);
        }
    }

    [Fact]
    public async Task Migrations_run_once_and_only_those_that_are_missing()
    {
        var first = new Migration(1, "thing", "this was applied before");
        var second = new Migration(2, "more", "create table more(id integer); insert into more values (1)");
        (await MigrateAsync(first, second)).ShouldBe(1);
        (await MigrateAsync(first, second)).ShouldBe(0);
        (await _engine.ReadAsync(session => session.ListAsync("select name from schema_migrations order by number", row => row.Text(0)), Ct)).ShouldBe(["thing", "more"]);
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_behind()
    {
        var broken = new Migration(2, "broken", "create table half(id integer); insert into nowhere values (1)");
        await Should.ThrowAsync<Exception>(() => MigrateAsync(new Migration(1, "thing", ""), broken));
        (await MigrateAsync(new Migration(1, "thing", ""), new Migration(2, "mended", "create table half(id integer)"))).ShouldBe(1);
    }

    [Fact]
    public async Task A_database_written_by_a_newer_program_is_refused()
    {
        await MigrateAsync(new Migration(1, "thing", ""), new Migration(12, "future", "create table future(id integer)"));
        var error = await MigrateAsync(new Migration(1, "thing", ""), new Migration(9, "ours", "")).RefusedAsync(ErrorCode.StorageUnavailable);
        error.Message.ShouldBe("The database was written by a newer Parley (migration 12, this program knows 9).");
        error.Fix.ShouldContain("Upgrade");
    }

    [Fact]
    public async Task A_program_that_knows_less_works_on_a_newer_database_as_far_as_every_step_that_it_does_not_know_allows()
    {
        Migration first = new(1, "thing", ""), second = new(2, "more", "create table more(id integer)");
        await MigrateAsync(first, second, new Migration(3, "wider", "-- compatible from: 1\nalter table more add column note text"));
        (await MigrateAsync(first, second)).ShouldBe(0);
        await MigrateAsync(first).RefusedAsync(ErrorCode.StorageUnavailable);

        await MigrateAsync(first, second, new Migration(3, "wider", ""), new Migration(4, "index", "-- compatible from: 2\ncreate index more_note on more(note)"));
        (await MigrateAsync(first, second)).ShouldBe(0);

        await MigrateAsync(first, second, new Migration(3, "wider", ""), new Migration(4, "index", ""), new Migration(5, "narrower", "alter table more drop column id"));
        var error = await MigrateAsync(first, second).RefusedAsync(ErrorCode.StorageUnavailable);
        error.Message.ShouldBe("The database was written by a newer Parley (migration 5, this program knows 2).");
        error.Fix.ShouldStartWith("Upgrade this program to a version that knows migration 5,");
    }

    [Fact]
    public async Task A_database_that_was_migrated_before_steps_said_what_they_need_is_read_as_if_none_were_compatible()
    {
        await _engine.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("alter table schema_migrations drop column compatible_from");
                return await session.ExecuteAsync("insert into schema_migrations(number, name, applied_at) values (2, 'more', 0)");
            }, Ct);
        (await MigrateAsync(new Migration(1, "thing", ""), new Migration(2, "more", ""))).ShouldBe(0);
        await MigrateAsync(new Migration(1, "thing", "")).RefusedAsync(ErrorCode.StorageUnavailable);
    }

    private protected Task<int> MigrateAsync(params Migration[] migrations) => new MigrationRunner(_engine, migrations, TimeProvider.System).RunAsync(Ct);

    private Task<int> InsertAsync(Guid id, string? text, long? number, bool? flag, DateTimeOffset? at, byte[]? data) => _engine.WriteAsync(
        session => session.ExecuteAsync("insert into thing(id, text, number, flag, at, data) values ($1, $2, $3, $4, $5, $6)", id, text, number, flag, at, data), Ct);

    private Task<string?> TextAsync(Guid id) =>
        _engine.ReadAsync(session => session.FirstAsync("select text from thing where id = $1", row => row.Text(0), id), Ct);
}

public sealed class SqliteConformanceTests : EngineConformance
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"parley-{Guid.NewGuid():n}");

    private protected override Task<IEngine> OpenAsync() => StorageFactory.OpenAsync(
        new StorageOptions { SqlitePath = Path.Combine(_folder, "parley.db") }, _ => [], TimeProvider.System, CancellationToken.None);

    private protected override Task CloseAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}

public sealed class PostgresConformanceTests : EngineConformance
{
    private TestPostgres? _database;

    private protected override async Task<IEngine> OpenAsync()
    {
        _database = await TestPostgres.CreateAsync();
        return await StorageFactory.OpenAsync(_database.Options, _ => [], TimeProvider.System, CancellationToken.None);
    }

    private protected override async Task CloseAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
    }
}
