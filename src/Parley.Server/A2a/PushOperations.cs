using System.Text.Json;
using Parley.Core;
using Parley.Core.Tasks;
using Parley.Server.A2a.Wire;

namespace Parley.Server.A2a;

/// <summary>The operations of push configurations. Secrets are shown once, where one is made.</summary>
internal sealed class PushOperations(PushForms forms, AddPush add, ListPushes list, RemovePush remove)
{
    /// <summary>A configuration that comes with a message. Throws <c>not_supported</c> where the operator lets no calls out.</summary>
    public SecretPush Check(TaskPushNotificationConfig given) => Open().Check(Input(given));

    public async Task<TaskPushNotificationConfig> AddAsync(Caller caller, string? agent, TaskPushNotificationConfig given, CancellationToken cancellationToken)
    {
        Open();
        var made = await add.RunAsync(caller, Given(agent), A2aOperations.IdOf(given.TaskId), Input(given), cancellationToken);
        return ToWire(made.Push) with { Token = made.Token, Authentication = given.Authentication is { } own ? own with { Credentials = null } : null };
    }

    public async Task<TaskPushNotificationConfig> GetAsync(Caller caller, string? agent, PushConfigRequest request, CancellationToken cancellationToken) =>
        (await AllAsync(caller, agent, request, cancellationToken)).Find(push => push.Id == request.Id) is { } found ? ToWire(found) : throw ParleyError.NotFound("push configuration");

    public async Task<ListTaskPushNotificationConfigsResponse> ListAsync(Caller caller, string? agent, PushConfigRequest request, CancellationToken cancellationToken) =>
        new([.. (await AllAsync(caller, agent, request, cancellationToken)).Select(ToWire)], "");

    /// <summary>Removes it and returns what a binding says then.</summary>
    public async Task<JsonElement> RemoveAsync(Caller caller, string? agent, PushConfigRequest request, CancellationToken cancellationToken, JsonElement done = default)
    {
        Open();
        await remove.RunAsync(caller, Given(agent), A2aOperations.IdOf(request.TaskId), request.Id ?? "", cancellationToken);
        return done;
    }

    private Task<List<TaskPush>> AllAsync(Caller caller, string? agent, PushConfigRequest request, CancellationToken cancellationToken)
    {
        Open();
        return list.RunAsync(caller, Given(agent), A2aOperations.IdOf(request.TaskId), cancellationToken);
    }

    private PushForms Open() => forms.IsOpen
        ? forms
        : throw new ParleyError(ErrorCode.NotSupported, "This server sends no push notifications.", "Follow the task with SubscribeToTask, or let calls out: outbound.enabled in parley.json.") { Field = A2aErrors.Push };

    /// <summary>The directory keeps no tasks.</summary>
    private static string Given(string? agent) => agent ?? throw TaskTarget.NoTask();

    private static PushInput Input(TaskPushNotificationConfig given) => new(given.Id, given.Url, given.Token, given.Authentication?.Scheme, given.Authentication?.Credentials);

    private static TaskPushNotificationConfig ToWire(TaskPush push) => new() { Id = push.Id, TaskId = push.TaskId.ToString(), Url = push.Url };
}

/// <summary>What a push notification says: an event as a stream of 1.0 tells it.</summary>
internal sealed class PushBody : IPushBody
{
    /// <inheritdoc/>
    public string? Of(TaskRecord task, TaskStep step) => TaskMapping.ToEvent(task, step) is { } happened ? JsonSerializer.Serialize(happened, A2aJson.Of<StreamResponse>()) : null;
}
