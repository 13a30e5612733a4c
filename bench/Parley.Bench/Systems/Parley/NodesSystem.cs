using System.Globalization;
using Npgsql;
using Parley.Bench.Processes;
using Parley.Bench.Systems.Postgres;

namespace Parley.Bench.Systems.Parley;

/// <summary>So many nodes on one PostgreSQL. The accounts of all runs are the first node's.</summary>
sealed class NodesSystem(int nodes, ParleyProgram program, bool install) : ISystem
{
    public string Name => nodes.ToString(CultureInfo.InvariantCulture);

    /// <summary>What the last run left in the database.</summary>
    public StoredLoad? Stored { get; set; }

    public async Task<IServer> StartAsync(string folder, CancellationToken cancellation)
    {
        await program.BuildAsync(cancellation);
        var cluster = await PostgresCluster.StartAsync(folder, install, cancellation);
        var database = new PostgresDatabase(cluster);
        var started = new List<ParleyServer>();
        try
        {
            for (var number = 0; number < nodes; number++)
                started.Add(await StartAsync(Path.Combine(folder, $"node{number}"), database, cancellation));
            return new NodesServer(this, started, database, cluster.Settings.ConnectionString, await StoredLoad.LogPositionAsync(cluster.Settings.ConnectionString, cancellation));
        }
        catch
        {
            foreach (var node in started)
                await node.DisposeAsync();
            await database.DisposeAsync();
            throw;
        }
    }

    async Task<ParleyServer> StartAsync(string data, PostgresDatabase database, CancellationToken cancellation)
    {
        var port = ServerProcess.FreePort();
        var process = program.Serve(data, port, database.ServeOptions);
        var server = new ParleyServer(process, port, data, new SharedDatabase(database));
        using var http = new HttpClient { BaseAddress = server.Address };
        await process.WaitUntilReadyAsync(async token => (await http.GetAsync("/health/ready", token)).EnsureSuccessStatusCode(), cancellation);
        return server;
    }

    /// <summary>Its senders and receivers are spread so that of n nodes a message stays on one in one of n cases, as behind a load balancer.</summary>
    sealed class NodesServer(NodesSystem system, List<ParleyServer> nodes, PostgresDatabase database, string connectionString, long logBegan) : IServer
    {
        readonly WakeCounter wakes = new(connectionString);

        public ProcessTree Processes { get; } = new([.. nodes.SelectMany(node => node.ProcessIds), .. database.ProcessIds]);

        public ProcessTree? Database { get; } = new([.. database.ProcessIds]);

        public string LastOutput => nodes[0].LastOutput;

        public async Task<IRoute> OpenPairAsync(int number, int window, CancellationToken cancellation)
        {
            var pair = await nodes[0].AddPairAsync(number, cancellation);
            var (from, to) = (nodes[number % nodes.Count], nodes[number / nodes.Count % nodes.Count]);
            return new ParleyRoute(
                new FrameSender(await from.ConnectAsync(pair.SenderToken, cancellation), pair.Receiver),
                [new FrameReceiver(await to.ConnectAsync(pair.ReceiverToken, cancellation), window)]);
        }

        public Task<IRoute> OpenChannelAsync(int subscribers, int window, CancellationToken cancellation) =>
            throw new BenchException("Several nodes are measured with pairs.");

        public async ValueTask DisposeAsync()
        {
            try
            {
                system.Stored = await StoredLoad.ReadAsync(connectionString, logBegan, await wakes.StopAsync());
            }
            finally
            {
                wakes.Dispose();
                foreach (var node in nodes)
                    await node.DisposeAsync();
                await database.DisposeAsync();
            }
        }
    }
}
