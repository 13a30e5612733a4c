using Parley.Bench.Systems;

namespace Parley.Bench.Works;

/// <summary>
/// Pairs of one sender and one receiver; a sender sends again as soon as the server has accepted, with up to a window of sends in flight.
/// Counts acknowledged messages. A sender gets at most four windows ahead of its receiver's acknowledgements: otherwise a backlog would
/// grow for as long as the run lasts, and the latency would measure only that.
/// </summary>
sealed class PairsWork(string name, int pairs, int window) : IWork
{
    const int WindowsAhead = 4;

    public string Name => name;

    public async Task<Traffic> OpenAsync(IServer server, Phase phase, CancellationToken cancellation)
    {
        var inboxes = new List<Inbox>();
        var receivers = new List<Func<CancellationToken, Task>>();
        var senders = new List<Func<CancellationToken, Task>>();
        for (var number = 0; number < pairs; number++)
        {
            var route = await server.OpenPairAsync(number, window, cancellation);
            var ahead = new SemaphoreSlim(WindowsAhead * window);
            var inbox = new Inbox(phase, onAcknowledged: count => ahead.Release(count));
            inboxes.Add(inbox);
            receivers.Add(token => route.ReceiveAsync([inbox], token));
            senders.AddRange(Enumerable.Repeat<Func<CancellationToken, Task>>(token => SendAsync(route, phase, ahead, token), window));
        }

        return new Traffic(inboxes, receivers, senders, inbox => inbox.AcknowledgedCount);
    }

    static async Task SendAsync(IRoute route, Phase phase, SemaphoreSlim ahead, CancellationToken cancellation)
    {
        var payload = new Payload();
        while (!phase.Stopping)
        {
            await ahead.WaitAsync(cancellation);
            await route.SendAsync(payload.Stamp());
        }
    }
}
