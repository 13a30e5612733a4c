using Parley.Bench.Works;

namespace Parley.Bench.Systems.Postgres;

sealed class PostgresRoute(RowSender sender, IReadOnlyList<RowReceiver> receivers, WakeListener wakes) : IRoute
{
    public Task SendAsync(ReadOnlyMemory<byte> payload) => sender.SendAsync(payload);

    public async Task ReceiveAsync(IReadOnlyList<Inbox> inboxes, CancellationToken cancellation)
    {
        var loops = new List<Task> { sender.InsertAsync(cancellation), wakes.ListenAsync(cancellation) };
        var first = 0;
        foreach (var receiver in receivers)
        {
            loops.Add(receiver.ReceiveAsync([.. inboxes.Skip(first).Take(receiver.QueueCount)], cancellation));
            first += receiver.QueueCount;
        }

        await await Task.WhenAny(loops);
    }
}
