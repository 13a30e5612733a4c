using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Parley.Server.A2a.Wire;

/// <summary>The states of a task in 0.3.</summary>
internal enum LegacyTaskState
{
    [JsonStringEnumMemberName("unknown")] Unknown,
    [JsonStringEnumMemberName("submitted")] Submitted,
    [JsonStringEnumMemberName("working")] Working,
    [JsonStringEnumMemberName("completed")] Completed,
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("canceled")] Canceled,
    [JsonStringEnumMemberName("input-required")] InputRequired,
    [JsonStringEnumMemberName("rejected")] Rejected,
    [JsonStringEnumMemberName("auth-required")] AuthRequired,
}

/// <summary>Which side speaks in 0.3.</summary>
internal enum LegacyRole
{
    [JsonStringEnumMemberName("user")] User,
    [JsonStringEnumMemberName("agent")] Agent,
}

/// <summary>A task, <c>kind: task</c>.</summary>
internal sealed record LegacyTask
{
    public string Kind { get; init; } = "task";

    public string Id { get; init; } = "";

    public string ContextId { get; init; } = "";

    public LegacyTaskStatus Status { get; init; } = new();

    public IReadOnlyList<LegacyArtifact>? Artifacts { get; init; }

    public IReadOnlyList<LegacyMessage>? History { get; init; }

    public JsonObject? Metadata { get; init; }
}

/// <summary>How far a task is.</summary>
internal sealed record LegacyTaskStatus
{
    public LegacyTaskState State { get; init; }

    public LegacyMessage? Message { get; init; }

    public DateTimeOffset? Timestamp { get; init; }
}

/// <summary>A message, <c>kind: message</c>.</summary>
internal sealed record LegacyMessage
{
    public string Kind { get; init; } = "message";

    public string MessageId { get; init; } = "";

    public string? ContextId { get; init; }

    public string? TaskId { get; init; }

    public LegacyRole Role { get; init; }

    public IReadOnlyList<LegacyPart> Parts { get; init; } = [];

    public JsonObject? Metadata { get; init; }

    public IReadOnlyList<string>? Extensions { get; init; }

    public IReadOnlyList<string>? ReferenceTaskIds { get; init; }
}

/// <summary>A part: <c>kind</c> is <c>text</c>, <c>file</c> or <c>data</c>.</summary>
internal sealed record LegacyPart
{
    public string Kind { get; init; } = "";

    public string? Text { get; init; }

    public LegacyFile? File { get; init; }

    public System.Text.Json.JsonElement? Data { get; init; }

    public JsonObject? Metadata { get; init; }
}

/// <summary>A file, as Base64 or as an address.</summary>
internal sealed record LegacyFile
{
    public string? Bytes { get; init; }

    public string? Uri { get; init; }

    public string? Name { get; init; }

    public string? MimeType { get; init; }
}

/// <summary>Something that a task made.</summary>
internal sealed record LegacyArtifact
{
    public string ArtifactId { get; init; } = "";

    public string? Name { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<LegacyPart> Parts { get; init; } = [];

    public JsonObject? Metadata { get; init; }

    public IReadOnlyList<string>? Extensions { get; init; }
}

/// <summary>A change of a task's status, <c>kind: status-update</c>; <see cref="Final"/> ends the stream.</summary>
internal sealed record LegacyStatusUpdate
{
    public string Kind { get; init; } = "status-update";

    public string TaskId { get; init; } = "";

    public string ContextId { get; init; } = "";

    public LegacyTaskStatus Status { get; init; } = new();

    public bool Final { get; init; }

    public JsonObject? Metadata { get; init; }
}

/// <summary>An artifact or a piece of one, <c>kind: artifact-update</c>.</summary>
internal sealed record LegacyArtifactUpdate
{
    public string Kind { get; init; } = "artifact-update";

    public string TaskId { get; init; } = "";

    public string ContextId { get; init; } = "";

    public LegacyArtifact Artifact { get; init; } = new();

    public bool? Append { get; init; }

    public bool? LastChunk { get; init; }

    public JsonObject? Metadata { get; init; }
}
