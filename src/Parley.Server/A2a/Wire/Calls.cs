using System.Text.Json.Nodes;

namespace Parley.Server.A2a.Wire;

/// <summary>What <c>SendMessage</c> and <c>SendStreamingMessage</c> are asked.</summary>
internal sealed record SendMessageRequest
{
    public string? Tenant { get; init; }

    public Message? Message { get; init; }

    public SendMessageConfiguration? Configuration { get; init; }

    public JsonObject? Metadata { get; init; }
}

/// <summary>How a message is to be answered.</summary>
internal sealed record SendMessageConfiguration
{
    public IReadOnlyList<string>? AcceptedOutputModes { get; init; }

    public TaskPushNotificationConfig? TaskPushNotificationConfig { get; init; }

    public int? HistoryLength { get; init; }

    public bool? ReturnImmediately { get; init; }
}

/// <summary>The answer to a message: one of the two.</summary>
internal sealed record SendMessageResponse
{
    public AgentTask? Task { get; init; }

    public Message? Message { get; init; }
}

/// <summary>One event of a stream: one of the four.</summary>
internal sealed record StreamResponse
{
    public AgentTask? Task { get; init; }

    public Message? Message { get; init; }

    public TaskStatusUpdateEvent? StatusUpdate { get; init; }

    public TaskArtifactUpdateEvent? ArtifactUpdate { get; init; }
}

/// <summary>What names a task: <c>GetTask</c>, <c>CancelTask</c>, <c>SubscribeToTask</c>.</summary>
internal sealed record TaskRequest
{
    public string? Tenant { get; init; }

    public string? Id { get; init; }

    public int? HistoryLength { get; init; }

    public JsonObject? Metadata { get; init; }
}

/// <summary>Which tasks to list.</summary>
internal sealed record ListTasksRequest
{
    public string? Tenant { get; init; }

    public string? ContextId { get; init; }

    public TaskState? Status { get; init; }

    public int? PageSize { get; init; }

    public string? PageToken { get; init; }

    public int? HistoryLength { get; init; }

    public DateTimeOffset? StatusTimestampAfter { get; init; }

    public bool? IncludeArtifacts { get; init; }
}

/// <summary>A page of tasks, the last changed first.</summary>
internal sealed record ListTasksResponse(IReadOnlyList<AgentTask> Tasks, string NextPageToken, int PageSize, int TotalSize);

/// <summary>Where the changes of a task are sent.</summary>
internal sealed record TaskPushNotificationConfig
{
    public string? Tenant { get; init; }

    public string? Id { get; init; }

    public string? TaskId { get; init; }

    public string? Url { get; init; }

    public string? Token { get; init; }

    public AuthenticationInfo? Authentication { get; init; }
}

/// <summary>How a notification authenticates itself.</summary>
internal sealed record AuthenticationInfo
{
    public string Scheme { get; init; } = "";

    public string? Credentials { get; init; }
}

/// <summary>What names a configuration, or for the list a task.</summary>
internal sealed record PushConfigRequest
{
    public string? Tenant { get; init; }

    public string? TaskId { get; init; }

    public string? Id { get; init; }

    public int? PageSize { get; init; }

    public string? PageToken { get; init; }
}

/// <summary>The configurations of a task.</summary>
internal sealed record ListTaskPushNotificationConfigsResponse(IReadOnlyList<TaskPushNotificationConfig> Configs, string NextPageToken);
