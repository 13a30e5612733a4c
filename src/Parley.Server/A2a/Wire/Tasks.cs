using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Parley.Server.A2a.Wire;

/// <summary>The states of a task in 1.0.</summary>
internal enum TaskState
{
    [JsonStringEnumMemberName("TASK_STATE_UNSPECIFIED")] Unspecified,
    [JsonStringEnumMemberName("TASK_STATE_SUBMITTED")] Submitted,
    [JsonStringEnumMemberName("TASK_STATE_WORKING")] Working,
    [JsonStringEnumMemberName("TASK_STATE_COMPLETED")] Completed,
    [JsonStringEnumMemberName("TASK_STATE_FAILED")] Failed,
    [JsonStringEnumMemberName("TASK_STATE_CANCELED")] Canceled,
    [JsonStringEnumMemberName("TASK_STATE_INPUT_REQUIRED")] InputRequired,
    [JsonStringEnumMemberName("TASK_STATE_REJECTED")] Rejected,
    [JsonStringEnumMemberName("TASK_STATE_AUTH_REQUIRED")] AuthRequired,
}

/// <summary>Which side speaks.</summary>
internal enum Role
{
    [JsonStringEnumMemberName("ROLE_UNSPECIFIED")] Unspecified,
    [JsonStringEnumMemberName("ROLE_USER")] User,
    [JsonStringEnumMemberName("ROLE_AGENT")] Agent,
}

/// <summary>A piece of work.</summary>
internal sealed record AgentTask
{
    public string Id { get; init; } = "";

    public string ContextId { get; init; } = "";

    public AgentTaskStatus Status { get; init; } = new();

    public IReadOnlyList<Artifact>? Artifacts { get; init; }

    public IReadOnlyList<Message>? History { get; init; }

    public JsonObject? Metadata { get; init; }
}

/// <summary>How far a task is.</summary>
internal sealed record AgentTaskStatus
{
    public TaskState State { get; init; }

    public Message? Message { get; init; }

    public DateTimeOffset? Timestamp { get; init; }
}

/// <summary>What one side said.</summary>
internal sealed record Message
{
    public string MessageId { get; init; } = "";

    public string? ContextId { get; init; }

    public string? TaskId { get; init; }

    public Role Role { get; init; }

    public IReadOnlyList<Part> Parts { get; init; } = [];

    public JsonObject? Metadata { get; init; }

    public IReadOnlyList<string>? Extensions { get; init; }

    public IReadOnlyList<string>? ReferenceTaskIds { get; init; }
}

/// <summary>A piece of content: exactly one of text, raw bytes (Base64), an address or data.</summary>
internal sealed record Part
{
    public string? Text { get; init; }

    public string? Raw { get; init; }

    public string? Url { get; init; }

    public JsonElement? Data { get; init; }

    public JsonObject? Metadata { get; init; }

    public string? Filename { get; init; }

    public string? MediaType { get; init; }
}

/// <summary>Something that a task made.</summary>
internal sealed record Artifact
{
    public string ArtifactId { get; init; } = "";

    public string? Name { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<Part> Parts { get; init; } = [];

    public JsonObject? Metadata { get; init; }

    public IReadOnlyList<string>? Extensions { get; init; }
}

/// <summary>A change of a task's status.</summary>
internal sealed record TaskStatusUpdateEvent
{
    public string TaskId { get; init; } = "";

    public string ContextId { get; init; } = "";

    public AgentTaskStatus Status { get; init; } = new();

    public JsonObject? Metadata { get; init; }
}

/// <summary>An artifact, or a piece of one.</summary>
internal sealed record TaskArtifactUpdateEvent
{
    public string TaskId { get; init; } = "";

    public string ContextId { get; init; } = "";

    public Artifact Artifact { get; init; } = new();

    public bool Append { get; init; }

    public bool LastChunk { get; init; }

    public JsonObject? Metadata { get; init; }
}
