using Parley.Bench.Systems;

namespace Parley.Bench.Works;

/// <summary>One pair, one message at a time: the next is sent when the last was accepted, received and acknowledged.</summary>
sealed class SingleWork : IWork
{
    public string Name => "single";

    public async Task<Traffic> OpenAsync(IServer server, Phase phase, CancellationToken cancellation)
    {
        var route = await server.OpenPairAsync(number: 0, window: 1, cancellation);
        var done = new SemaphoreSlim(0);
        var inbox = new Inbox(phase, onAcknowledged: count => done.Release(count));
        return new Traffic(
            [inbox],
            [token => route.ReceiveAsync([inbox], token)],
            [token => SendAsync(route, phase, done, token)],
            inbox => inbox.AcknowledgedCount);
    }

    static async Task SendAsync(IRoute route, Phase phase, SemaphoreSlim done, CancellationToken cancellation)
    {
        var payload = new Payload();
        while (!phase.Stopping)
        {
            await route.SendAsync(payload.Stamp());
            await done.WaitAsync(cancellation);
        }
    }
}
