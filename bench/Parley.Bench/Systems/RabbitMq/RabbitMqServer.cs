using System.Globalization;
using Parley.Bench.Processes;
using RabbitMQ.Client;

namespace Parley.Bench.Systems.RabbitMq;

sealed class RabbitMqServer(ServerProcess mapper, ServerProcess process, ConnectionFactory factory, string queueType) : IServer
{
    const string FanoutExchange = "everyone";
    const int FanoutPrefetch = 100;

    static readonly CreateChannelOptions Confirmed = new(
        publisherConfirmationsEnabled: true,
        publisherConfirmationTrackingEnabled: true);

    readonly List<IConnection> connections = [];

    public ProcessTree Processes { get; } = new(process.Id, mapper.Id);

    public string LastOutput => process.LastOutput;

    public async Task TryConnectAsync(CancellationToken cancellation)
    {
        await using var connection = await factory.CreateConnectionAsync(cancellation);
    }

    public async Task<IRoute> OpenPairAsync(int number, int window, CancellationToken cancellation)
    {
        var queue = QueueName(number);
        var sending = await ConnectAsync(Confirmed, cancellation);
        await DeclareAsync(sending, queue, cancellation);
        var receiving = await ConnectAsync(null, cancellation);
        // Twice the window, so that the broker need not wait for acknowledgements under way.
        await receiving.BasicQosAsync(0, (ushort)(2 * window), global: false, cancellation);
        return new RabbitMqRoute(sending, exchange: "", routingKey: queue, [new QueueReceiver(receiving, queue)]);
    }

    public async Task<IRoute> OpenChannelAsync(int subscribers, int window, CancellationToken cancellation)
    {
        var sending = await ConnectAsync(Confirmed, cancellation);
        await sending.ExchangeDeclareAsync(FanoutExchange, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
        var receivers = new List<QueueReceiver>();
        for (var number = 0; number < subscribers; number++)
        {
            var queue = QueueName(number);
            await DeclareAsync(sending, queue, cancellation);
            await sending.QueueBindAsync(queue, FanoutExchange, "", cancellationToken: cancellation);
            var receiving = await ConnectAsync(null, cancellation);
            await receiving.BasicQosAsync(0, FanoutPrefetch, global: false, cancellation);
            receivers.Add(new QueueReceiver(receiving, queue));
        }

        return new RabbitMqRoute(sending, FanoutExchange, routingKey: "", receivers);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
            await connection.DisposeAsync();
        await process.DisposeAsync();
        await mapper.DisposeAsync();
    }

    static string QueueName(int number) => "queue" + number.ToString(CultureInfo.InvariantCulture);

    Task<QueueDeclareOk> DeclareAsync(IChannel channel, string queue, CancellationToken cancellation) =>
        channel.QueueDeclareAsync(
            queue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = queueType },
            cancellationToken: cancellation);

    async Task<IChannel> ConnectAsync(CreateChannelOptions? options, CancellationToken cancellation)
    {
        var connection = await factory.CreateConnectionAsync(cancellation);
        connections.Add(connection);
        return await connection.CreateChannelAsync(options, cancellation);
    }
}
