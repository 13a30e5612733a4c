using System.Globalization;
using System.Text.Json;
using Parley.Core;
using Parley.Core.Tasks;
using Parley.Server.A2a.Wire;

namespace Parley.Server.A2a;

/// <summary>The operations of the protocol, whatever the binding and version: bind, call a use case, tell its answer.</summary>
internal sealed class A2aOperations(SendTask send, ReadTask read, ListTasks list, CancelTask cancel, TaskWait wait, PublicDirectory directory, PushOperations pushes)
{
    private const int UsualPage = 50;
    private const int LargestPage = 100;

    /// <summary>The name in a message's metadata that says how many answers of a channel are waited for.</summary>
    private const string AnswersName = "answers";

    /// <summary>Says something; waits until the task has ended or waits for its owner, unless the call says otherwise.</summary>
    public async Task<SendMessageResponse> SendAsync(Caller caller, string? agent, SendMessageRequest request, CancellationToken cancellationToken)
    {
        var message = Checked(request);
        if (agent is null)
        {
            return new SendMessageResponse { Message = await directory.AnswerAsync(caller, message, cancellationToken) };
        }

        var view = await send.RunAsync(caller, Input(agent, request, message), cancellationToken);
        if (request.Configuration?.ReturnImmediately is not true)
        {
            view = await wait.UntilSettledAsync(caller, agent, view, cancellationToken);
        }

        return new SendMessageResponse { Task = TaskMapping.ToWire(view, History(request.Configuration?.HistoryLength)) };
    }

    /// <summary>Says something and tells what becomes of it. The first event is there when this returns, so that a refusal is an answer of its own.</summary>
    public async Task<IAsyncEnumerable<StreamResponse>> StreamAsync(Caller caller, string? agent, SendMessageRequest request, CancellationToken cancellationToken)
    {
        var message = Checked(request);
        if (agent is null)
        {
            return TaskWait.One(new StreamResponse { Message = await directory.AnswerAsync(caller, message, cancellationToken) });
        }

        var view = await send.RunAsync(caller, Input(agent, request, message), cancellationToken);
        return wait.FollowAsync(caller, agent, view, History(request.Configuration?.HistoryLength), untilItWaits: true, cancellationToken);
    }

    public async Task<AgentTask> GetAsync(Caller caller, string? agent, TaskRequest request, CancellationToken cancellationToken) =>
        TaskMapping.ToWire(await FindAsync(caller, agent, request.Id, cancellationToken), History(request.HistoryLength));

    public async Task<AgentTask> CancelAsync(Caller caller, string? agent, TaskRequest request, CancellationToken cancellationToken) =>
        TaskMapping.ToWire(await cancel.RunAsync(caller, Given(agent), IdOf(request.Id), cancellationToken));

    /// <summary>Tells what becomes of a task from now on, beginning with the task as it is.</summary>
    public async Task<IAsyncEnumerable<StreamResponse>> SubscribeAsync(Caller caller, string? agent, TaskRequest request, CancellationToken cancellationToken)
    {
        var view = await FindAsync(caller, agent, request.Id, cancellationToken);
        return view.Task.Ended
            ? throw new ParleyError(ErrorCode.NotSupported, "The task has ended: there is nothing more to tell.", "Read it with GetTask.")
            : wait.FollowAsync(caller, agent!, view, history: null, untilItWaits: false, cancellationToken);
    }

    public async Task<ListTasksResponse> ListAsync(Caller caller, string? agent, ListTasksRequest request, CancellationToken cancellationToken)
    {
        var size = request.PageSize switch
        {
            null => UsualPage,
            >= 1 and <= LargestPage and var rows => rows,
            _ => throw ParleyError.Invalid("pageSize", "The page's size is out of bounds.", $"Use 1 to {LargestPage}."),
        };
        if (agent is null)
        {
            return new ListTasksResponse([], "", size, TotalSize: 0);
        }

        var query = new TaskQuery(
            Guid.Empty, Guid.Empty, Guid.Empty, request.ContextId is { Length: > 0 } context ? Storable(context) : null, TaskMapping.StageOf(request.Status), request.StatusTimestampAfter?.ToUniversalTime(),
            PlaceOf(request.PageToken), size + 1);
        var (found, total) = await list.RunAsync(caller, agent, query, cancellationToken);
        var page = found.Take(size).ToList();
        var history = History(request.HistoryLength);
        return new ListTasksResponse(
            [.. page.Select(view => TaskMapping.ToWire(view, history, request.IncludeArtifacts is true))], found.Count > size ? TokenOf(page[^1].Task) : "", size, total);
    }

    private Task<TaskView> FindAsync(Caller caller, string? agent, string? id, CancellationToken cancellationToken) => read.RunAsync(caller, Given(agent), IdOf(id), cancellationToken);

    /// <summary>The directory keeps no tasks.</summary>
    private static string Given(string? agent) => agent ?? throw TaskTarget.NoTask();

    internal static Guid IdOf(string? id) => Guid.TryParse(id, out var found) ? found : throw TaskTarget.NoTask();

    private static int? History(int? length) => length is null or >= 0 ? length : throw ParleyError.Invalid("historyLength", "The history's length is below zero.", "Use 0 or more.");

    private static Message Checked(SendMessageRequest request)
    {
        return request.Message is { MessageId.Length: > 0, Role: not Role.Agent } message
            ? message
            : throw ParleyError.Invalid("message", "The message is missing, has no messageId, or is an agent's.", "Send {\"message\": {\"messageId\": \"…\", \"role\": \"ROLE_USER\", \"parts\": [{\"text\": \"…\"}]}}.");
    }

    private SendTaskInput Input(string agent, SendMessageRequest request, Message message) => new()
    {
        Target = agent,
        Text = MessageText.Of(message),
        Key = message.MessageId,
        Metadata = MessageText.Metadata(message),
        TaskId = message.TaskId is { Length: > 0 } id ? IdOf(id) : null,
        ContextId = message.ContextId is { Length: > 0 } context ? context : null,
        Push = request.Configuration?.TaskPushNotificationConfig is { } push ? pushes.Check(push).Push : null,
        Answers = AnswersOf(message.Metadata?[AnswersName] ?? request.Metadata?[AnswersName]),
    };

    private static int AnswersOf(System.Text.Json.Nodes.JsonNode? given) => given is null ? 1
        : given.GetValueKind() == JsonValueKind.Number && given.AsValue().TryGetValue(out int answers) ? answers
        : throw ParleyError.Invalid("metadata.answers", "The number of answers is not a whole number.", "Use 1 to 50.");

    private static string Storable(string context) => context.Length <= Limits.KeyLength && !context.Contains('\0', StringComparison.Ordinal)
        ? context
        : throw ParleyError.Invalid("contextId", "The context's id is too long or not text.", "Use the id of a task's context.");

    private static string TokenOf(TaskRecord last) => string.Create(CultureInfo.InvariantCulture, $"{last.UpdatedAt.UtcTicks:x}-{last.Id:N}");

    private static TaskPlace? PlaceOf(string? token) => token is null or "" ? null
        : token.Split('-') is [var at, var id] && long.TryParse(at, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var ticks)
            && ticks >= 0 && ticks <= DateTime.MaxValue.Ticks && Guid.TryParseExact(id, "N", out var last)
            ? new TaskPlace(new DateTimeOffset(ticks, TimeSpan.Zero), last)
            : throw ParleyError.Invalid("pageToken", "The page's token is none of this server.", "Send the nextPageToken of the page before.");
}
