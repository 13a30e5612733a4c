using Parley.Bench.Works;
using RabbitMQ.Client;

namespace Parley.Bench.Systems.RabbitMq;

sealed class RabbitMqRoute(IChannel sending, string exchange, string routingKey, IReadOnlyList<QueueReceiver> receivers) : IRoute
{
    static readonly BasicProperties Persistent = new() { Persistent = true };

    /// <summary>With tracked confirms the call completes with the broker's confirm.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> payload) =>
        sending.BasicPublishAsync(exchange, routingKey, mandatory: false, Persistent, payload).AsTask();

    public async Task ReceiveAsync(IReadOnlyList<Inbox> inboxes, CancellationToken cancellation)
    {
        var failure = new TaskCompletionSource();
        for (var index = 0; index < receivers.Count; index++)
            await receivers[index].StartAsync(inboxes[index], failure, cancellation);
        await failure.Task.WaitAsync(cancellation);
    }
}
