using Npgsql;
using Parley.Storage;
using Parley.Storage.Postgres;

namespace Parley.Tests.Storage.Engine;

/// <summary>A database of its own on <see cref="PostgresServer"/>; without a server the test is skipped.</summary>
internal sealed class TestPostgres : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name = $"parley_{Guid.NewGuid():n}";

    private TestPostgres(string server) => _server = server;

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString;

    public StorageOptions Options => new() { PostgresConnectionString = ConnectionString };

    public static async Task<TestPostgres> CreateAsync()
    {
        var database = new TestPostgres(await PostgresServer.ConnectionStringAsync());
        await database.OnServerAsync($"create database {database._name}");
        return database;
    }

    public Task<PostgresEngine> OpenAsync() => PostgresEngine.OpenAsync(Options, TimeProvider.System, TestContext.Current.CancellationToken);

    public async Task OnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Cuts every connection to this database, as a restart of the server does.</summary>
    public Task CutAsync() => OnServerAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{_name}'");

    public async ValueTask DisposeAsync() => await OnServerAsync($"drop database {_name} with (force)");
}
