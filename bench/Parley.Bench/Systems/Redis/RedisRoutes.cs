using Parley.Bench.Works;

namespace Parley.Bench.Systems.Redis;

sealed class RedisPair(StreamSender sender, GroupReceiver receiver) : IRoute
{
    public Task SendAsync(ReadOnlyMemory<byte> payload) => sender.SendAsync(payload);

    public async Task ReceiveAsync(IReadOnlyList<Inbox> inboxes, CancellationToken cancellation) =>
        await await Task.WhenAny(
            sender.ReadAnswersAsync(cancellation),
            receiver.ReceiveAsync(inboxes[0], cancellation));
}

sealed class RedisChannel(StreamSender sender, IReadOnlyList<StreamSubscriber> subscribers) : IRoute
{
    public Task SendAsync(ReadOnlyMemory<byte> payload) => sender.SendAsync(payload);

    public async Task ReceiveAsync(IReadOnlyList<Inbox> inboxes, CancellationToken cancellation) =>
        await await Task.WhenAny(subscribers
            .Select((subscriber, index) => subscriber.ReceiveAsync(inboxes[index], cancellation))
            .Prepend(sender.ReadAnswersAsync(cancellation)));
}
