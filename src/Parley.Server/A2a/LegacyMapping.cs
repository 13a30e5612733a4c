using System.Text.Json;
using Parley.Server.A2a.Wire;

namespace Parley.Server.A2a;

/// <summary>Between the wires of 0.3 and 1.0.</summary>
internal static class LegacyMapping
{
    public static SendMessageRequest Of(LegacySendParams given) => new()
    {
        Message = given.Message is null ? null : Of(given.Message),
        Configuration = given.Configuration is not { } wanted ? null : new SendMessageConfiguration
        {
            AcceptedOutputModes = wanted.AcceptedOutputModes,
            HistoryLength = wanted.HistoryLength,
            ReturnImmediately = wanted.Blocking is false,
            TaskPushNotificationConfig = wanted.PushNotificationConfig is { } push ? Of(push) : null,
        },
        Metadata = given.Metadata,
    };

    public static TaskRequest Of(LegacyTaskParams given) => new() { Id = given.Id, HistoryLength = given.HistoryLength };

    public static LegacyTask ToLegacy(AgentTask task) => new()
    {
        Id = task.Id,
        ContextId = task.ContextId,
        Status = ToLegacy(task.Status),
        Artifacts = task.Artifacts is null ? null : [.. task.Artifacts.Select(ToLegacy)],
        History = task.History is null ? null : [.. task.History.Select(ToLegacy)],
        Metadata = task.Metadata,
    };

    public static LegacyMessage ToLegacy(Message message) => new()
    {
        MessageId = message.MessageId,
        ContextId = message.ContextId,
        TaskId = message.TaskId,
        Role = message.Role == Role.Agent ? LegacyRole.Agent : LegacyRole.User,
        Parts = [.. message.Parts.Select(ToLegacy)],
        Metadata = message.Metadata,
        Extensions = message.Extensions,
        ReferenceTaskIds = message.ReferenceTaskIds,
    };

    /// <summary>An event of a stream.</summary>
    public static JsonElement ToLegacy(StreamResponse happened) => happened switch
    {
        { Task: { } task } => A2aJson.Element(ToLegacy(task)),
        { Message: { } message } => A2aJson.Element(ToLegacy(message)),
        { StatusUpdate: { } update } => A2aJson.Element(new LegacyStatusUpdate
        {
            TaskId = update.TaskId, ContextId = update.ContextId, Status = ToLegacy(update.Status), Final = IsFinal(update.Status.State), Metadata = update.Metadata,
        }),
        _ => A2aJson.Element(ToLegacy(happened.ArtifactUpdate!)),
    };

    private static LegacyArtifactUpdate ToLegacy(TaskArtifactUpdateEvent made) => new()
    {
        TaskId = made.TaskId, ContextId = made.ContextId, Artifact = ToLegacy(made.Artifact), Append = made.Append, LastChunk = made.LastChunk, Metadata = made.Metadata,
    };

    /// <summary>After it a stream of 0.3 tells nothing more: the task has ended, or its owner has to speak.</summary>
    private static bool IsFinal(TaskState state) => state is not (TaskState.Unspecified or TaskState.Submitted or TaskState.Working);

    private static LegacyTaskStatus ToLegacy(AgentTaskStatus status) => new() { State = ToLegacy(status.State), Message = status.Message is null ? null : ToLegacy(status.Message), Timestamp = status.Timestamp };

    private static LegacyTaskState ToLegacy(TaskState state) => state switch
    {
        TaskState.Submitted => LegacyTaskState.Submitted,
        TaskState.Working => LegacyTaskState.Working,
        TaskState.Completed => LegacyTaskState.Completed,
        TaskState.Failed => LegacyTaskState.Failed,
        TaskState.Canceled => LegacyTaskState.Canceled,
        TaskState.InputRequired => LegacyTaskState.InputRequired,
        TaskState.Rejected => LegacyTaskState.Rejected,
        TaskState.AuthRequired => LegacyTaskState.AuthRequired,
        _ => LegacyTaskState.Unknown,
    };

    private static LegacyArtifact ToLegacy(Artifact artifact) => new()
    {
        ArtifactId = artifact.ArtifactId, Name = artifact.Name, Description = artifact.Description, Parts = [.. artifact.Parts.Select(ToLegacy)], Metadata = artifact.Metadata, Extensions = artifact.Extensions,
    };

    private static LegacyPart ToLegacy(Part part) => part switch
    {
        { Text: { } text } => new LegacyPart { Kind = "text", Text = text, Metadata = part.Metadata },
        { Data: { } data } => new LegacyPart { Kind = "data", Data = data, Metadata = part.Metadata },
        _ => new LegacyPart { Kind = "file", File = new LegacyFile { Bytes = part.Raw, Uri = part.Url, Name = part.Filename, MimeType = part.MediaType }, Metadata = part.Metadata },
    };

    private static Message Of(LegacyMessage message) => new()
    {
        MessageId = message.MessageId,
        ContextId = message.ContextId,
        TaskId = message.TaskId,
        Role = message.Role == LegacyRole.Agent ? Role.Agent : Role.User,
        Parts = [.. message.Parts.Select(Of)],
        Metadata = message.Metadata,
        Extensions = message.Extensions,
        ReferenceTaskIds = message.ReferenceTaskIds,
    };

    /// <summary>What a part says of itself counts; of a part without a kind there is nothing to read.</summary>
    private static Part Of(LegacyPart? part) => part?.Kind switch
    {
        "text" => new Part { Text = part.Text, Metadata = part.Metadata },
        "data" => new Part { Data = part.Data, Metadata = part.Metadata },
        "file" => new Part { Raw = part.File?.Bytes, Url = part.File?.Uri, Filename = part.File?.Name, MediaType = part.File?.MimeType, Metadata = part.Metadata },
        _ => new Part(),
    };

    /// <summary>A configuration of 0.3, which may be the task's only one and without a name.</summary>
    public static TaskPushNotificationConfig Of(LegacyTaskPushConfig given) =>
        (given.PushNotificationConfig is { } push ? Of(push) : new TaskPushNotificationConfig()) with { TaskId = given.TaskId, Id = given.PushNotificationConfig?.Id ?? given.TaskId };

    /// <summary>Which configuration is meant.</summary>
    public static PushConfigRequest PushOf(LegacyTaskParams given) => new() { TaskId = given.Id, Id = given.PushNotificationConfigId ?? given.Id };

    public static LegacyTaskPushConfig ToLegacy(TaskPushNotificationConfig push) => new()
    {
        TaskId = push.TaskId,
        PushNotificationConfig = new LegacyPushConfig { Id = push.Id, Url = push.Url, Token = push.Token, Authentication = push.Authentication is { } own ? new LegacyAuthentication { Schemes = [own.Scheme] } : null },
    };

    private static TaskPushNotificationConfig Of(LegacyPushConfig push) => new()
    {
        Id = push.Id, Url = push.Url, Token = push.Token,
        Authentication = push.Authentication is { Schemes: [var scheme, ..] } own ? new AuthenticationInfo { Scheme = scheme, Credentials = own.Credentials } : null,
    };
}
