using System.Diagnostics.CodeAnalysis;

namespace Parley.Core;

/// <summary>The one error of Parley: a refusal or failure with a stable code, a sentence, and what to do about it.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The word of the design is error.")]
[SuppressMessage("Design", "CA1032", Justification = "An error without a code and a fix must not exist.")]
public sealed class ParleyError(ErrorCode code, string message, string fix, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What programs compare.</summary>
    public ErrorCode Code { get; } = code;

    /// <summary>What the caller can do, as a sentence or a command.</summary>
    public string Fix { get; } = fix;

    /// <summary>After what time the same call may succeed; null where waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The field of the input that is wrong, where one is.</summary>
    public string? Field { get; init; }

    /// <summary>Further facts for programs, such as the oldest number of an inbox.</summary>
    public IReadOnlyDictionary<string, object>? Details { get; init; }

    /// <summary>An input value that breaks a documented limit or form.</summary>
    public static ParleyError Invalid(string field, string message, string fix) =>
        new(ErrorCode.InvalidRequest, message, fix) { Field = field };

    /// <summary>The answer for what does not exist and for what the caller may not know of: always the same words.</summary>
    /// <param name="what">What is meant.</param>
    /// <param name="list">The command that lists what there is, or null where several may.</param>
    public static ParleyError NotFound(string what, string? list = null) => new(
        ErrorCode.NotFound, $"There is no such {what}.", list is null ? "Check the name or id; the 'list' commands of parley show what you can reach." : $"Look at the list: {list}");

    /// <summary>The writer has no room for another unit of work.</summary>
    public static ParleyError Busy(TimeSpan retryAfter) =>
        new(ErrorCode.Busy, "The server is busy; nothing was stored.", "Repeat the call after the time in retry_after.") { RetryAfter = retryAfter };
}
