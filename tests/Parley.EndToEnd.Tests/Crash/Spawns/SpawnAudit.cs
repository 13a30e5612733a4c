namespace Parley.EndToEnd.Tests.Crash.Spawns;

/// <summary>G10: compares what the parents were told and read with what is stored. Whatever it returns is a broken promise. Pure.</summary>
internal static class SpawnAudit
{
    private const string LostOwners = "Its owner was lost ";

    public static IReadOnlyList<string> Run(IReadOnlyCollection<AcknowledgedSpawn> acknowledged, IReadOnlyCollection<ReadResult> results, IReadOnlyCollection<StoredSpawn> stored) =>
        [.. Sessions(acknowledged, stored), .. Ends(stored), .. Inboxes(results, stored), .. Outcomes(acknowledged, stored)];

    /// <summary>Every acknowledged spawn is one session, whatever was repeated; nobody but a session has spawned others.</summary>
    private static IEnumerable<string> Sessions(IReadOnlyCollection<AcknowledgedSpawn> acknowledged, IReadOnlyCollection<StoredSpawn> stored)
    {
        var keys = stored.Select(session => session.Session).ToHashSet();
        foreach (var spawn in acknowledged.GroupBy(spawn => spawn.Asked))
        {
            var sessions = spawn.Select(answer => answer.Session).Distinct().ToList();
            if (sessions.Count > 1)
            {
                yield return $"spawned twice: {spawn.Key.Key} is {string.Join(" and ", sessions)}";
            }

            foreach (var session in sessions.Where(session => !keys.Contains(session)))
            {
                yield return $"lost: {spawn.Key.Key} was answered {session}";
            }
        }

        foreach (var twins in stored.GroupBy(session => (session.Parent, session.ParentSession, session.Task)).Where(group => group.Count() > 1))
        {
            yield return $"spawned twice: '{twins.Key.Task}' is {string.Join(" and ", twins.Select(session => session.Session))}";
        }

        var known = acknowledged.Select(spawn => spawn.Session).ToHashSet();
        foreach (var session in stored.Where(session => session.ParentSession is null && !known.Contains(session.Session)))
        {
            yield return $"nobody was told of {session.Session}";
        }
    }

    /// <summary>Every session has ended, with one result that is one delivery to its parent.</summary>
    private static IEnumerable<string> Ends(IReadOnlyCollection<StoredSpawn> stored)
    {
        foreach (var session in stored)
        {
            if (!session.Ended)
            {
                yield return $"not ended: {session.Session} is {session.State}";
            }
            else if ((session.Results, session.Delivered) is not (1, 1))
            {
                yield return $"not reported once: {session.Session} has {session.Results} results, {session.Delivered} of them for its parent";
            }
        }
    }

    /// <summary>The parents read exactly these results, under numbers without gaps.</summary>
    private static IEnumerable<string> Inboxes(IReadOnlyCollection<ReadResult> results, IReadOnlyCollection<StoredSpawn> stored)
    {
        foreach (var inbox in results.GroupBy(result => result.Parent))
        {
            if (!inbox.Select(result => result.Number).SequenceEqual(Enumerable.Range(1, inbox.Count()).Select(number => (long)number)))
            {
                yield return $"gap, repetition or disorder in the inbox of {inbox.Key}";
            }
        }

        var read = results.ToLookup(result => (result.Parent, result.Session));
        foreach (var session in stored.Where(session => session.ParentSession is null))
        {
            var own = read[(session.Parent, session.Session)].ToList();
            if (own.Count != 1)
            {
                yield return $"{session.Parent} read {own.Count} results of {session.Session}";
            }
            else if (own[0].Status != session.State)
            {
                yield return $"{session.Parent} read that {session.Session} is {own[0].Status}, which is {session.State}";
            }
        }

        var sessions = stored.Select(session => (session.Parent, session.Session)).ToHashSet();
        foreach (var result in results.Where(result => !sessions.Contains((result.Parent, result.Session))))
        {
            yield return $"{result.Parent} read a result of {result.Session}, which is not its own";
        }
    }

    /// <summary>Each ended as it had to, or because the server died too often in the same turn.</summary>
    private static IEnumerable<string> Outcomes(IReadOnlyCollection<AcknowledgedSpawn> acknowledged, IReadOnlyCollection<StoredSpawn> stored)
    {
        var works = acknowledged.GroupBy(spawn => spawn.Session).ToDictionary(group => group.Key, group => group.First().Asked.Work);
        foreach (var session in stored.Where(session => session.Ended && works.ContainsKey(session.Session)))
        {
            var fits = works[session.Session] switch
            {
                Work.Late => session.State is "timed_out",
                Work.Kill => session.State is "killed" or "completed",
                _ => session.State is "completed",
            };
            if (!fits && !(session.State is "failed" && session.Reason?.StartsWith(LostOwners, StringComparison.Ordinal) is true))
            {
                yield return $"ended otherwise: {session.Session} ({works[session.Session]}) is {session.State}: {session.Reason}";
            }
        }
    }
}
