using Npgsql;
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
    private TaskCompletionSource something = new(TaskCreationOptions.RunContinuationsAsynchronously);
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

            something.TrySetResult();
        }
    }

    /// <summary>Tells and listens until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(new NoticeListener(connectionString, Channel, time).RunAsync(Hear, cancellationToken), TellAsync(cancellationToken));

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
            something.TrySetResult();
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        // Nothing is lost with a hint, so its transaction need not be flushed.
        var address = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 1, ApplicationName = "parley wake", Options = "-c synchronous_commit=off" };
        await using var source = PostgresSource.Open(address);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.WhenAny(Waiting(), Task.Delay(Greeting, time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                await NodeNotice.TellAsync(source, Channel, Take(), cancellationToken);
                await Task.Delay(Rest, time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (PostgresErrors.IsOutage(failure))
            {
                await Task.Delay(Greeting, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Task Waiting()
    {
        lock (gate)
        {
            return something.Task;
        }
    }

    private List<string> Take()
    {
        lock (gate)
        {
            // Where nothing waits it is time to say that this node is still there.
            greets |= !something.Task.IsCompleted;
            something = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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
