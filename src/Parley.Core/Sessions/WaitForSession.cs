namespace Parley.Core.Sessions;

/// <summary>Waits until a spawned session has ended, or until something happens in its log.</summary>
public sealed class WaitForSession(ReadSession read, ReadSessionLog log, ISessionSignal signal, TimeProvider time)
{
    /// <summary>The longest time of one call; whoever waits longer calls again.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Returns the session when it has ended or the time is over. Throws <c>not_found</c>.</summary>
    public Task<SessionDetails> EndAsync(Caller caller, string name, TimeSpan atMost, CancellationToken cancellationToken) => UntilAsync(
        () => read.RunAsync(caller, name, cancellationToken), details => details.Status.Session.Ended, details => details.Status.Session.ConversationId, atMost, cancellationToken);

    /// <summary>
    /// Returns the log when it has more entries than that, the tools of the entry <paramref name="open"/> have answered, the session has ended or the time is over.
    /// Throws <c>not_found</c>.
    /// </summary>
    public Task<SessionLog> LogAsync(Caller caller, string name, int after, int? open, TimeSpan atMost, CancellationToken cancellationToken) => UntilAsync(
        () => log.RunAsync(caller, name, cancellationToken), found => found.Entries.Count > after || (open is { } number && found.IsAnswered(number)) || found.Session.Ended, found => found.Session.ConversationId, atMost, cancellationToken);

    private async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> enough, Func<T, Guid> conversation, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost < TimeSpan.Zero || atMost > Longest)
        {
            throw ParleyError.Invalid("wait", "The time to wait is out of bounds.", "Use 0 to 60 seconds, and call again.");
        }

        var began = time.GetTimestamp();
        var found = await look();
        if (enough(found) || atMost == TimeSpan.Zero)
        {
            return found;
        }

        using var watch = signal.Watch(conversation(found));
        while (true)
        {
            // Once more after it was begun to listen, so that nothing falls between.
            found = await look();
            var left = atMost - time.GetElapsedTime(began);
            if (enough(found) || left <= TimeSpan.Zero)
            {
                return found;
            }

            await watch.WaitAsync(left < Look ? left : Look, cancellationToken);
        }
    }
}
