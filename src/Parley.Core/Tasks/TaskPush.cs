using Parley.Core.Organizations;
using Parley.Core.Outbound;
using Parley.Core.Webhooks;

namespace Parley.Core.Tasks;

/// <summary>An address that is told what becomes of a task.</summary>
public sealed record TaskPush
{
    /// <summary>The task.</summary>
    public Guid TaskId { get; init; }

    /// <summary>Its name within the task.</summary>
    public required string Id { get; init; }

    /// <summary>Whom it calls.</summary>
    public required string Url { get; init; }

    /// <summary>What the receiver knows the task by and what signs the calls, sealed.</summary>
    public required string Token { get; init; }

    /// <summary>The <c>Authorization</c> of the calls, sealed; null for none.</summary>
    public string? Authorization { get; init; }

    /// <summary>The number of the last event that it told of, or passed over.</summary>
    public long Told { get; init; }

    /// <summary>How many times the next one was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried next; null where it was given up.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Grows with every claim: only who claimed last may write what became of it.</summary>
    public long Fence { get; init; }
}

/// <summary>What a push configuration is asked for.</summary>
/// <param name="Id">Its name within the task, or null.</param>
/// <param name="Url">Whom it calls.</param>
/// <param name="Token">What the receiver knows the task by; null makes one.</param>
/// <param name="Scheme">The scheme of the calls' <c>Authorization</c>, or null.</param>
/// <param name="Credentials">What stands behind the scheme.</param>
public sealed record PushInput(string? Id, string? Url, string? Token, string? Scheme = null, string? Credentials = null);

/// <summary>A checked configuration with its token, which is shown once.</summary>
public sealed record SecretPush(TaskPush Push, string Token);

/// <summary>Checks push configurations and seals what is secret of them.</summary>
public sealed class PushForms(IOutboundPolicy policy, ISealedSecrets secrets, TimeProvider time)
{
    /// <summary>The configurations that a task may have.</summary>
    public const int Most = 10;

    private const int Longest = 500;

    /// <summary>Whether the operator lets calls out; without that there are no push notifications.</summary>
    public bool IsOpen => policy.Current.Enabled;

    /// <summary>A configuration that belongs to no task yet. Throws <c>invalid_request</c> and <c>outbound_refused</c>.</summary>
    public SecretPush Check(PushInput input)
    {
        var url = OutboundRules.Parse(input.Url, "url");
        OutboundRules.Check(policy.Current, url);
        var id = input.Id is { Length: > 0 } named ? Plain("id", named) : Guid.CreateVersion7(time.GetUtcNow()).ToString();
        var token = input.Token is { Length: > 0 } given ? Plain("token", given) : WebhookSignature.NewSecret();
        var authorization = input.Scheme is { Length: > 0 } scheme ? $"{Plain("authentication.scheme", scheme)} {Plain("authentication.credentials", input.Credentials ?? "")}".Trim() : null;
        return new SecretPush(
            new TaskPush { Id = id, Url = url.AbsoluteUri, Token = secrets.Seal(PurposeOf(id), token), Authorization = authorization is null ? null : secrets.Seal(PurposeOf(id), authorization), NextAt = time.GetUtcNow() },
            token);
    }

    /// <summary>Reads what was sealed; null where another server did.</summary>
    internal (string Token, string? Authorization)? Open(TaskPush push) => secrets.Open(PurposeOf(push.Id), push.Token) is { } token
        ? (token, push.Authorization is { } sealedText ? secrets.Open(PurposeOf(push.Id), sealedText) : null)
        : null;

    private static string PurposeOf(string id) => "task-push:" + id;

    /// <summary>A text that a header can carry.</summary>
    private static string Plain(string field, string text) => text.Length <= Longest && text.All(letter => letter is >= ' ' and <= '~')
        ? text
        : throw ParleyError.Invalid(field, "The text is too long, or cannot stand in a header.", "Use at most 500 letters, digits and signs of ASCII.");
}

/// <summary>Adds a push configuration to a task, or takes the place of the one of the same name.</summary>
public sealed class AddPush(IDatabase database, PushForms forms)
{
    /// <summary>Returns it with its token. What it tells begins with the next event. Throws <c>not_found</c>, <c>invalid_request</c>, <c>outbound_refused</c>, and <c>conflict</c> for too many.</summary>
    public Task<SecretPush> RunAsync(Caller caller, string target, Guid taskId, PushInput input, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Send);
        var made = forms.Check(input);
        return database.WriteAsync(
            async unit =>
            {
                await TaskReading.OwnAsync(unit, caller, await TaskTarget.FindAsync(unit, caller, target), taskId);
                var task = await unit.Tasks.LockAsync(taskId) ?? throw TaskTarget.NoTask();
                var others = await unit.Tasks.PushesAsync(taskId);
                if (others.Count >= PushForms.Most && !others.Exists(other => other.Id == made.Push.Id))
                {
                    throw new ParleyError(ErrorCode.Conflict, $"The task has {PushForms.Most} push configurations already.", "Delete one first.");
                }

                var push = made.Push with { TaskId = taskId, Told = task.Events };
                unit.Tasks.PutPush(push);
                return made with { Push = push };
            },
            cancellationToken);
    }
}

/// <summary>Reads and removes the push configurations of a task.</summary>
public sealed class ListPushes(IDatabase database)
{
    /// <summary>Returns the configurations, by name. Throws <c>not_found</c>.</summary>
    public Task<List<TaskPush>> RunAsync(Caller caller, string target, Guid taskId, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                await TaskReading.OwnAsync(unit, caller, await TaskTarget.FindAsync(unit, caller, target), taskId);
                return await unit.Tasks.PushesAsync(taskId);
            },
            cancellationToken);
    }
}

/// <summary>Removes a push configuration of a task; nothing happens where there is none.</summary>
public sealed class RemovePush(IDatabase database)
{
    /// <summary>Removes it. Throws <c>not_found</c> for the task.</summary>
    public Task RunAsync(Caller caller, string target, Guid taskId, string id, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Send);
        return database.WriteAsync(
            async unit =>
            {
                await TaskReading.OwnAsync(unit, caller, await TaskTarget.FindAsync(unit, caller, target), taskId);
                unit.Tasks.RemovePush(taskId, id);
                return true;
            },
            cancellationToken);
    }
}
