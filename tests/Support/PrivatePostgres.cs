using System.Diagnostics;
using Npgsql;

namespace Parley.Tests.Support;

/// <summary>A PostgreSQL of one test, whose settings it may change and which it may let crash. Without an installed server the test is skipped.</summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private readonly Process script;

    private PrivatePostgres(Process script, string connectionString) => (this.script, ConnectionString) = (script, connectionString);

    public string ConnectionString { get; }

    /// <summary>Starts one, which may be reached at further addresses of this machine.</summary>
    public static async Task<PrivatePostgres> StartAsync(params IEnumerable<string> addresses)
    {
        // The script ends the server when its pipe is closed.
        var script = Bash([Repository.PathOf("tests/scripts/postgres"), .. addresses]);
        var connectionString = await script.StandardOutput.ReadLineAsync();
        Assert.SkipWhen(connectionString is null, "PostgreSQL did not start.");
        return new PrivatePostgres(script, connectionString! + ";SSL Mode=Disable");
    }

    /// <summary>Runs a statement on a connection of its own that waits for no standby.</summary>
    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, Options = "-c synchronous_commit=local" }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Changes settings of the running server.</summary>
    public async Task SetAsync(string setting)
    {
        await ExecuteAsync("alter system " + setting);
        await ExecuteAsync("select pg_reload_conf()");
    }

    /// <summary>Lets it crash and starts it again.</summary>
    public async Task RestartAsync()
    {
        const string Restart =
            """
            bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
            if [[ $(id -u) == 0 ]]; then as=(runuser -u postgres --); else as=(); fi
            cd "$0/.." && "${as[@]}" "$bin/pg_ctl" restart -D "$0" -m immediate -w -s -l server.log </dev/null >/dev/null 2>&1
            """;
        var data = (string)(await ExecuteAsync("show data_directory"))!;
        using var restart = Bash(["-c", Restart, data]);
        await restart.WaitForExitAsync();
        restart.ExitCode.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        script.StandardInput.Close();
        await script.WaitForExitAsync();
        script.Dispose();
    }

    private static Process Bash(string[] arguments) => Process.Start(
        new ProcessStartInfo("bash", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
