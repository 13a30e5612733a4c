using Parley.Bench.Systems;

namespace Parley.Bench.Works;

/// <summary>One sender and many subscribers; a window of messages may be on its way to them. Counts deliveries.</summary>
sealed class FanoutWork(int subscribers, int window) : IWork
{
    public string Name => "fanout";

    public async Task<Traffic> OpenAsync(IServer server, Phase phase, CancellationToken cancellation)
    {
        var route = await server.OpenChannelAsync(subscribers, window, cancellation);
        var free = new SemaphoreSlim(window);
        long delivered = 0;
        var inboxes = Enumerable.Range(0, subscribers).Select(_ => new Inbox(phase, OnReceived)).ToList();
        return new Traffic(
            inboxes,
            [token => route.ReceiveAsync(inboxes, token)],
            [.. Enumerable.Repeat<Func<CancellationToken, Task>>(token => SendAsync(route, phase, free, token), window)],
            inbox => inbox.ReceivedCount);

        void OnReceived()
        {
            if (Interlocked.Increment(ref delivered) % subscribers == 0)
                free.Release();
        }
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
}
