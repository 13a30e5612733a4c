using Parley.Core;
using Parley.Storage;
using Parley.Storage.Sqlite;
using SQLitePCL;

namespace Parley.Tests.Storage.Engine;

public sealed class SqliteFaultTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();
    private readonly HashSet<SqlitePoint> _failing = [];
    private int _code = raw.SQLITE_FULL;
    private int _fired;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData(nameof(SqlitePoint.BeforeUnit))]
    [InlineData(nameof(SqlitePoint.BeforeCommit))]
    public async Task A_full_disk_refuses_the_whole_group_and_writing_resumes_by_itself(string point)
    {
        var engine = await OpenAsync();
        await engine.InsertAsync("kept");
        var (begun, held, release) = engine.Hold();
        await begun;
        var writes = Enumerable.Range(0, 3).Select(i => engine.InsertAsync($"{i}")).ToList();
        var full = engine.NextAsync(StorageState.Full);
        var ready = engine.NextAsync(StorageState.Ready);
        Fail(Enum.Parse<SqlitePoint>(point), SqlitePoint.BeforeProbe);
        release.Set();
        foreach (var write in writes)
            await write.RefusedAsync(ErrorCode.StorageFull);
        await ((Task)held).ContinueWith(_ => { }, TaskScheduler.Default);
        await full;
        await engine.InsertAsync("refused fast").RefusedAsync(ErrorCode.StorageFull);
        (await engine.TextsAsync()).ShouldBe(["kept"]);
        Heal();
        await ready;
        await engine.InsertAsync("after");
        (await engine.TextsAsync()).ShouldBe(["kept", "after"]);
        _fired.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_really_full_database_is_noticed_and_recovers_when_there_is_room()
    {
        var engine = await OpenAsync();
        var ready = engine.NextAsync(StorageState.Ready);
        await engine.WriteAsync(session => session.FirstAsync("pragma max_page_count = 200", row => row.Long(0)), CancellationToken.None);
        await engine.WriteAsync(session => session.ExecuteAsync("insert into entry(data) values (zeroblob(1000000))"), CancellationToken.None)
            .RefusedAsync(ErrorCode.StorageFull);
        engine.Health.State.ShouldBe(StorageState.Full);
        await ready;
        await engine.InsertAsync("small");
        (await engine.TextsAsync()).ShouldBe(["small"]);
    }

    [Fact]
    public async Task The_log_stays_bounded_however_often_the_disk_was_full()
    {
        const long mebi = 1024 * 1024;
        var engine = await OpenAsync();
        for (var time = 1; time <= 5; time++)
        {
            await engine.WriteAsync(session => session.ExecuteAsync($"insert into entry(data) values (zeroblob({24 * mebi}))"), CancellationToken.None);
            var ready = engine.NextAsync(StorageState.Ready);
            Fail(SqlitePoint.BeforeUnit);
            await engine.InsertAsync("no").RefusedAsync(ErrorCode.StorageFull);
            Heal();
            await ready;
        }

        await engine.InsertAsync("after");
        new FileInfo(_database.File + "-wal").Length.ShouldBeLessThan(100 * mebi);
    }

    [Fact]
    public async Task A_failed_commit_leaves_the_outcome_unknown_and_reopens_the_database()
    {
        var engine = await OpenAsync();
        await engine.InsertAsync("kept");
        var faulted = engine.NextAsync(StorageState.Faulted);
        var ready = engine.NextAsync(StorageState.Ready);
        _code = raw.SQLITE_IOERR_FSYNC;
        Fail(SqlitePoint.BeforeCommit, SqlitePoint.BeforeReopen);
        await engine.InsertAsync("perhaps").RefusedAsync(ErrorCode.OutcomeUnknown);
        (await faulted).Reason.ShouldNotBeNull();
        await engine.InsertAsync("refused").RefusedAsync(ErrorCode.StorageUnavailable);
        await engine.ReadAsync(session => session.FirstAsync("select 1", row => row.Int(0)), CancellationToken.None).RefusedAsync(ErrorCode.StorageUnavailable);
        Heal();
        await ready;
        await engine.InsertAsync("after");
        (await engine.TextsAsync()).ShouldBe(["kept", "after"]);
    }

    [Fact]
    public async Task A_failure_before_the_commit_stored_nothing_and_says_so()
    {
        var engine = await OpenAsync();
        var ready = engine.NextAsync(StorageState.Ready);
        _code = raw.SQLITE_IOERR_WRITE;
        Fail(SqlitePoint.BeforeUnit);
        await engine.InsertAsync("no").RefusedAsync(ErrorCode.StorageUnavailable);
        Heal();
        await ready;
        (await engine.TextsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failing_checkpoint_does_not_lose_what_was_accepted()
    {
        var engine = await OpenAsync();
        var faulted = engine.NextAsync(StorageState.Faulted);
        var ready = engine.NextAsync(StorageState.Ready);
        _code = raw.SQLITE_IOERR_FSYNC;
        Fail(SqlitePoint.BeforeCheckpoint);
        await engine.InsertAsync("kept");
        await faulted;
        Heal();
        await ready;
        (await engine.TextsAsync()).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task A_damaged_file_is_never_healthy_again_by_itself()
    {
        var engine = await OpenAsync();
        await engine.WriteAsync(session => session.ExecuteAsync("insert into entry(data) values (zeroblob(2000000))"), CancellationToken.None);
        await engine.DisposeAsync();
        engine = await OpenAsync();
        await using (var file = File.OpenWrite(_database.File))
        {
            file.Position = 4096;
            file.Write(Enumerable.Repeat((byte)0x5a, 8192).ToArray());
        }
        var faulted = engine.NextAsync(StorageState.Faulted);
        await Should.ThrowAsync<ParleyError>(async () => await engine.TextsAsync());
        await faulted;
        await engine.InsertAsync("no").RefusedAsync(ErrorCode.StorageUnavailable);
        engine.Health.State.ShouldBe(StorageState.Faulted);
    }

    private Task<SqliteEngine> OpenAsync() => _database.OpenAsync(point =>
    {
        lock (_failing)
        {
            if (!_failing.Contains(point))
                return;
        }
        Interlocked.Increment(ref _fired);
        throw new SqliteException(_code, "injected");
    });

    private void Fail(params SqlitePoint[] points)
    {
        lock (_failing)
            _failing.UnionWith(points);
    }

    private void Heal()
    {
        lock (_failing)
            _failing.Clear();
    }
}
