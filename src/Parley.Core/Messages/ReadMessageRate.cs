using System.Collections.Concurrent;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>Counts the messages that all nodes accepted in the last ten minutes. Persons only. What is long past is counted once and remembered.</summary>
public sealed class ReadMessageRate(IDatabase database, TimeProvider time)
{
    /// <summary>The length of a step.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private const int Steps = 120;

    /// <summary>So many of the newest steps may still grow: a commit takes a moment, and the clocks of nodes differ.</summary>
    private const int Open = 4;

    private readonly ConcurrentDictionary<Guid, Window> windows = new();

    /// <summary>The messages in each step, the oldest first; the last step is under way.</summary>
    public async Task<IReadOnlyList<int>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        var last = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / Step.Ticks;
        var first = last - Steps + 1;
        var known = windows.GetValueOrDefault(caller.OrganizationId) ?? new Window(first, new Dictionary<long, int>());
        var from = Math.Max(first, known.Until);
        var counted = await database.ReadAsync(unit => unit.Messages.CountAsync(caller.OrganizationId, DateTimeOffset.UnixEpoch + (from * Step), Step), cancellationToken);
        var counts = known.Counts.Where(pair => pair.Key >= first && pair.Key < from).Concat(counted.Select(one => KeyValuePair.Create(one.Step, one.Count))).ToDictionary();
        windows[caller.OrganizationId] = new Window(last - Open + 1, counts);
        return [.. Enumerable.Range(0, Steps).Select(i => counts.GetValueOrDefault(first + i))];
    }

    /// <summary>What was counted.</summary>
    /// <param name="Until">The first step that has to be counted again.</param>
    /// <param name="Counts">Messages by step.</param>
    private sealed record Window(long Until, IReadOnlyDictionary<long, int> Counts);
}
