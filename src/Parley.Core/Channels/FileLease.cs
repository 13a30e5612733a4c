namespace Parley.Core.Channels;

/// <summary>An agent's announcement that it works on paths of a project. Advisory: overlaps are reported to both sides, nothing is locked.</summary>
/// <param name="Id">The lease.</param>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="ProjectId">The project the paths belong to.</param>
/// <param name="AgentId">Whose work it is.</param>
/// <param name="AgentName">Its name.</param>
/// <param name="Paths">Paths or patterns, relative to the project: <c>src/api/**</c>.</param>
/// <param name="Exclusive">True where the agent wants to be alone; two shared leases do not overlap.</param>
/// <param name="Note">What it is about.</param>
/// <param name="CreatedAt">When it was announced.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="ReleasedAt">When the agent ended it, or null.</param>
public sealed record FileLease(
    Guid Id, Guid OrganizationId, Guid ProjectId, Guid AgentId, string AgentName, IReadOnlyList<string> Paths, bool Exclusive, string Note,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? ReleasedAt);

/// <summary>Announced work on files.</summary>
public interface IFileLeaseStore
{
    /// <summary>Adds a lease.</summary>
    void Add(FileLease lease);

    /// <summary>Moves the end of a lease.</summary>
    void Extend(Guid id, DateTimeOffset expiresAt);

    /// <summary>Ends a lease.</summary>
    void Release(Guid id, DateTimeOffset at);

    /// <summary>The lease, or null.</summary>
    ValueTask<FileLease?> FindAsync(Guid organizationId, Guid id);

    /// <summary>The project's leases that are neither released nor expired; in a write the project's leases are locked.</summary>
    ValueTask<List<FileLease>> ActiveAsync(Guid projectId, DateTimeOffset now);
}
