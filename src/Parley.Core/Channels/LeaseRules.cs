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

    /// <summary>The overlaps of a lease with other agents' leases; two shared ones never overlap.</summary>
    public static IReadOnlyList<LeaseOverlap> Overlaps(FileLease lease, IEnumerable<FileLease> others)
    {
        var overlaps = new List<LeaseOverlap>();
        foreach (var other in others)
        {
            if (other.AgentId != lease.AgentId && (lease.Exclusive || other.Exclusive) && PathOverlap.Between(lease.Paths, other.Paths) is { Count: > 0 } paths)
            {
                overlaps.Add(new LeaseOverlap(other, paths));
            }
        }

        return overlaps;
    }
}
