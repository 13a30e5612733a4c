namespace Parley.Core.Sessions;

/// <summary>Which waiting sessions start next: those of whoever has the fewest running, of these the oldest, so that nobody's hundred keep out another's one. Pure.</summary>
public static class QueueRules
{
    /// <summary>The sessions that start now, in order.</summary>
    /// <param name="queued">What waits, the oldest first.</param>
    /// <param name="running">How many run, by who spawned them.</param>
    /// <param name="maxConcurrent">How many may run at once.</param>
    public static IReadOnlyList<QueuedSession> Next(IReadOnlyList<QueuedSession> queued, IReadOnlyDictionary<Guid, int> running, int maxConcurrent)
    {
        var room = maxConcurrent - running.Values.Sum();
        var counts = running.ToDictionary();
        var waiting = queued.GroupBy(session => session.ParentId).Select(group => new Queue<QueuedSession>(group)).ToList();
        var next = new List<QueuedSession>();
        while (next.Count < room && waiting.Count > 0)
        {
            var line = waiting.MinBy(sessions => (counts.GetValueOrDefault(sessions.Peek().ParentId), sessions.Peek().CreatedAt, sessions.Peek().Id))!;
            var session = line.Dequeue();
            counts[session.ParentId] = counts.GetValueOrDefault(session.ParentId) + 1;
            next.Add(session);
            if (line.Count == 0)
            {
                waiting.Remove(line);
            }
        }

        return next;
    }
}
