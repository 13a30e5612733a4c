using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>
/// Sends without end: to the channel and to peers, with keys and (where a client repeats nothing by itself) without, a few at once where the connection keeps
/// their order. What has a key is repeated until it is answered.
/// </summary>
internal sealed class Sender(World world, Member member, int window, Func<SendRequest, Task<SendResponse>> send, Func<SendRequest, Task<SendResponse>>? sendOnce)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly string s_filler = new('x', 150);
    private readonly Random random = new();
    private int order;

    public async Task RunAsync(CancellationToken stopped)
    {
        var underWay = new Queue<Task>();
        while (!stopped.IsCancellationRequested)
        {
            var attempt = Next();
            underWay.Enqueue(attempt.Request.Key is null ? world.Ledger.NoteAsync(attempt, sendOnce!, repeated: false) : UntilAnsweredAsync(attempt));
            if (underWay.Count >= window)
            {
                await underWay.Dequeue();
            }
        }

        await Task.WhenAll(underWay);
    }

    private async Task UntilAnsweredAsync(Attempt attempt)
    {
        var refused = world.Ledger.Refused.Value;
        for (var repeated = false; !await world.Ledger.NoteAsync(attempt, send, repeated); repeated = true)
        {
            await Task.Delay(Pause, TimeProvider.System);
        }

        if (world.Ledger.Refused.Value > refused)
        {
            await Task.Delay(Pause, TimeProvider.System); // or refusals would crowd out the work
        }
    }

    private Attempt Next()
    {
        var number = ++order;
        var key = sendOnce is null || random.Next(4) > 0 ? $"{member.Name}-{number}" : null;
        return new Attempt(member.Name, number, new SendRequest { To = Recipient(), Content = $"{member.Name} {number} {s_filler[random.Next(150)..]}", Key = key });
    }

    private string Recipient()
    {
        if (random.Next(5) == 0)
        {
            return "#general";
        }

        var peers = world.Members.Where(other => other != member).ToList();
        return peers[random.Next(peers.Count)].Name;
    }
}
