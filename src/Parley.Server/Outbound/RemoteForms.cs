using System.Text.Json;
using Parley.Core.Remotes;
using Parley.Server.A2a.Wire;

namespace Parley.Server.Outbound;

/// <summary>Messages and answers of both generations of A2A. Whatever is absent in an answer is null here, also where the wire type promises a value. Pure.</summary>
internal static class RemoteForms
{
    /// <summary>A message of 1.0. The answer is not waited for: a task is looked at until it is done.</summary>
    public static SendMessageRequest Request(RemoteMessage message, string? tenant, IReadOnlyList<string> modes) => new()
    {
        Tenant = tenant,
        Message = new Message
        {
            MessageId = message.Id, ContextId = message.Context?.ContextId, TaskId = message.Context?.TaskId, Role = Role.User, Parts = [new Part { Text = message.Text }],
            Metadata = new() { ["from"] = message.From },
        },
        Configuration = new SendMessageConfiguration { AcceptedOutputModes = modes, ReturnImmediately = true },
    };

    /// <summary>A message of 0.3.</summary>
    public static LegacySendParams Legacy(RemoteMessage message) => new()
    {
        Message = new LegacyMessage
        {
            MessageId = message.Id, ContextId = message.Context?.ContextId, TaskId = message.Context?.TaskId, Role = LegacyRole.User, Parts = [new LegacyPart { Kind = "text", Text = message.Text }],
            Metadata = new() { ["from"] = message.From },
        },
        Configuration = new LegacySendConfiguration { Blocking = false },
    };

    /// <summary>The answer to <c>SendMessage</c>.</summary>
    public static RemoteAnswer OfSend(JsonElement result) => result.Deserialize(A2aJson.Of<SendMessageResponse>()) switch
    {
        { Task: { } task } => Of(task),
        { Message: { } message } => new RemoteAnswer(RemoteState.Done, TextOf(message.Parts), message.ContextId, message.TaskId),
        _ => throw new JsonException("There is neither a task nor a message."),
    };

    /// <summary>The answer to <c>GetTask</c>.</summary>
    public static RemoteAnswer OfTask(JsonElement result) => Of(result.Deserialize(A2aJson.Of<AgentTask>()) ?? throw new JsonException("There is no task."));

    /// <summary>The answer to <c>message/send</c> and <c>tasks/get</c>.</summary>
    public static RemoteAnswer OfLegacy(JsonElement result)
    {
        if (result.ValueKind == JsonValueKind.Object && result.TryGetProperty("kind", out var kind) && kind.ValueEquals("message"))
        {
            var message = result.Deserialize(A2aJson.Of<LegacyMessage>())!;
            return new RemoteAnswer(RemoteState.Done, TextOf(message.Parts), message.ContextId, message.TaskId);
        }

        var task = result.Deserialize(A2aJson.Of<LegacyTask>()) ?? throw new JsonException("There is no task.");
        var status = task.Status ?? throw new JsonException("The task has no status.");
        var state = status.State switch
        {
            LegacyTaskState.Completed => RemoteState.Done,
            LegacyTaskState.InputRequired => RemoteState.InputRequired,
            LegacyTaskState.Failed or LegacyTaskState.Rejected or LegacyTaskState.Canceled or LegacyTaskState.AuthRequired => RemoteState.Failed,
            _ => RemoteState.Working,
        };
        var said = status.Message is { } last ? TextOf(last.Parts) : null;
        var made = Joined((task.Artifacts ?? []).Select(artifact => TextOf(artifact.Parts)));
        return Answer(state, status.State.ToString(), said, made, (task.History ?? []).LastOrDefault(one => one.Role == LegacyRole.Agent) is { } spoken ? TextOf(spoken.Parts) : null, task.ContextId, task.Id);
    }

    private static RemoteAnswer Of(AgentTask task)
    {
        var status = task.Status ?? throw new JsonException("The task has no status.");
        var state = status.State switch
        {
            TaskState.Completed => RemoteState.Done,
            TaskState.InputRequired => RemoteState.InputRequired,
            TaskState.Failed or TaskState.Rejected or TaskState.Canceled or TaskState.AuthRequired => RemoteState.Failed,
            _ => RemoteState.Working,
        };
        var said = status.Message is { } last ? TextOf(last.Parts) : null;
        var made = Joined((task.Artifacts ?? []).Select(artifact => TextOf(artifact.Parts)));
        return Answer(state, status.State.ToString(), said, made, (task.History ?? []).LastOrDefault(one => one.Role == Role.Agent) is { } spoken ? TextOf(spoken.Parts) : null, task.ContextId, task.Id);
    }

    /// <summary>What the task made, else what it said last. Of one that failed the reason.</summary>
    private static RemoteAnswer Answer(RemoteState state, string name, string? said, string? made, string? spoken, string? contextId, string? taskId)
    {
        var text = state switch
        {
            RemoteState.Done => made ?? said ?? spoken,
            RemoteState.InputRequired => said ?? spoken ?? made,
            RemoteState.Failed => $"The remote agent's task ended as {JsonNamingPolicy.KebabCaseLower.ConvertName(name)}{(said is null ? "." : ": " + said)}",
            _ => null,
        };
        return new RemoteAnswer(state, text, contextId is "" ? null : contextId, taskId is "" ? null : taskId);
    }

    private static string? TextOf(IReadOnlyList<Part>? parts) => Joined((parts ?? []).Select(part => part.Text ?? part.Url ?? (part.Data is { } data ? data.GetRawText() : null)));

    private static string? TextOf(IReadOnlyList<LegacyPart>? parts) => Joined((parts ?? []).Select(part => part.Text ?? part.File?.Uri ?? (part.Data is { } data ? data.GetRawText() : null)));

    private static string? Joined(IEnumerable<string?> texts) => string.Join("\n\n", texts.Where(text => !string.IsNullOrWhiteSpace(text))) is { Length: > 0 } all ? all : null;
}
