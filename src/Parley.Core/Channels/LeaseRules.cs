namespace Parley.Core.Channels;

/// <summary>Another agent's lease that a lease overlaps with.</summary>
/// <param name="Lease">The other lease.</param>
/// <param name="Paths">The other's paths that overlap.</param>
public sealed record LeaseOverlap(FileLease Lease, IReadOnlyList<string> Paths);

/// <summary>A lease with what it overlaps with.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Overlaps">The other agents' leases that overlap with it.</param>
public sealed record LeaseOverview(FileLease Lease, IReadOnlyList<LeaseOverlap> Overlaps);

/// <summary>What may be announced, and what counts as an overlap. Pure.</summary>
public static class LeaseRules
{
    /// <summary>How long an announcement stands where nothing is said.</summary>
    public static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromMinutes(15);

    /// <summary>Announcements that one agent may have in a project at once.</summary>
    public const int PerAgent = 20;

    /// <summary>When an announcement of that length ends; throws <c>invalid_request</c> outside 10 seconds to a day.</summary>
    public static DateTimeOffset EndOf(TimeSpan? timeToLive, DateTimeOffset now)
    {
        var length = timeToLive ?? DefaultTimeToLive;
        return length >= TimeSpan.FromSeconds(10) && length <= TimeSpan.FromDays(1)
            ? now + length
            : throw ParleyError.Invalid("ttl", "The time to live is out of bounds.", "Use 10 to 86400 seconds.");
    }

    /// <summary>Throws <c>conflict</c> where the agent has as many announcements as it may.</summary>
    public static void CheckCount(IEnumerable<FileLease> active, Guid agentId)
    {
        if (active.Count(lease => lease.AgentId == agentId) >= PerAgent)
        {
            throw new ParleyError(ErrorCode.Conflict, $"The agent has {PerAgent} announcements in this project already.", "Release one first, or announce several paths at once.");
        }
    }

    /// <summary>
    /// The overlaps of a lease with other agents' leases; two shared ones never overlap. What was compared before is taken from <paramref name="known"/>,
    /// by the id of the other lease, because paths never change; what is compared now is added to it.
    /// </summary>
    public static IReadOnlyList<LeaseOverlap> Overlaps(FileLease lease, IEnumerable<FileLease> others, Dictionary<Guid, LeaseOverlap?> known)
    {
        var overlaps = new List<LeaseOverlap>();
        foreach (var other in others.Where(other => other.AgentId != lease.AgentId && (lease.Exclusive || other.Exclusive)))
        {
            if (!known.TryGetValue(other.Id, out var overlap))
            {
                overlap = PathOverlap.Between(lease.Paths, other.Paths) is { Count: > 0 } paths ? new LeaseOverlap(other, paths) : null;
                known.Add(other.Id, overlap);
            }

            if (overlap is not null)
            {
                overlaps.Add(overlap);
            }
        }

        return overlaps;
    }
}
