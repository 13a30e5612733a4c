namespace Parley.Client.Wire;

/// <summary>A new agent: <c>POST /api/v1/agents</c>.</summary>
/// <param name="Name">1 to 50 letters, digits, '-', '_', '.'.</param>
/// <param name="Type">What it calls itself.</param>
/// <param name="Description">One line about it.</param>
/// <param name="Project">The project whose <c>#general</c> it joins; absent: the only project, or none.</param>
/// <param name="Aliases">Other names by which it is addressed, at most 8.</param>
/// <param name="Skills">What it is good at, in at most 32 short tags such as <c>code-review</c>.</param>
public sealed record AddAgentRequest(
    string? Name, string? Type = null, string? Description = null, string? Project = null, IReadOnlyList<string>? Aliases = null, IReadOnlyList<string>? Skills = null);

/// <summary>Changes of an agent: <c>PATCH /api/v1/agents/{name}</c>. What is absent stays.</summary>
/// <param name="Type">What it calls itself.</param>
/// <param name="Description">One line about it.</param>
/// <param name="Hold">True where a person approves everything it sends.</param>
/// <param name="Aliases">All of its aliases from now on; an empty list takes them away.</param>
/// <param name="Skills">All of its skills from now on.</param>
public sealed record EditAgentRequest(string? Type = null, string? Description = null, bool? Hold = null, IReadOnlyList<string>? Aliases = null, IReadOnlyList<string>? Skills = null);

/// <summary>An agent as it is shown.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>external</c> or <c>hosted</c>.</param>
/// <param name="Type">What it calls itself.</param>
/// <param name="Description">One line about it.</param>
/// <param name="Hold">True where a person approves everything it sends.</param>
/// <param name="Halted">True where a person has halted it, its organization or the server.</param>
/// <param name="Connected">True where it has a live connection to this node.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="Unread">Messages it has not acknowledged; only for itself and persons.</param>
/// <param name="Aliases">Other names by which it is addressed.</param>
/// <param name="Skills">What it is good at.</param>
public sealed record AgentView(
    Guid Id, string Name, string Kind, string Type, string Description, bool Hold, bool Halted, bool Connected, DateTimeOffset CreatedAt, long? Unread,
    IReadOnlyList<string> Aliases, IReadOnlyList<string> Skills)
{
    /// <summary><c>busy</c>, <c>idle</c> or <c>gone</c>, as its program says on this node; absent where it has said nothing.</summary>
    public string? Activity { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? ActivitySince { get; init; }
}

/// <summary>A way by which an agent is reached or calls: <c>GET /api/v1/agents/{name}/doors</c>.</summary>
/// <param name="Door"><c>websocket</c>, <c>sse</c>, <c>http</c>, <c>mcp</c>, <c>a2a</c> (it comes in), <c>hosted</c>, <c>webhook</c>, <c>remote</c> (Parley goes to it).</param>
/// <param name="State"><c>open</c>: a connection stands; <c>used</c>: it called in the last two minutes; <c>idle</c>: longer ago; <c>ready</c> or <c>paused</c> where Parley goes to it.</param>
/// <param name="Since">Since when it is so; of calls, since the first of those that came without a pause of two minutes.</param>
/// <param name="LastAt">When it was last used, where the agent comes in.</param>
/// <param name="Connections">How many connections or calls are open now.</param>
/// <param name="Detail">Which model, webhook or address.</param>
public sealed record DoorView(string Door, string State, DateTimeOffset Since, DateTimeOffset? LastAt = null, int? Connections = null, string? Detail = null);

/// <summary>A persona file of a hosted agent: <c>GET /api/v1/agents/{name}/persona</c>.</summary>
/// <param name="Name">Such as <c>AGENTS.md</c>.</param>
/// <param name="Text">What stands in it.</param>
/// <param name="Subagents">True where spawned sessions are told it too.</param>
public sealed record PersonaFileView(string Name, string Text, bool Subagents);

/// <summary>What the calling agent does: <c>PUT /api/v1/me/activity</c>. After 35 seconds of silence it is gone.</summary>
/// <param name="State"><c>busy</c>, <c>idle</c> or <c>gone</c>.</param>
public sealed record ActivityRequest(string? State);

/// <summary>A token: listed without its secret.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Label">What a person called it.</param>
/// <param name="Prefix">The first characters of the secret.</param>
/// <param name="Agent">The agent it speaks for.</param>
/// <param name="User">The user it speaks for.</param>
/// <param name="Scopes">What it may do: <c>read</c>, <c>send</c>, <c>manage</c>.</param>
/// <param name="CreatedAt">When it was issued.</param>
/// <param name="ExpiresAt">When it stops.</param>
/// <param name="RevokedAt">When it was revoked.</param>
public sealed record TokenView(
    Guid Id, string Label, string Prefix, string? Agent, string? User, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>Issues a token: <c>POST /api/v1/tokens</c>. Name an agent, or a user; absent means the caller.</summary>
/// <param name="Agent">The agent it speaks for.</param>
/// <param name="User">The user it speaks for.</param>
/// <param name="Label">What to call it.</param>
/// <param name="ExpiresInDays">After how many days it stops, 1 to 3650; absent: 365.</param>
/// <param name="Scopes">What it may do; absent: read and send for an agent, all for a user.</param>
public sealed record IssueTokenRequest(string? Agent = null, string? User = null, string? Label = null, int? ExpiresInDays = null, IReadOnlyList<string>? Scopes = null);

/// <summary>A new token with its secret, which is shown this once.</summary>
/// <param name="Token">The token.</param>
/// <param name="Secret">The secret, to be sent as <c>Authorization: Bearer</c>.</param>
public sealed record IssuedToken(TokenView Token, string Secret);

/// <summary>Who the token speaks for: <c>GET /api/v1/me</c>.</summary>
/// <param name="Kind"><c>agent</c> or <c>user</c>.</param>
/// <param name="Name">The name.</param>
/// <param name="Organization">The organization's name.</param>
/// <param name="Role">What a user may do.</param>
/// <param name="Scopes">What the token may do.</param>
public sealed record Me(string Kind, string Name, string Organization, string Role, IReadOnlyList<string> Scopes);

/// <summary>A database role through which an agent speaks SQL: <c>POST /api/v1/agents/{name}/sql-role</c>.</summary>
/// <param name="Role">The role's name in the database.</param>
/// <param name="Password">Its password, which is shown this once.</param>
/// <param name="Example">A connection string to begin with.</param>
public sealed record SqlRoleView(string Role, string Password, string Example);
