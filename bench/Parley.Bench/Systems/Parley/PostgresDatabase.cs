using Npgsql;
using Parley.Bench.Systems.Postgres;

namespace Parley.Bench.Systems.Parley;

/// <summary>A PostgreSQL cluster of Parley's own, with Debian's default settings.</summary>
sealed class PostgresDatabase(PostgresCluster cluster) : IParleyDatabase
{
    public IReadOnlyList<int> ProcessIds => [cluster.Process.Id];

    public string[] ServeOptions => ["--database", cluster.Settings.ConnectionString];

    public async Task LiftQuotaAsync(Guid link, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(cluster.Settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var update = new NpgsqlCommand("update links set messages_per_window = 1000000000 where id = $1", connection) { Parameters = { new() { Value = link } } };
        await update.ExecuteNonQueryAsync(cancellation);
    }

    public ValueTask DisposeAsync() => cluster.Process.DisposeAsync();
}
