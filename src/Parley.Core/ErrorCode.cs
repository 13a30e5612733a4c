using System.Reflection;

namespace Parley.Core;

/// <summary>A stable error code and what it becomes at each door: the one table of the house.</summary>
/// <param name="Name">The code that programs compare; never changes its meaning.</param>
/// <param name="HttpStatus">The status of an HTTP answer (RFC 9110).</param>
/// <param name="ExitCode">The exit code of the command line: 2 wrong input, 3 not found, 4 not allowed, 5 try later, 6 conflict, 1 otherwise.</param>
/// <param name="CloseCode">The WebSocket close code, where the error ends the connection (RFC 6455, 4000–4999).</param>
/// <param name="Meaning">One sentence for the documentation.</param>
public sealed record ErrorCode(string Name, int HttpStatus, int ExitCode, int? CloseCode, string Meaning)
{
    public static readonly ErrorCode InvalidRequest = new("invalid_request", 400, 2, null, "The request is malformed, a field has a wrong value, or a field is unknown.");
    public static readonly ErrorCode InvalidFrame = new("invalid_frame", 400, 2, 4002, "A WebSocket frame is not a JSON object of the documented form; the third one in a row closes the connection.");
    public static readonly ErrorCode TooLarge = new("too_large", 413, 2, 1009, "A body, frame, text or list is over its documented limit.");
    public static readonly ErrorCode Unauthenticated = new("unauthenticated", 401, 4, 4001, "There is no token, or it is unknown, expired or revoked.");
    public static readonly ErrorCode Forbidden = new("forbidden", 403, 4, 4003, "The token is valid but may not do this.");
    public static readonly ErrorCode HostRefused = new("host_refused", 421, 4, null, "The Host header names no host that this server serves.");
    public static readonly ErrorCode OriginRefused = new("origin_refused", 403, 4, null, "The Origin header names a site that may not call this server.");
    public static readonly ErrorCode NotFound = new("not_found", 404, 3, 4004, "There is nothing by that name or id that the caller may know of.");
    public static readonly ErrorCode MethodNotAllowed = new("method_not_allowed", 405, 2, null, "The address exists but does not answer that HTTP method.");
    public static readonly ErrorCode UnknownRecipient = new("unknown_recipient", 404, 3, null, "No agent or channel by that name can be reached by the sender.");
    public static readonly ErrorCode NotLinked = new("not_linked", 403, 4, null, "The two agents have no enabled link.");
    public static readonly ErrorCode NotMember = new("not_member", 403, 4, null, "The agent is not a member of the conversation.");
    public static readonly ErrorCode Halted = new("halted", 423, 4, null, "A person has halted the agent, link, project, organization or server.");
    public static readonly ErrorCode FeatureOff = new("feature_off", 403, 4, null, "The organization has switched this feature off.");
    public static readonly ErrorCode Conflict = new("conflict", 409, 6, null, "Something by that name exists, or the thing is in another state than the request needs.");
    public static readonly ErrorCode KeyReused = new("key_reused", 409, 6, null, "The key was used before for another content.");
    public static readonly ErrorCode Debounced = new("debounced", 429, 5, null, "The link is strict and its last message is younger than the debounce time.");
    public static readonly ErrorCode QueueFull = new("queue_full", 429, 5, null, "A hundred messages already wait on this link.");
    public static readonly ErrorCode RateLimited = new("rate_limited", 429, 5, 4029, "The token makes too many requests or holds too many connections.");
    public static readonly ErrorCode Busy = new("busy", 503, 5, null, "The write queue is full; nothing was stored.");
    public static readonly ErrorCode StorageUnavailable = new("storage_unavailable", 503, 5, null, "The database cannot be written at the moment; nothing was stored.");
    public static readonly ErrorCode StorageFull = new("storage_full", 507, 5, null, "The disk is full; reading and halting go on, sending resumes by itself when space returns.");
    public static readonly ErrorCode OutcomeUnknown = new("outcome_unknown", 504, 5, null, "The write may have happened: repeat it with the same key.");
    public static readonly ErrorCode UnknownModel = new("unknown_model", 400, 2, null, "Unknown model: the model is not in the allowed list of this server; add it to `models.providers`.");
    public static readonly ErrorCode ModelNotAllowed = new("model_not_allowed", 403, 4, null, "Model not allowed: the model is not in `agents.defaults.models`; add an entry with `{}` params.");
    public static readonly ErrorCode MaxChildrenPerAgent = new("maxChildrenPerAgent", 429, 5, null, "Too many concurrent spawns of one agent; wait for completion or increase the limit.");
    public static readonly ErrorCode TooDeep = new("too_deep", 409, 6, null, "A spawned session may not spawn that deep, or the chain has met its bound.");
    public static readonly ErrorCode SessionEnded = new("session_ended", 409, 6, null, "The session has ended; its result is in the parent's inbox and in its log.");
    public static readonly ErrorCode TaskEnded = new("task_ended", 409, 6, null, "The task was completed, failed, canceled or rejected, and stays so.");
    public static readonly ErrorCode NotSupported = new("not_supported", 400, 2, null, "The operation exists, but not for this agent, task or version of the protocol.");
    public static readonly ErrorCode ContentNotSupported = new("content_not_supported", 400, 2, null, "The content is of a kind that messages do not carry, such as the bytes of a file.");
    public static readonly ErrorCode CursorTooOld = new("cursor_too_old", 410, 6, null, "Retention has deleted messages after that cursor; the answer names the oldest number.");
    public static readonly ErrorCode CursorAhead = new("cursor_ahead", 409, 6, null, "The cursor is beyond the last number of the inbox.");
    public static readonly ErrorCode EpochChanged = new("epoch_changed", 409, 6, 4009, "The store was restored or lost its tail; cursors of the old epoch do not count.");
    public static readonly ErrorCode ConsumerTooSlow = new("consumer_too_slow", 429, 5, 4008, "The connection did not read; everything is kept, reconnect with the last cursor.");
    public static readonly ErrorCode OutboundRefused = new("outbound_refused", 403, 4, null, "The operator does not let this server call that address.");
    public static readonly ErrorCode OutboundFailed = new("outbound_failed", 502, 5, null, "The address that was called did not answer as it should, in time and within the limits.");
    public static readonly ErrorCode ShuttingDown = new("shutting_down", 503, 5, 1001, "The server is stopping; reconnect.");
    public static readonly ErrorCode Internal = new("internal", 500, 1, 1011, "A fault of Parley itself; the log has it under the trace id.");

    /// <summary>Every code, for the documentation and the tests that compare the two.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } =
        [.. typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.FieldType == typeof(ErrorCode)).Select(f => (ErrorCode)f.GetValue(null)!)];

    /// <summary>The code by its name, or <see cref="Internal"/> for a name this version does not know.</summary>
    public static ErrorCode Find(string name) => All.FirstOrDefault(code => code.Name == name) ?? Internal;
}
