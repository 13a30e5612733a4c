namespace Parley.Client.Wire;

/// <summary>What the program of an agent asks permission for: <c>GET /api/v1/permissions</c>. Its words are the program's own.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Agent">Whose program.</param>
/// <param name="Session">The session.</param>
/// <param name="Turn">The turn.</param>
/// <param name="Title">What it wants.</param>
/// <param name="Kind">What kind of thing: <c>edit</c>, <c>execute</c>…; may be empty.</param>
/// <param name="Detail">With what, as JSON; may be empty.</param>
/// <param name="State"><c>open</c>, <c>allowed</c>, <c>denied</c> or <c>expired</c>.</param>
/// <param name="DecidedBy">Who decided.</param>
/// <param name="CreatedAt">When it was asked.</param>
/// <param name="ExpiresAt">When it counts as denied.</param>
/// <param name="DecidedAt">When it was decided.</param>
public sealed record PermissionView(
    Guid Id, string Agent, Guid Session, Guid Turn, string Title, string Kind, string Detail, string State, string? DecidedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? DecidedAt);
