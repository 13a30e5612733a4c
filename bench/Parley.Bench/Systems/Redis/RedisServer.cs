using System.Globalization;
using System.Text;
using Parley.Bench.Processes;

namespace Parley.Bench.Systems.Redis;

sealed class RedisServer(ServerProcess process, int port) : IServer
{
    readonly List<RespConnection> connections = [];

    public ProcessTree Processes { get; } = new(process.Id);

    public string LastOutput => process.LastOutput;

    public async Task<IRoute> OpenPairAsync(int number, int window, CancellationToken cancellation)
    {
        var stream = Encoding.ASCII.GetBytes("pair" + number.ToString(CultureInfo.InvariantCulture));
        var receiver = new GroupReceiver(await ConnectAsync(cancellation), stream, window);
        await receiver.CreateGroupAsync(cancellation);
        return new RedisPair(new StreamSender(await ConnectAsync(cancellation), stream), receiver);
    }

    public async Task<IRoute> OpenChannelAsync(int subscribers, int window, CancellationToken cancellation)
    {
        var stream = "channel"u8.ToArray();
        var followers = new List<StreamSubscriber>();
        for (var index = 0; index < subscribers; index++)
            followers.Add(new StreamSubscriber(await ConnectAsync(cancellation), stream));
        return new RedisChannel(new StreamSender(await ConnectAsync(cancellation), stream), followers);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
            connection.Dispose();
        await process.DisposeAsync();
    }

    async Task<RespConnection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = await RespConnection.OpenAsync(port, cancellation);
        connections.Add(connection);
        return connection;
    }
}
