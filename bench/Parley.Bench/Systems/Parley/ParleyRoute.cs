using Parley.Bench.Works;

namespace Parley.Bench.Systems.Parley;

sealed class ParleyRoute(FrameSender sender, IReadOnlyList<FrameReceiver> receivers) : IRoute
{
    public Task SendAsync(ReadOnlyMemory<byte> payload) => sender.SendAsync(payload);

    public async Task ReceiveAsync(IReadOnlyList<Inbox> inboxes, CancellationToken cancellation) =>
        await await Task.WhenAny(receivers
            .Select((receiver, index) => receiver.ReceiveAsync(inboxes[index], cancellation))
            .Prepend(sender.ReadAnswersAsync(cancellation)));
}
