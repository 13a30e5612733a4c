using Npgsql;
using Parley.Bench.Processes;

namespace Parley.Bench.Systems.Postgres;

sealed class PostgresServer(ServerProcess process, string connectionString) : IServer
{
    /// <summary>A backend is a process, so subscribers share connections; each still claims and acknowledges by itself.</summary>
    const int FanoutConnections = 50;

    const string Table = """
        CREATE TABLE IF NOT EXISTS messages (
            queue integer NOT NULL,
            id bigint GENERATED ALWAYS AS IDENTITY,
            payload bytea NOT NULL,
            PRIMARY KEY (queue, id));
        """;

    readonly List<NpgsqlConnection> connections = [];
    WakeListener? listener;

    public ProcessTree Processes { get; } = new(process.Id);

    public string LastOutput => process.LastOutput;

    public async Task CreateTableAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellation);
        await using var create = new NpgsqlCommand(Table, connection);
        await create.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<IRoute> OpenPairAsync(int number, int window, CancellationToken cancellation)
    {
        var wakes = await ListenAsync(cancellation);
        var sender = new RowSender(await ConnectAsync(cancellation), RowSender.ToOneQueue, number, window);
        var receiver = new RowReceiver(await ConnectAsync(cancellation), [number], window, wakes.Subscribe(number));
        return new PostgresRoute(sender, [receiver], wakes);
    }

    public async Task<IRoute> OpenChannelAsync(int subscribers, int window, CancellationToken cancellation)
    {
        var wakes = await ListenAsync(cancellation);
        var sender = new RowSender(await ConnectAsync(cancellation), RowSender.ToQueuesUpTo, subscribers, window);
        var receivers = new List<RowReceiver>();
        foreach (var queues in Enumerable.Range(0, subscribers).Chunk((subscribers + FanoutConnections - 1) / FanoutConnections))
            receivers.Add(new RowReceiver(await ConnectAsync(cancellation), queues, window, wakes.Subscribe(subscribers)));
        return new PostgresRoute(sender, receivers, wakes);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
            await connection.DisposeAsync();
        await process.DisposeAsync();
    }

    async Task<WakeListener> ListenAsync(CancellationToken cancellation) =>
        listener ??= await WakeListener.StartAsync(await ConnectAsync(cancellation), cancellation);

    async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(connectionString);
        connections.Add(connection);
        await connection.OpenAsync(cancellation);
        return connection;
    }
}
