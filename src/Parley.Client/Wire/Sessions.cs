using System.Text.Json;
using System.Text.Json.Serialization;

namespace Parley.Client.Wire;

/// <summary>What <c>sessions_spawn</c> is asked for. The names are those of the founding document.</summary>
/// <param name="AgentId">The agent that does the work, by name.</param>
/// <param name="Task">What it is to do; it knows nothing else.</param>
/// <param name="Model"><c>provider/model</c>; absent is the default of sub-agents.</param>
/// <param name="Label">A name for the session, unique among the caller's open ones.</param>
/// <param name="Timeout">Seconds; absent is the default of 900.</param>
/// <param name="Context"><c>isolated</c> (absent) or <c>fork</c>.</param>
/// <param name="Schema">A JSON Schema that the result has to follow.</param>
/// <param name="MaxTokens">The tokens that it may use.</param>
/// <param name="MaxCost">The US dollars that it may use.</param>
/// <param name="Outlive">Whether it goes on when its parent is killed.</param>
/// <param name="Announce">Where the result is posted besides: <c>channel:general</c>.</param>
/// <param name="Key">Makes a repeated call find the first one; 1–128 characters.</param>
public sealed record SpawnRequest(
    [property: JsonPropertyName("agentId")] string? AgentId,
    [property: JsonPropertyName("task")] string? Task,
    [property: JsonPropertyName("model")] string? Model = null,
    [property: JsonPropertyName("label")] string? Label = null,
    [property: JsonPropertyName("timeout")] double? Timeout = null,
    [property: JsonPropertyName("context")] string? Context = null,
    [property: JsonPropertyName("schema")] JsonElement? Schema = null,
    [property: JsonPropertyName("maxTokens")] long? MaxTokens = null,
    [property: JsonPropertyName("maxCost")] decimal? MaxCost = null,
    [property: JsonPropertyName("outlive")] bool? Outlive = null,
    [property: JsonPropertyName("announce")] string? Announce = null,
    [property: JsonPropertyName("key")] string? Key = null);

/// <summary>What a spawn is answered, at once.</summary>
/// <param name="Status"><c>accepted</c>, or <c>held</c> where a person approves it first.</param>
/// <param name="SessionKey">The session: <c>agent:tesla:subagent:…</c>.</param>
/// <param name="State">How far it came: <c>running</c>, <c>queued</c> or <c>held</c>.</param>
/// <param name="Model">The model that it runs on.</param>
/// <param name="Label">Its label.</param>
/// <param name="Timeout">The seconds that it has.</param>
/// <param name="Warnings">What was done otherwise than asked.</param>
/// <param name="Duplicate">True where the same key had spawned it before.</param>
public sealed record SpawnResponse(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("sessionKey")] string SessionKey,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("label")] string? Label,
    [property: JsonPropertyName("timeout")] double Timeout,
    [property: JsonPropertyName("warnings")] IReadOnlyList<string> Warnings,
    [property: JsonPropertyName("duplicate")] bool Duplicate);

/// <summary>What <c>sessions_send</c> is asked for; one of the three names says where to. A label with an agent makes the session where there is none.</summary>
/// <param name="SessionKey"><c>agent:patton:main</c>, or a spawned session's key or label.</param>
/// <param name="AgentId">An agent's main session, by its name or alias; with a label the agent that works in that session.</param>
/// <param name="Label">A spawned session by its label.</param>
/// <param name="Message">What is said.</param>
/// <param name="Wait">Seconds to wait for the answer; 0 only tells. Absent is 30, at most 600.</param>
/// <param name="Key">Makes a repeated call find the first one.</param>
public sealed record SessionSendRequest(
    [property: JsonPropertyName("sessionKey")] string? SessionKey = null,
    [property: JsonPropertyName("agentId")] string? AgentId = null,
    [property: JsonPropertyName("label")] string? Label = null,
    [property: JsonPropertyName("message")] string? Message = null,
    [property: JsonPropertyName("wait")] double? Wait = null,
    [property: JsonPropertyName("key")] string? Key = null);

/// <summary>How far a message to a session came.</summary>
/// <param name="Status"><c>answered</c>, <c>read</c>, <c>delivered</c>, <c>deferred</c> or <c>held</c>.</param>
/// <param name="SessionKey">The session it went to.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Reply">The text of the answer.</param>
/// <param name="ReplyFrom">Who answered.</param>
public sealed record SessionSendResponse(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("sessionKey")] string SessionKey,
    [property: JsonPropertyName("messageId")] Guid MessageId,
    [property: JsonPropertyName("reply")] string? Reply,
    [property: JsonPropertyName("replyFrom")] string? ReplyFrom);

