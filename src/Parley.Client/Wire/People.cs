namespace Parley.Client.Wire;

/// <summary>A held message: <c>GET /api/v1/holds</c>.</summary>
/// <param name="Message">The message with its text.</param>
/// <param name="Recipients">For whom it is.</param>
public sealed record HeldMessage(MessageView Message, IReadOnlyList<string> Recipients);

/// <summary>A person's decision on a held message: <c>POST /api/v1/holds/{message}/approve</c> or <c>/refuse</c>.</summary>
/// <param name="Content">With approve: the edited text; absent leaves it.</param>
/// <param name="Reason">With refuse: why.</param>
public sealed record HoldDecision(string? Content = null, string? Reason = null);

/// <summary>Something that needs a person: <c>GET /api/v1/attention</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind"><c>reply_overdue</c>, <c>dead_letter</c>, …</param>
/// <param name="Text">What is the matter.</param>
/// <param name="MessageId">The message it is about.</param>
/// <param name="At">Since when.</param>
public sealed record AttentionView(Guid Id, string Kind, string Text, Guid? MessageId, DateTimeOffset At);

/// <summary>A reply that somebody waits for: <c>GET /api/v1/obligations</c>.</summary>
/// <param name="MessageId">The request.</param>
/// <param name="Agent">Who owes the reply.</param>
/// <param name="ReplyBy">By when.</param>
/// <param name="RemindedAt">When the agent was reminded.</param>
public sealed record ObligationView(Guid MessageId, string Agent, DateTimeOffset ReplyBy, DateTimeOffset? RemindedAt);

/// <summary>Pulls the kill switch: <c>POST /api/v1/halts</c>.</summary>
/// <param name="Scope"><c>agent</c>, <c>link</c>, <c>project</c>, <c>organization</c> or <c>server</c>.</param>
/// <param name="Target">The agent's or project's name, the link's id; absent for organization and server.</param>
/// <param name="Reason">Why.</param>
public sealed record HaltRequest(string? Scope, string? Target = null, string? Reason = null);

/// <summary>A pulled kill switch.</summary>
/// <param name="Scope">What kind of thing is halted.</param>
/// <param name="Target">Its name.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who pulled it.</param>
/// <param name="At">When.</param>
/// <param name="Durable">False where it acts but could not be written yet (full disk).</param>
public sealed record HaltView(string Scope, string Target, string Reason, string By, DateTimeOffset At, bool Durable);

/// <summary>What is on hold: <c>GET /api/v1/holds/rules</c>.</summary>
/// <param name="Types">The types of messages that wait for a person, whichever agent sends them.</param>
/// <param name="Agents">The agents, whatever they send.</param>
/// <param name="Links">The links, whatever goes over them.</param>
public sealed record HoldRulesView(IReadOnlyList<string> Types, IReadOnlyList<string> Agents, IReadOnlyList<HeldLink> Links);

/// <summary>A link that is on hold.</summary>
/// <param name="Id">The link's id.</param>
/// <param name="Agent">One agent.</param>
/// <param name="Peer">The other.</param>
public sealed record HeldLink(Guid Id, string Agent, string Peer);

/// <summary>A line of the audit log: <c>GET /api/v1/audit</c>.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">What was asked.</param>
/// <param name="Target">Of what.</param>
/// <param name="Decision"><c>allowed</c>, or the code of the refusal.</param>
public sealed record AuditView(DateTimeOffset At, string Actor, string Action, string Target, string Decision);

/// <summary>A user.</summary>
/// <param name="Id">The id.</param>
/// <param name="Name">The name.</param>
/// <param name="Role"><c>owner</c>, <c>admin</c> or <c>member</c>.</param>
/// <param name="CreatedAt">When it was added.</param>
public sealed record UserView(Guid Id, string Name, string Role, DateTimeOffset CreatedAt);

/// <summary>Adds a user: <c>POST /api/v1/users</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Role"><c>admin</c> or <c>member</c> (default).</param>
public sealed record AddUserRequest(string? Name, string? Role = null);

/// <summary>The organization's feature switches: <c>GET</c> and <c>PATCH /api/v1/features</c>.</summary>
/// <param name="PeerMessaging">Direct messages between linked agents.</param>
/// <param name="Meetings">Meetings.</param>
/// <param name="Subagents">Spawned sessions.</param>
/// <param name="A2a">The A2A door.</param>
/// <param name="SqlDoor">The SQL door.</param>
public sealed record FeatureSwitches(bool? PeerMessaging = null, bool? Meetings = null, bool? Subagents = null, bool? A2a = null, bool? SqlDoor = null);
