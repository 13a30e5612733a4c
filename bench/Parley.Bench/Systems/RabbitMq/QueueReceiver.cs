using Parley.Bench.Works;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Parley.Bench.Systems.RabbitMq;

/// <summary>
/// Consumes one queue and acknowledges each message. The broker never answers an acknowledgement, so it counts as soon as it is written;
/// the client gathers what is written meanwhile into one packet.
/// </summary>
sealed class QueueReceiver(IChannel channel, string queue) : AsyncDefaultBasicConsumer(channel)
{
    Inbox? inbox;
    TaskCompletionSource? failure;

    public Task StartAsync(Inbox receiver, TaskCompletionSource failed, CancellationToken cancellation)
    {
        (inbox, failure) = (receiver, failed);
        Channel.CallbackExceptionAsync += (_, thrown) =>
        {
            failed.TrySetException(thrown.Exception);
            return Task.CompletedTask;
        };
        return Channel.BasicConsumeAsync(queue, autoAck: false, this, cancellation);
    }

    public override async Task HandleBasicDeliverAsync(
        string consumerTag,
        ulong deliveryTag,
        bool redelivered,
        string exchange,
        string routingKey,
        IReadOnlyBasicProperties properties,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default)
    {
        inbox!.Received(body.Span);
        await Channel.BasicAckAsync(deliveryTag, multiple: false, cancellationToken);
        inbox.Acknowledged(1);
    }

    public override Task HandleChannelShutdownAsync(object channel, ShutdownEventArgs reason)
    {
        failure!.TrySetException(new BenchException($"RabbitMQ closed a channel: {reason}"));
        return base.HandleChannelShutdownAsync(channel, reason);
    }
}
