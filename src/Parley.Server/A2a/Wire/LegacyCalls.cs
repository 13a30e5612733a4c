using System.Text.Json.Nodes;

namespace Parley.Server.A2a.Wire;

/// <summary>What <c>message/send</c> and <c>message/stream</c> are asked.</summary>
internal sealed record LegacySendParams
{
    public LegacyMessage? Message { get; init; }

    public LegacySendConfiguration? Configuration { get; init; }

    public JsonObject? Metadata { get; init; }
}

/// <summary>How a message is to be answered.</summary>
internal sealed record LegacySendConfiguration
{
    public IReadOnlyList<string>? AcceptedOutputModes { get; init; }

    public bool? Blocking { get; init; }

    public int? HistoryLength { get; init; }

    public LegacyPushConfig? PushNotificationConfig { get; init; }
}

/// <summary>What names a task: <c>tasks/get</c>, <c>tasks/cancel</c>, <c>tasks/resubscribe</c>, and the methods of push configurations.</summary>
internal sealed record LegacyTaskParams
{
    public string? Id { get; init; }

    public int? HistoryLength { get; init; }

    public string? PushNotificationConfigId { get; init; }

    public JsonObject? Metadata { get; init; }
}

/// <summary>A configuration with its task.</summary>
internal sealed record LegacyTaskPushConfig
{
    public string? TaskId { get; init; }

    public LegacyPushConfig? PushNotificationConfig { get; init; }
}

/// <summary>Where the changes of a task are sent.</summary>
internal sealed record LegacyPushConfig
{
    public string? Id { get; init; }

    public string? Url { get; init; }

    public string? Token { get; init; }

    public LegacyAuthentication? Authentication { get; init; }
}

/// <summary>How a notification authenticates itself.</summary>
internal sealed record LegacyAuthentication
{
    public IReadOnlyList<string> Schemes { get; init; } = [];

    public string? Credentials { get; init; }
}
