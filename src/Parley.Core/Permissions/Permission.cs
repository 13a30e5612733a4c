namespace Parley.Core.Permissions;

/// <summary>What a program that runs for an agent wants to do and has to be allowed by a person.</summary>
/// <param name="Id">Its id; also that of what it puts on the list of what needs attention.</param>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="AgentId">Whose program.</param>
/// <param name="AgentName">The agent's name.</param>
/// <param name="SessionId">In which session.</param>
/// <param name="TurnId">In which turn.</param>
/// <param name="Title">What it wants, in the program's words.</param>
/// <param name="Kind">What kind of thing that is, as the program calls it: <c>edit</c>, <c>execute</c>, <c>fetch</c>…; may be empty.</param>
/// <param name="Detail">With what, as JSON; may be empty.</param>
/// <param name="State">How far it came.</param>
/// <param name="DecidedBy">Who decided, or null.</param>
/// <param name="CreatedAt">When it was asked.</param>
/// <param name="ExpiresAt">When it counts as denied unless somebody decides.</param>
/// <param name="DecidedAt">When it was decided, or null.</param>
public sealed record Permission(
    Guid Id, Guid OrganizationId, Guid AgentId, string AgentName, Guid SessionId, Guid TurnId, string Title, string Kind, string Detail, PermissionState State, string? DecidedBy,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? DecidedAt)
{
    /// <summary>How long a person has.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(5);

    /// <summary>The characters of <see cref="Detail"/> that are kept.</summary>
    public const int LongestDetail = 4_000;

    /// <summary>The characters of <see cref="Title"/> that are kept.</summary>
    public const int LongestTitle = 300;
}

/// <summary>How far a question for permission came.</summary>
public enum PermissionState
{
    /// <summary>It waits for a person.</summary>
    Open,

    /// <summary>A person allowed it.</summary>
    Allowed,

    /// <summary>A person denied it.</summary>
    Denied,

    /// <summary>Nobody decided in time, or the turn ended; it counts as denied.</summary>
    Expired,
}

/// <summary>Questions for permission.</summary>
public interface IPermissionStore
{
    /// <summary>Adds a question.</summary>
    void Add(Permission permission);

    /// <summary>The question, or null.</summary>
    ValueTask<Permission?> FindAsync(Guid organizationId, Guid id);

    /// <summary>Those that are open, oldest first; with <paramref name="all"/> the newest whatever their state.</summary>
    ValueTask<List<Permission>> ListAsync(Guid organizationId, bool all, int limit);

    /// <summary>The open questions of a session.</summary>
    ValueTask<List<Permission>> OfSessionAsync(Guid sessionId);

    /// <summary>Decides one that is open; false where it is not.</summary>
    ValueTask<bool> DecideAsync(Guid id, PermissionState state, string? by, DateTimeOffset at);
}
