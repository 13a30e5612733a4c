namespace Parley.Client.Wire;

/// <summary>A chain of turns: <c>GET /api/v1/roots</c>.</summary>
/// <param name="Id">The message that started it.</param>
/// <param name="MaxDepth">How deep it may go.</param>
/// <param name="MaxTurns">How many turns it may have.</param>
/// <param name="MaxTokens">How many tokens it may use; absent: no limit.</param>
/// <param name="MaxCost">How many US dollars; absent: no limit.</param>
/// <param name="Turns">Turns that were started.</param>
/// <param name="Tokens">Tokens used.</param>
/// <param name="Cost">US dollars spent.</param>
/// <param name="CreatedAt">When its first turn began.</param>
/// <param name="StoppedAt">When a bound stopped it.</param>
/// <param name="Reason">Which bound.</param>
public sealed record RootView(
    Guid Id, int MaxDepth, int MaxTurns, long? MaxTokens, decimal? MaxCost, int Turns, long Tokens, decimal Cost, DateTimeOffset CreatedAt, DateTimeOffset? StoppedAt, string? Reason);

/// <summary>A chain with its turns: <c>GET /api/v1/roots/{id}</c>.</summary>
/// <param name="Root">Its bounds and what it used.</param>
/// <param name="Message">What started it; absent where retention deleted it.</param>
/// <param name="Turns">Its turns in the order in which they began.</param>
public sealed record RootTreeView(RootView Root, MessageView? Message, IReadOnlyList<ChainTurnView> Turns);

/// <summary>A turn of a chain.</summary>
/// <param name="Id">The turn.</param>
/// <param name="ParentId">The turn whose message it answers.</param>
/// <param name="Agent">Whose.</param>
/// <param name="Depth">How many turns lie before it.</param>
/// <param name="State"><c>running</c>, <c>answered</c>, <c>passed</c>, <c>bounded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Model">Which model answered.</param>
/// <param name="Calls">Model calls that were answered.</param>
/// <param name="Messages">Messages it sent.</param>
/// <param name="Usage">The tokens.</param>
/// <param name="Cost">US dollars.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Reason">Why it ended, where that needs saying.</param>
/// <param name="Warnings">What a person should know.</param>
public sealed record ChainTurnView(
    Guid Id, Guid? ParentId, string Agent, int Depth, string State, string Model, int Calls, int Messages, UsageView Usage, decimal Cost, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt,
    string? Reason, IReadOnlyList<string> Warnings);

/// <summary>The budgets: <c>GET /api/v1/budgets</c>.</summary>
/// <param name="Root">The bounds of every new chain.</param>
/// <param name="Days">Whoever has a limit of a day or used something today.</param>
public sealed record BudgetsView(RootBounds Root, IReadOnlyList<DayView> Days);

/// <summary>The bounds of every new chain.</summary>
/// <param name="MaxDepth">How deep it may go; 4 at first.</param>
/// <param name="MaxTurns">How many turns it may have; 50 at first.</param>
/// <param name="MaxTokens">How many tokens; absent: no limit.</param>
/// <param name="MaxCost">How many US dollars; absent: no limit.</param>
public sealed record RootBounds(int? MaxDepth = null, int? MaxTurns = null, long? MaxTokens = null, decimal? MaxCost = null);

/// <summary>What an organization, a project or an agent may use on a day, and used today.</summary>
/// <param name="Scope"><c>organization</c>, <c>project</c> or <c>agent</c>.</param>
/// <param name="Target">Its name; absent: the organization.</param>
/// <param name="MaxTokens">How many tokens; absent: no limit.</param>
/// <param name="MaxCost">How many US dollars; absent: no limit.</param>
/// <param name="Tokens">Used today, calls under way included.</param>
/// <param name="Cost">Spent today, in US dollars, calls under way included.</param>
public sealed record DayView(string Scope, string? Target = null, long? MaxTokens = null, decimal? MaxCost = null, long? Tokens = null, decimal? Cost = null);

/// <summary>Sets budgets: <c>PUT /api/v1/budgets</c>. What is absent stays.</summary>
/// <param name="Root">The bounds of every new chain, all of them.</param>
/// <param name="Day">One limit of a day; without tokens and dollars the limit ends.</param>
public sealed record SetBudgetsRequest(RootBounds? Root = null, DayView? Day = null);

/// <summary>What model calls used.</summary>
/// <param name="By">By what it is added up: <c>agent</c>, <c>model</c>, <c>day</c>, <c>session</c>, <c>root</c> or <c>project</c>.</param>
/// <param name="Days">Over how many days in UTC, today included.</param>
/// <param name="Tokens">Tokens of all lines.</param>
/// <param name="Cost">US dollars of all lines.</param>
/// <param name="Lines">The dearest first; days by date.</param>
public sealed record SpendView(string By, int Days, long Tokens, decimal Cost, IReadOnlyList<SpendLineView> Lines);

/// <summary>One line of what model calls used.</summary>
/// <param name="Key">The agent, model, day, session, chain or project; empty for no project.</param>
/// <param name="Turns">Turns.</param>
/// <param name="Calls">Answered model calls.</param>
/// <param name="Usage">Tokens.</param>
/// <param name="Cost">US dollars.</param>
public sealed record SpendLineView(string Key, long Turns, long Calls, UsageView Usage, decimal Cost);
