using Npgsql;

namespace Parley.Bench.Systems.Postgres;

/// <summary>A plain PostgreSQL table used as a queue.</summary>
sealed class PostgresSystem(bool install) : ISystem
{
    public string Name => "postgres";

    public async Task<IServer> StartAsync(string folder, CancellationToken cancellation)
    {
        var (process, address) = await PostgresCluster.StartAsync(folder, install, cancellation);
        var settings = new NpgsqlConnectionStringBuilder(address.ConnectionString)
        {
            Pooling = false,
            // At the end of a run the loops are cancelled and the connections closed: no need to ask the server about it.
            CancellationTimeout = -1,
            // The table is empty when the claim is planned, and a scan of it would never be given up for the index.
            Options = "-c enable_seqscan=off -c enable_bitmapscan=off",
        };
        var server = new PostgresServer(process, settings.ConnectionString);
        try
        {
            await server.CreateTableAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
