using Parley.Core;
using Parley.Storage;
using Parley.Storage.Sqlite;

namespace Parley.Tests.Storage.Engine;

public sealed class SqliteEngineTests : IAsyncDisposable
{
    private readonly TemporaryDatabase _database = new();
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Writes_are_executed_in_the_order_of_their_calls()
    {
        var engine = await _database.OpenAsync();
        var writes = Enumerable.Range(0, 5_000).Select(i => engine.InsertAsync($"{i}")).ToList();
        await Task.WhenAll(writes);
        (await engine.TextsAsync()).ShouldBe(Enumerable.Range(0, 5_000).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Waiting_writes_share_one_commit()
    {
        var commits = 0;
        var engine = await _database.OpenAsync(point => commits += point == SqlitePoint.BeforeCommit ? 1 : 0);
        var (begun, written, release) = engine.Hold();
        await begun;
        commits = 0;
        var writes = Enumerable.Range(0, 500).Select(i => engine.InsertAsync($"{i}")).ToList();
        release.Set();
        await written;
        await Task.WhenAll(writes);
        commits.ShouldBeLessThanOrEqualTo(2); // the held write and those that waited for it, or all at once
    }

    [Fact]
    public async Task A_unit_that_throws_undoes_itself_and_nothing_else()
    {
        var engine = await _database.OpenAsync();
        var (begun, _, release) = engine.Hold();
        await begun;
        var before = engine.InsertAsync("before");
        var failing = engine.WriteAsync<int>(async session =>
        {
            await session.ExecuteAsync("insert into entry(text) values ('undone')");
            throw new InvalidOperationException("by itself");
        }, Ct);
        var after = engine.InsertAsync("after");
        release.Set();
        (await Should.ThrowAsync<InvalidOperationException>(() => failing)).Message.ShouldBe("by itself");
        await Task.WhenAll(before, after);
        (await engine.TextsAsync()).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task A_statement_that_fails_half_way_without_undoing_itself_is_undone_with_its_unit()
    {
        var engine = await _database.OpenAsync();
        await engine.WriteAsync(session => session.ExecuteAsync("create unique index entry_text on entry(text)"), Ct);
        await engine.InsertAsync("c");
        var (begun, _, release) = engine.Hold();
        await begun;
        var before = engine.InsertAsync("before");
        var failing = engine.WriteAsync(session => session.ExecuteAsync($"insert{session.Dialect.OrFail} into entry(text) values ('a'), ('b'), ('c'), ('d')"), Ct);
        var after = engine.InsertAsync("after");
        release.Set();
        await Should.ThrowAsync<ConstraintException>(() => failing);
        await Task.WhenAll(before, after);
        (await engine.TextsAsync()).ShouldBe(["c", "before", "after"]);
    }

    [Fact]
    public async Task A_unit_that_waits_for_something_else_is_refused_and_undone()
    {
        var engine = await _database.OpenAsync();
        var never = new TaskCompletionSource();
        await Should.ThrowAsync<InvalidOperationException>(() => engine.WriteAsync(async session =>
        {
            await session.ExecuteAsync("insert into entry(text) values ('undone')");
            await never.Task;
            return 0;
        }, Ct));
        (await engine.TextsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_queue_refuses_as_busy_at_once_and_keeps_the_others()
    {
        var engine = await _database.OpenAsync(capacity: 10);
        var (begun, _, release) = engine.Hold();
        await begun;
        var writes = Enumerable.Range(0, 10).Select(i => engine.InsertAsync($"{i}")).ToList();
        var refused = engine.InsertAsync("one too many");
        refused.IsFaulted.ShouldBeTrue();
        (await refused.RefusedAsync(ErrorCode.Busy)).RetryAfter.ShouldNotBeNull();
        release.Set();
        await Task.WhenAll(writes);
        (await engine.TextsAsync()).Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_write_given_up_before_it_began_stores_nothing()
    {
        var engine = await _database.OpenAsync();
        using var givingUp = new CancellationTokenSource();
        var (begun, _, release) = engine.Hold();
        await begun;
        var write = engine.WriteAsync(session => session.ExecuteAsync("insert into entry(text) values ('no')"), givingUp.Token);
        await givingUp.CancelAsync();
        release.Set();
        await Should.ThrowAsync<OperationCanceledException>(() => write);
        (await engine.TextsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_read_sees_one_snapshot_while_others_write()
    {
        var engine = await _database.OpenAsync();
        await engine.InsertAsync("first");
        const string count = "select count(*) from entry";
        var (before, after) = await engine.ReadAsync(async session =>
        {
            var before = await session.FirstAsync(count, row => row.Int(0));
            await engine.InsertAsync("second");
            return (before, await session.FirstAsync(count, row => row.Int(0)));
        }, Ct);
        (before, after).ShouldBe((1, 1));
        (await engine.TextsAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_read_cannot_write()
    {
        var engine = await _database.OpenAsync();
        await engine.ReadAsync(session => session.ExecuteAsync("insert into entry(text) values ('no')"), Ct).RefusedAsync(ErrorCode.StorageUnavailable);
        engine.Health.State.ShouldBe(StorageState.Ready);
    }

    [Fact]
    public async Task A_session_is_closed_after_its_unit()
    {
        var engine = await _database.OpenAsync();
        var kept = await engine.WriteAsync(session => ValueTask.FromResult(session), Ct);
        await Should.ThrowAsync<InvalidOperationException>(async () => await kept.ExecuteAsync("delete from entry"));
    }

    [Fact]
    public async Task What_was_written_is_there_after_closing_and_the_log_is_empty()
    {
        var engine = await _database.OpenAsync();
        await engine.InsertAsync("kept");
        await engine.DisposeAsync();
        new FileInfo(_database.File + "-wal").Exists.ShouldBeFalse();
        await engine.InsertAsync("late").RefusedAsync(ErrorCode.ShuttingDown);
        (await (await _database.OpenAsync()).TextsAsync()).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task The_log_of_a_server_that_is_killed_again_and_again_stays_bounded()
    {
        const long mebi = 1024 * 1024;
        var folder = _database.Folder;
        var options = new StorageOptions { SqlitePath = _database.File };
        await _database.OpenAsync();
        for (var life = 1; life <= 5; life++)
        {
            // The clock stands still: no life is long or idle enough to empty the log for that reason.
            await using var engine = new SqliteEngine(options, new ManualTimeProvider(DateTimeOffset.UnixEpoch));
            await engine.WriteAsync(session => session.ExecuteAsync($"insert into entry(data) values (zeroblob({24 * mebi}))"), Ct);
            await engine.InsertAsync($"{life}"); // a checkpoint after the write before has ended
            folder = Path.Combine(folder, "copy");
            Directory.CreateDirectory(folder);
            var copy = Path.Combine(folder, "parley.db");
            foreach (var suffix in (string[])["", "-wal"])
                File.Copy(options.SqlitePath + suffix, copy + suffix); // as a killed process leaves them
            new FileInfo(copy + "-wal").Length.ShouldBeLessThan(100 * mebi);
            options = options with { SqlitePath = copy };
        }

        await using var last = new SqliteEngine(options, TimeProvider.System);
        (await last.ReadAsync(session => session.ListAsync("select text from entry where text is not null order by id", row => row.Text(0)), Ct)).ShouldBe(["1", "2", "3", "4", "5"]);
    }

    [Fact]
    public async Task The_files_belong_to_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are a matter of Unix.");
        await (await _database.OpenAsync()).InsertAsync("secret");
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#pragma warning disable CA1416 // Skipped on Windows.
        File.GetUnixFileMode(_database.Folder).ShouldBe(owner | UnixFileMode.UserExecute);
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            File.GetUnixFileMode(_database.File + suffix).ShouldBe(owner);
#pragma warning restore CA1416
    }

    [Fact]
    public async Task Sqlite_is_new_enough_and_flushes_every_commit()
    {
        var engine = await _database.OpenAsync();
        var version = await engine.ReadAsync(session => session.FirstAsync("select sqlite_version()", row => row.Text(0)), Ct);
        Version.Parse(version!).ShouldBeGreaterThanOrEqualTo(new Version(3, 35));
        (await engine.WriteAsync(session => session.FirstAsync("pragma synchronous", row => row.Int(0)), Ct)).ShouldBe(2);
    }
}