/// <summary>A spawned session.</summary>
/// <param name="SessionKey">Its key.</param>
/// <param name="AgentId">Who does the work, by name.</param>
/// <param name="Parent">Who spawned it, by name.</param>
/// <param name="ParentSession">The key of the spawned session that has spawned it, or the id of another; absent for a person or a program.</param>
/// <param name="Label">Its label.</param>
/// <param name="Task">What it is to do.</param>
/// <param name="Status"><c>held</c>, <c>queued</c>, <c>running</c>, <c>completed</c>, <c>failed</c>, <c>killed</c> or <c>timed_out</c>.</param>
/// <param name="Reason">Why it is as it is.</param>
/// <param name="Model">The model that it runs on.</param>
/// <param name="Runtime">How long it ran, to read: <c>5m 30s</c>.</param>
/// <param name="RuntimeSeconds">The same in seconds.</param>
/// <param name="Tokens">Tokens of its model calls.</param>
/// <param name="Cost">US dollars.</param>
/// <param name="Turns">How many turns it had.</param>
/// <param name="Root">The chain that it belongs to.</param>
/// <param name="Timeout">The seconds that it has.</param>
/// <param name="Warnings">What a person should know.</param>
/// <param name="CreatedAt">When it was spawned.</param>
/// <param name="StartedAt">When it left the queue.</param>
/// <param name="EndedAt">When it ended.</param>
public sealed record SessionView(
    [property: JsonPropertyName("sessionKey")] string SessionKey,
    [property: JsonPropertyName("agentId")] string AgentId,
    [property: JsonPropertyName("parent")] string Parent,
    [property: JsonPropertyName("parentSession")] Guid? ParentSession,
    [property: JsonPropertyName("label")] string? Label,
    [property: JsonPropertyName("task")] string Task,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("reason")] string? Reason,
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("runtime")] string? Runtime,
    [property: JsonPropertyName("runtimeSeconds")] double? RuntimeSeconds,
    [property: JsonPropertyName("tokens")] long Tokens,
    [property: JsonPropertyName("cost")] decimal Cost,
    [property: JsonPropertyName("turns")] int Turns,
    [property: JsonPropertyName("root")] Guid Root,
    [property: JsonPropertyName("timeout")] double Timeout,
    [property: JsonPropertyName("warnings")] IReadOnlyList<string> Warnings,
    [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("startedAt")] DateTimeOffset? StartedAt,
    [property: JsonPropertyName("endedAt")] DateTimeOffset? EndedAt)
{
    /// <summary>The session's id.</summary>
    [JsonPropertyName("id")]
    public Guid Id { get; init; }

    /// <summary><c>isolated</c>, or <c>fork</c> with a copy of its parent's conversation.</summary>
    [JsonPropertyName("context")]
    public string? Context { get; init; }

    /// <summary>The tokens that it may use; absent is no limit of its own.</summary>
    [JsonPropertyName("maxTokens")]
    public long? MaxTokens { get; init; }

    /// <summary>The US dollars that it may use; absent is no limit of its own.</summary>
    [JsonPropertyName("maxCost")]
    public decimal? MaxCost { get; init; }

    /// <summary>Whether it goes on when its parent is killed.</summary>
    [JsonPropertyName("outlive")]
    public bool Outlive { get; init; }

    /// <summary>Where its result is posted besides: <c>channel:general</c>.</summary>
    [JsonPropertyName("announce")]
    public string? Announce { get; init; }

    /// <summary>Whether its result has to follow a JSON Schema.</summary>
    [JsonPropertyName("structured")]
    public bool Structured { get; init; }
}

/// <summary>A session with its result and what it has spawned.</summary>
/// <param name="Session">The session.</param>
/// <param name="Result">The text of its result, once it has ended.</param>
/// <param name="Children">What it has spawned, the newest first.</param>
/// <param name="Transcript">The address of its log.</param>
public sealed record SessionDetailsView(
    [property: JsonPropertyName("session")] SessionView Session,
    [property: JsonPropertyName("result")] string? Result,
    [property: JsonPropertyName("children")] IReadOnlyList<SessionView> Children,
    [property: JsonPropertyName("transcript")] string Transcript);

/// <summary>What happened in a session.</summary>
/// <param name="Session">Its key.</param>
/// <param name="Status">How far it came.</param>
/// <param name="Entries">The entries behind <c>after</c>.</param>
/// <param name="Next">The number to go on from.</param>
/// <param name="Open">Which entry waits for what its tools answer, to be handed in with the next call; absent where none does.</param>
/// <param name="Turns">Its turns with what each used, in the order in which they began; only with the log from its beginning.</param>
public sealed record SessionLogView(
    [property: JsonPropertyName("sessionKey")] string Session,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("entries")] IReadOnlyList<SessionLogEntryView> Entries,
    [property: JsonPropertyName("next")] int Next,
    [property: JsonPropertyName("open")] int? Open = null,
    [property: JsonPropertyName("turns")] IReadOnlyList<SessionTurnView>? Turns = null);

