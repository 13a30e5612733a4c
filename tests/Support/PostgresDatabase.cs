using Npgsql;

namespace Parley.Tests.Support;

/// <summary>A database of one test on <see cref="PostgresServer"/>.</summary>
public sealed class PostgresDatabase(string name, string server) : IAsyncDisposable
{
    public string Name { get; } = name;

    public string ConnectionString { get; } = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;

    /// <summary>Drops the database, whoever is still connected.</summary>
    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await PostgresServer.ExecuteAsync(server, $"DROP DATABASE {Name} WITH (FORCE)");
    }
}
