namespace Parley.Core.Organizations;

/// <summary>The tenant. Nothing is shared between two of them.</summary>
public sealed record Organization(Guid Id, string Name, Features Features, DateTimeOffset CreatedAt);

/// <summary>What an organization has switched on. A feature that is off refuses with <c>feature_off</c>.</summary>
[Flags]
public enum Features
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Direct messages between linked agents.</summary>
    PeerMessaging = 1,

    /// <summary>Meetings.</summary>
    Meetings = 2,

    /// <summary>Spawned sessions.</summary>
    Subagents = 4,

    /// <summary>The A2A door.</summary>
    A2A = 8,

    /// <summary>The SQL door.</summary>
    SqlDoor = 16,

    /// <summary>Everything.</summary>
    All = PeerMessaging | Meetings | Subagents | A2A | SqlDoor,
}

/// <summary>A person in an organization.</summary>
public sealed record User(Guid Id, Guid OrganizationId, string Name, Role Role, DateTimeOffset CreatedAt);

/// <summary>What a person may do; a smaller number may do more.</summary>
public enum Role
{
    /// <summary>Everything, the server's own switches included.</summary>
    Owner,

    /// <summary>Everything in the organization.</summary>
    Admin,

    /// <summary>Their own agents.</summary>
    Member,
}

/// <summary>A piece of work with its channels.</summary>
public sealed record Project(Guid Id, Guid OrganizationId, string Name, DateTimeOffset CreatedAt);