/// <summary>A turn of a session.</summary>
/// <param name="Id">The turn.</param>
/// <param name="State"><c>running</c>, <c>answered</c>, <c>passed</c>, <c>bounded</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Model">Which model answered.</param>
/// <param name="Calls">Model calls that were answered.</param>
/// <param name="InputTokens">Tokens that it read.</param>
/// <param name="OutputTokens">Tokens that it wrote.</param>
/// <param name="Cost">US dollars.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; absent while it runs.</param>
public sealed record SessionTurnView(
    [property: JsonPropertyName("id")] Guid Id,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("calls")] int Calls,
    [property: JsonPropertyName("inputTokens")] long InputTokens,
    [property: JsonPropertyName("outputTokens")] long OutputTokens,
    [property: JsonPropertyName("cost")] decimal Cost,
    [property: JsonPropertyName("startedAt")] DateTimeOffset StartedAt,
    [property: JsonPropertyName("endedAt")] DateTimeOffset? EndedAt = null);

/// <summary>One thing that happened in a session.</summary>
/// <param name="Kind"><c>message</c>, <c>tool</c>, <c>note</c>; <c>answer</c> for what a tool answered that was shown as called before.</param>
/// <param name="At">When.</param>
/// <param name="From">Who said it, or which model called the tool.</param>
/// <param name="Text">What was said, what the tool was given or answered, or the note.</param>
/// <param name="Type">The type of a message.</param>
/// <param name="Tool">The tool that was called.</param>
/// <param name="Answer">What the tool answered.</param>
public sealed record SessionLogEntryView(
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("from")] string From,
    [property: JsonPropertyName("text")] string Text,
    [property: JsonPropertyName("type")] string? Type = null,
    [property: JsonPropertyName("tool")] string? Tool = null,
    [property: JsonPropertyName("answer")] string? Answer = null);

/// <summary>A message for a running session.</summary>
/// <param name="Message">What is said.</param>
/// <param name="Key">Makes a repeated call find the first one.</param>
public sealed record SteerRequest([property: JsonPropertyName("message")] string? Message, [property: JsonPropertyName("key")] string? Key = null);

/// <summary>The end of a session.</summary>
/// <param name="Reason">Why, for those who look.</param>
public sealed record KillRequest([property: JsonPropertyName("reason")] string? Reason = null);

/// <summary>What <c>subagents</c> is asked for.</summary>
/// <param name="Action"><c>list</c>, <c>log</c>, <c>kill</c> or <c>steer</c>.</param>
/// <param name="SessionKey">The session, for all but list.</param>
/// <param name="Message">For steer; for kill the reason.</param>
public sealed record SubagentsRequest(
    [property: JsonPropertyName("action")] string? Action,
    [property: JsonPropertyName("sessionKey")] string? SessionKey = null,
    [property: JsonPropertyName("message")] string? Message = null);

/// <summary>What <c>subagents</c> is answered: what the action asks for.</summary>
/// <param name="Active">The sessions that have not ended.</param>
/// <param name="Status">The state after kill, <c>accepted</c> after steer.</param>
/// <param name="SessionKey">The session.</param>
/// <param name="Log">Its log.</param>
public sealed record SubagentsResponse(
    [property: JsonPropertyName("active")] IReadOnlyList<SessionView>? Active = null,
    [property: JsonPropertyName("status")] string? Status = null,
    [property: JsonPropertyName("sessionKey")] string? SessionKey = null,
    [property: JsonPropertyName("log")] IReadOnlyList<SessionLogEntryView>? Log = null);

/// <summary>The success metrics of the founding document.</summary>
/// <param name="Days">Over how many days.</param>
/// <param name="Spawned">Sessions spawned.</param>
/// <param name="Running">Those that run now.</param>
/// <param name="Waiting">Those that wait in the queue or for a person.</param>
/// <param name="Completed">Ended with a result.</param>
/// <param name="Failed">Could not be done.</param>
/// <param name="Killed">Were ended.</param>
/// <param name="TimedOut">Their time was over.</param>
/// <param name="SpawnSuccessRate">Completed of all that have ended, 0–1; absent where none has.</param>
/// <param name="ResultDelivery">Reported of all that have ended, 0–1; absent where none has.</param>
/// <param name="AverageResponseSeconds">Mean time of the completed ones.</param>
/// <param name="CostPerSpawn">US dollars.</param>
/// <param name="ConcurrentCapacity">How many may run at once.</param>
public sealed record SessionStatsView(
    [property: JsonPropertyName("days")] int Days,
    [property: JsonPropertyName("spawned")] int Spawned,
    [property: JsonPropertyName("running")] int Running,
    [property: JsonPropertyName("waiting")] int Waiting,
    [property: JsonPropertyName("completed")] int Completed,
    [property: JsonPropertyName("failed")] int Failed,
    [property: JsonPropertyName("killed")] int Killed,
    [property: JsonPropertyName("timedOut")] int TimedOut,
    [property: JsonPropertyName("spawnSuccessRate")] double? SpawnSuccessRate,
    [property: JsonPropertyName("resultDelivery")] double? ResultDelivery,
    [property: JsonPropertyName("averageResponseSeconds")] double AverageResponseSeconds,
    [property: JsonPropertyName("costPerSpawn")] decimal CostPerSpawn,
    [property: JsonPropertyName("concurrentCapacity")] int ConcurrentCapacity);
