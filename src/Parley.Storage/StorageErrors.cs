using Parley.Core;

namespace Parley.Storage;

/// <summary>The refusals both engines answer with, always in the same words.</summary>
internal static class StorageErrors
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public static ParleyError Busy() => ParleyError.Busy(Soon);

    public static ParleyError Full(Exception? cause = null) => new(ErrorCode.StorageFull,
        "The disk is full; nothing was stored.", "Free space on the disk of the database; sending resumes by itself.", cause) { RetryAfter = Soon };

    public static ParleyError Unavailable(string? reason, Exception? cause = null) => new(ErrorCode.StorageUnavailable,
        $"The database is not available ({reason ?? "unknown"}); nothing was stored.", "Repeat the call later; 'parley doctor' shows the state.", cause) { RetryAfter = Soon };

    /// <summary>At the start, where waiting does not help as it does with <see cref="Unavailable"/>.</summary>
    public static ParleyError NotOpened(string reason, string fix, Exception cause) => new(ErrorCode.StorageUnavailable, $"The database cannot be opened: {reason}", fix, cause);

    public static ParleyError OutcomeUnknown(Exception cause) => new(ErrorCode.OutcomeUnknown,
        "The database failed while it committed; the write may have happened.", "Repeat the call with the same key.", cause) { RetryAfter = Soon };

    public static ParleyError ShuttingDown() => new(ErrorCode.ShuttingDown,
        "The server is stopping; nothing was stored.", "Reconnect and repeat the call.") { RetryAfter = Soon };
}
