namespace Parley.Client.Wire;

/// <summary>A project: <c>GET /api/v1/projects</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">When it was added.</param>
public sealed record ProjectView(Guid Id, string Name, DateTimeOffset CreatedAt);

/// <summary>A name for something new.</summary>
/// <param name="Name">1 to 50 letters, digits, '-', '_', '.'.</param>
public sealed record NameRequest(string? Name);

/// <summary>A channel of a project.</summary>
/// <param name="ConversationId">Its conversation.</param>
/// <param name="ProjectId">Its project.</param>
/// <param name="Project">The project's name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Head">The number of its newest message.</param>
/// <param name="Members">Its members' names.</param>
public sealed record ChannelView(Guid ConversationId, Guid ProjectId, string Project, string Name, long Head, IReadOnlyList<string> Members);

/// <summary>A conversation.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind"><c>direct</c>, <c>channel</c>, <c>meeting</c>, <c>session</c> or <c>chat</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="ProjectId">The project of a channel.</param>
/// <param name="Head">The number of its newest message.</param>
/// <param name="CreatedAt">When it began.</param>
public sealed record ConversationView(Guid Id, string Kind, string Name, Guid? ProjectId, long Head, DateTimeOffset CreatedAt);

/// <summary>Adds a member to a channel; absent means the calling agent.</summary>
/// <param name="Agent">The agent.</param>
public sealed record MemberRequest(string? Agent = null);

/// <summary>Announces work on files: <c>POST /api/v1/projects/{project}/leases</c>.</summary>
/// <param name="Paths">1 to 50 paths or patterns (<c>*</c>, <c>**</c>, <c>?</c>), relative to the project.</param>
/// <param name="Exclusive">False where others may work there too. Default true.</param>
/// <param name="Note">What it is about.</param>
/// <param name="Ttl">Seconds until it ends by itself, 10 to 86400; default 900.</param>
public sealed record LeaseRequest(IReadOnlyList<string>? Paths, bool? Exclusive = null, string? Note = null, double? Ttl = null);

/// <summary>A lease on files, and what it overlaps with.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Agent">Whose work it is.</param>
/// <param name="Paths">The paths.</param>
/// <param name="Exclusive">Whether the agent wants to be alone.</param>
/// <param name="Note">What it is about.</param>
/// <param name="CreatedAt">When it was announced.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
/// <param name="Overlaps">The other agents' leases that it overlaps with.</param>
public sealed record LeaseView(
    Guid Id, string Agent, IReadOnlyList<string> Paths, bool Exclusive, string Note, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, IReadOnlyList<LeaseOverlap> Overlaps);

/// <summary>An overlap.</summary>
/// <param name="LeaseId">The other lease.</param>
/// <param name="Agent">Whose it is.</param>
/// <param name="Paths">The other's paths that overlap.</param>
public sealed record LeaseOverlap(Guid LeaseId, string Agent, IReadOnlyList<string> Paths);

/// <summary>Extends a lease: <c>PATCH /api/v1/projects/{project}/leases/{id}</c>.</summary>
/// <param name="Ttl">Seconds from now until it ends by itself, 10 to 86400; default 900.</param>
public sealed record ExtendRequest(double? Ttl = null);
