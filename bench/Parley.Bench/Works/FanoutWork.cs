using Parley.Bench.Systems;

namespace Parley.Bench.Works;

/// <summary>One sender and many subscribers; a window of messages may be on its way to the slowest of them. Counts deliveries.</summary>
sealed class FanoutWork(int subscribers, int window) : IWork
{
    public string Name => "fanout";

    public async Task<Traffic> OpenAsync(IServer server, Phase phase, CancellationToken cancellation)
    {
        var route = await server.OpenChannelAsync(subscribers, window, cancellation);
        var free = new SemaphoreSlim(window);
        var arrivals = new Arrivals(subscribers, window, () => free.Release());
        var inboxes = Enumerable.Range(0, subscribers).Select(_ => new Inbox(phase, arrivals.NewSubscriber())).ToList();
        return new Traffic(
            inboxes,
            [token => route.ReceiveAsync(inboxes, token)],
            [.. Enumerable.Repeat<Func<CancellationToken, Task>>(token => SendAsync(route, phase, free, token), window)],
            inbox => inbox.ReceivedCount);
    }

    static async Task SendAsync(IRoute route, Phase phase, SemaphoreSlim free, CancellationToken cancellation)
    {
        var payload = new Payload();
        while (!phase.Stopping)
        {
            await free.WaitAsync(cancellation);
            await route.SendAsync(payload.Stamp());
        }
    }

    /// <summary>Notices when a message has reached every subscriber. No subscriber can be more than a window ahead of another.</summary>
    sealed class Arrivals(int subscribers, int window, Action everywhere)
    {
        readonly int[] reached = new int[2 * window];

        /// <summary>What a new subscriber calls for each message it receives.</summary>
        public Action NewSubscriber()
        {
            var slot = 0;
            return () =>
            {
                ref var count = ref reached[slot];
                slot = (slot + 1) % reached.Length;
                if (Interlocked.Increment(ref count) < subscribers)
                    return;
                count = 0;
                everywhere();
            };
        }
    }
}
