using Parley.Core;

namespace Parley.Storage.Postgres;

/// <summary>
/// Wakes agents on the other nodes of a database too: what this node commits is told with NOTIFY, many wake-ups in one notice and never in the
/// transaction of a send, where it would make the senders wait for each other. A hint like every wake-up: who looks every second finds what was missed.
/// A node that has heard of no other tells nothing.
/// </summary>
public sealed class NodeWakes(IWake local, string connectionString, TimeProvider time) : IWake
{
    private const string Channel = "parley_wake";
    private const int MostWaiting = 10_000;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Greeting = TimeSpan.FromSeconds(5);
    private readonly Guid node = Guid.NewGuid();
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, long> grown = [];
    private readonly TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NoticeTeller teller = new(connectionString, Channel, Rest, Greeting, time);
    private long heardAt;
    private bool greets;

    /// <summary>Completes when another node was heard of.</summary>
    public Task Met => met.Task;

    private bool HasOthers => met.Task.IsCompleted && time.GetElapsedTime(Volatile.Read(ref heardAt)) < 4 * Greeting;

    /// <inheritdoc/>
    public void Wake(in WakeHint hint)
    {
        local.Wake(hint);
        if (!HasOthers)
        {
            return;
        }

        lock (gate)
        {
            for (var i = 0; i < hint.Recipients.Count && grown.Count < MostWaiting; i++)
            {
                var (agent, number) = hint.Recipients[i];
                grown[agent] = Math.Max(grown.GetValueOrDefault(agent), number);
            }

            teller.Set();
        }
    }

    /// <summary>Tells and listens until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(new NoticeListener(connectionString, Channel, time).RunAsync(Hear, cancellationToken), teller.RunAsync(Take, cancellationToken));

    private void Hear(string? notice)
    {
        if (notice is null)
        {
            Greet();
            return;
        }

        if (NodeNotice.Parse(notice) is not { } told || told.Node == node)
        {
            return;
        }

        var knew = HasOthers;
        Volatile.Write(ref heardAt, time.GetTimestamp());
        met.TrySetResult();
        if (!knew)
        {
            Greet();
        }

        if (told.Grown.Count > 0)
        {
            local.Wake(new WakeHint(Guid.Empty, Guid.Empty, told.Grown, Message: null));
        }
    }

    private void Greet()
    {
        lock (gate)
        {
            greets = true;
            teller.Set();
        }
    }

    /// <summary>Where nothing came up it is time to say that this node is still there.</summary>
    private List<string> Take(bool quiet)
    {
        lock (gate)
        {
            greets |= quiet;
            var notices = grown.Select(position => new InboxPosition(position.Key, position.Value)).Chunk(NodeNotice.Most).Select(part => new NodeNotice(node, part).ToString()).ToList();
            if (notices.Count == 0 && greets)
            {
                notices.Add(new NodeNotice(node, []).ToString());
            }

            grown.Clear();
            greets = false;
            return notices;
        }
    }
}
