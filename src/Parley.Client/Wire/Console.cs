namespace Parley.Client.Wire;

/// <summary>Asks for a link that opens the console once: <c>POST /api/v1/console/links</c>.</summary>
/// <param name="User">Whom it signs in; absent means the caller. Somebody else's is an invitation.</param>
public sealed record ConsoleLinkRequest(string? User = null);

/// <summary>A link that opens the console once. Its secret stands behind the <c>#</c>, which browsers send to no server.</summary>
/// <param name="Path">What follows the server's address.</param>
/// <param name="User">Whom it signs in.</param>
/// <param name="ExpiresAt">Until when it can be used.</param>
public sealed record ConsoleLink(string Path, string User, DateTimeOffset ExpiresAt);

/// <summary>Exchanges a link for a session: <c>POST /api/v1/console/sign-in</c>. The session is a cookie that scripts cannot read.</summary>
/// <param name="Link">What stands behind the <c>#</c> of the link.</param>
public sealed record SignInRequest(string? Link);

/// <summary>A browser that is signed in to the console.</summary>
/// <param name="Id">Its id.</param>
/// <param name="User">Who is signed in.</param>
/// <param name="Label">The browser and system.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="Current">True for the session that asks.</param>
public sealed record ConsoleSessionView(Guid Id, string User, string Label, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, bool Current);

/// <summary>How many messages all nodes accepted lately: <c>GET /api/v1/console/rate</c>.</summary>
/// <param name="Seconds">The length of a step in seconds.</param>
/// <param name="Counts">Messages in each step, the oldest first; the last step is under way.</param>
public sealed record MessageRateView(int Seconds, IReadOnlyList<int> Counts);

/// <summary>A turn of a hosted agent that runs now: <c>GET /api/v1/console/turns</c>.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Agent">Whose.</param>
/// <param name="ConversationId">Where it will answer, where that is known.</param>
/// <param name="Depth">How many agents' turns lie before it.</param>
/// <param name="Since">When it began.</param>
/// <param name="Tool">The tool that it called last, where the node that answers runs it.</param>
/// <param name="Node">The node that runs it.</param>
/// <param name="Model">Which model thinks.</param>
public sealed record RunningTurnView(Guid TurnId, string Agent, Guid? ConversationId, int Depth, DateTimeOffset Since, string? Tool, string? Node = null, string? Model = null);
