using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Parley.Core;
using Parley.Server.A2a.Wire;
using Parley.Server.Errors;
using Parley.Server.Http;

namespace Parley.Server.A2a;

/// <summary>The HTTP+JSON binding of 1.0.</summary>
internal sealed class RestDoor(A2aOperations operations, PushOperations pushes, CardBook cards, StreamServices streams)
{
    private const string MediaType = "application/a2a+json";
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    public Task SendAsync(HttpContext context, string? agent, Caller caller) =>
        AnswerAsync(context, async () => await operations.SendAsync(caller, agent, await ReadAsync<SendMessageRequest>(context), context.RequestAborted));

    public Task StreamAsync(HttpContext context, string? agent, Caller caller) =>
        FollowAsync(context, caller, async cancellation => await operations.StreamAsync(caller, agent, await ReadAsync<SendMessageRequest>(context), cancellation));

    public Task GetAsync(HttpContext context, string? agent, string id, Caller caller) =>
        AnswerAsync(context, () => operations.GetAsync(caller, agent, new TaskRequest { Id = id, HistoryLength = Number(context, "historyLength") }, context.RequestAborted));

    public Task ListAsync(HttpContext context, string? agent, Caller caller) => AnswerAsync(context, () => operations.ListAsync(caller, agent, Filter(context), context.RequestAborted));

    public Task CancelAsync(HttpContext context, string? agent, string id, Caller caller) =>
        AnswerAsync(context, () => operations.CancelAsync(caller, agent, new TaskRequest { Id = id }, context.RequestAborted), canceling: true);

    public Task SubscribeAsync(HttpContext context, string? agent, string id, Caller caller) =>
        FollowAsync(context, caller, cancellation => operations.SubscribeAsync(caller, agent, new TaskRequest { Id = id }, cancellation));

    public Task CardAsync(HttpContext context, string? agent, Caller caller) =>
        AnswerAsync(context, () => cards.ExtendedAsync(context.Request, caller, agent, context.RequestAborted));

    public Task AddPushAsync(HttpContext context, string agent, string id, Caller caller) =>
        AnswerAsync(context, async () => await pushes.AddAsync(caller, agent, (await ReadAsync<TaskPushNotificationConfig>(context)) with { TaskId = id }, context.RequestAborted));

    public Task ListPushesAsync(HttpContext context, string agent, string id, Caller caller) =>
        AnswerAsync(context, () => pushes.ListAsync(caller, agent, new PushConfigRequest { TaskId = id }, context.RequestAborted));

    public Task GetPushAsync(HttpContext context, string agent, string id, string config, Caller caller) =>
        AnswerAsync(context, () => pushes.GetAsync(caller, agent, new PushConfigRequest { TaskId = id, Id = config }, context.RequestAborted));

    public Task RemovePushAsync(HttpContext context, string agent, string id, string config, Caller caller) =>
        AnswerAsync(
            context,
            async () =>
            {
                await pushes.RemoveAsync(caller, agent, new PushConfigRequest { TaskId = id, Id = config }, context.RequestAborted);
                return Nothing;
            });

    private async Task FollowAsync(HttpContext context, Caller caller, Func<CancellationToken, Task<IAsyncEnumerable<StreamResponse>>> begin)
    {
        try
        {
            CheckVersion(context);
            await EventStream.RunAsync(context, caller, streams, begin, happened => JsonSerializer.SerializeToUtf8Bytes(happened, A2aJson.Of<StreamResponse>()));
        }
        catch (Exception fault) when (IsOurs(context, fault))
        {
            await RefuseAsync(context, ErrorMap.From(fault), canceling: false);
        }
    }

    private static async Task AnswerAsync<T>(HttpContext context, Func<Task<T>> answer, bool canceling = false)
    {
        try
        {
            CheckVersion(context);
            await WriteAsync(context, await answer());
        }
        catch (Exception fault) when (IsOurs(context, fault))
        {
            await RefuseAsync(context, ErrorMap.From(fault), canceling);
        }
    }

    /// <summary>An unknown address and a fault of ours are answered as everywhere.</summary>
    private static bool IsOurs(HttpContext context, Exception fault) =>
        !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested && ErrorMap.From(fault) is var error && !A2aErrors.IsAddress(error) && error.Code != ErrorCode.Internal;

    private static Task RefuseAsync(HttpContext context, ParleyError error, bool canceling)
    {
        context.Response.StatusCode = A2aErrors.StatusOf(error, canceling);
        if (error.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return WriteAsync(context, A2aErrors.ToHttp(error, canceling));
    }

    /// <summary>These addresses are those of 1.0 alone, so that a request without a version can mean nothing else.</summary>
    private static void CheckVersion(HttpContext context)
    {
        if (Generations.Of(context.Request, Generation.One) != Generation.One)
        {
            throw Generations.Refusal("HTTP+JSON is spoken in version 1.0 here.");
        }
    }

    private static Task WriteAsync<T>(HttpContext context, T value)
    {
        var wanted = context.Request.Headers.Accept.ToString();
        context.Response.ContentType = wanted.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !wanted.Contains(MediaType, StringComparison.OrdinalIgnoreCase) ? "application/json" : MediaType;
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, A2aJson.Of<T>()), context.RequestAborted).AsTask();
    }

    private static async Task<T> ReadAsync<T>(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw ParleyError.Invalid("content-type", "The body is not JSON.", $"Send 'Content-Type: {MediaType}'.");
        }

        var reader = context.Request.BodyReader;
        var body = await RequestBody.ReadAsync(reader, context.RequestAborted);
        try
        {
            var bytes = body.IsSingleSegment ? body.First : body.ToArray();
            return (Utf8.IsValid(bytes.Span) ? JsonSerializer.Deserialize(bytes.Span, A2aJson.Of<T>()) : default) ?? throw new ParleyError(ErrorCode.InvalidRequest, "The body is no object in UTF-8.", "Send one JSON object.");
        }
        finally
        {
            reader.AdvanceTo(body.End);
        }
    }

    private static ListTasksRequest Filter(HttpContext context) => new()
    {
        ContextId = Text(context, "contextId"),
        Status = Text(context, "status") is not { } state ? null : StateOf(state),
        PageSize = Number(context, "pageSize"),
        PageToken = Text(context, "pageToken"),
        HistoryLength = Number(context, "historyLength"),
        StatusTimestampAfter = Text(context, "statusTimestampAfter") is not { } after ? null
            : DateTimeOffset.TryParse(after, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : throw ParleyError.Invalid("statusTimestampAfter", "The time is none.", "Send ISO 8601, such as 2026-01-31T12:00:00Z."),
        IncludeArtifacts = Text(context, "includeArtifacts") is not { } flag ? null
            : bool.TryParse(flag, out var include) ? include
            : throw ParleyError.Invalid("includeArtifacts", "The switch is neither true nor false.", "Send true or false."),
    };

    /// <summary>The full name of a state, or its last part as the specification's own example has it.</summary>
    private static TaskState StateOf(string given) =>
        Enum.TryParse<TaskState>(given.Replace("TASK_STATE_", "", StringComparison.OrdinalIgnoreCase).Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var state) && Enum.IsDefined(state) && !char.IsDigit(given[0])
            ? state
            : throw ParleyError.Invalid("status", "The state is unknown.", "Use a name such as TASK_STATE_WORKING.");

    private static string? Text(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 } value] ? value : null;

    private static int? Number(HttpContext context, string name) => Text(context, name) is not { } text ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw ParleyError.Invalid(name, $"'{name}' is not a whole number.", "Send a whole number.");
}
