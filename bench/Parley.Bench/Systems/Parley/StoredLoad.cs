using Npgsql;

namespace Parley.Bench.Systems.Parley;

/// <summary>What a load leaves in a database.</summary>
/// <param name="Messages">Messages stored.</param>
/// <param name="Bytes">Bytes of all tables and indexes.</param>
/// <param name="LogBytes">Bytes written to PostgreSQL's log meanwhile.</param>
/// <param name="Connections">Sessions of the nodes, all together.</param>
/// <param name="NoticesPerSecond">Notices by which nodes wake each other.</param>
sealed record StoredLoad(long Messages, long Bytes, long LogBytes, long Connections, double NoticesPerSecond)
{
    public static async Task<long> LogPositionAsync(string connectionString, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        return await AskAsync(connection, "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
    }

    public static async Task<StoredLoad> ReadAsync(string connectionString, long logBegan, double noticesPerSecond)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return new StoredLoad(
            await AskAsync(connection, "select count(*) from messages"),
            await AskAsync(connection, "select sum(pg_total_relation_size(oid))::bigint from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"),
            await AskAsync(connection, "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint") - logBegan,
            // Without this one, the counter's and the one that lifts quotas.
            await AskAsync(connection, "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and query not like 'update links%'"),
            noticesPerSecond);
    }

    static async Task<long> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
