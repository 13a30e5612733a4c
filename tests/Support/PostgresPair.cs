using Npgsql;

namespace Parley.Tests.Support;

/// <summary>A PostgreSQL with a standby that follows it, of one test, which may let the one die and the other take its place. Without an installed server the test is skipped.</summary>
public sealed class PostgresPair : IAsyncDisposable
{
    private readonly TestScript script;
    private string primary;
    private string standby;

    private PostgresPair(TestScript script, string primary, string standby) => (this.script, this.primary, this.standby) = (script, primary, standby);

    /// <summary>Leads to whichever of the two is the primary.</summary>
    public string ConnectionString
    {
        get
        {
            var (one, other) = (new NpgsqlConnectionStringBuilder(primary), new NpgsqlConnectionStringBuilder(standby));
            return new NpgsqlConnectionStringBuilder(primary) { Host = $"{one.Host}:{one.Port},{other.Host}:{other.Port}", TargetSessionAttributes = "primary", SslMode = SslMode.Disable }.ConnectionString;
        }
    }

    public static async Task<PostgresPair> StartAsync()
    {
        var script = TestScript.Start("postgres-pair");
        var (primary, standby) = (await script.LineAsync(), await script.LineAsync());
        Assert.SkipWhen(primary is null || standby is null, "PostgreSQL and its standby did not start.");
        return new PostgresPair(script, primary!, standby!);
    }

    /// <summary>Runs a statement on the primary, waiting for no standby.</summary>
    public Task<object?> ExecuteAsync(string sql) => ExecuteAsync(primary, sql);

    /// <summary>From now on commits wait until the standby has flushed them; ends when it has caught up.</summary>
    public async Task SynchronizeAsync()
    {
        await ExecuteAsync("alter system set synchronous_standby_names = '*'");
        await ExecuteAsync("select pg_reload_conf()");
        while (await ExecuteAsync("select 1 from pg_stat_replication where sync_state = 'sync' and state = 'streaming'") is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The standby goes on without what comes from now on; so many others still receive it.</summary>
    public async Task FallBehindAsync(int receivers = 0)
    {
        await ExecuteAsync(standby, "alter system set primary_conninfo = ''");
        await ExecuteAsync(standby, "select pg_reload_conf()");
        while ((long)(await ExecuteAsync("select count(*) from pg_stat_replication where state = 'streaming'"))! != receivers)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Somebody else receives the log and confirms what it has flushed, as another standby would.</summary>
    public Task ReceiveAsync() => script.TellAsync("receive");

    /// <summary>The primary dies and the standby takes its place.</summary>
    public async Task FailAsync()
    {
        await script.TellAsync("fail");
        (primary, standby) = (standby, primary);
    }

    /// <summary>What has died follows the other from now on.</summary>
    public Task FollowAsync() => script.TellAsync("follow");

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await script.DisposeAsync();
    }

    private static async Task<object?> ExecuteAsync(string server, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false, SslMode = SslMode.Disable, Options = "-c synchronous_commit=local" }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
