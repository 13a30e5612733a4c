using System.Diagnostics.CodeAnalysis;

namespace Parley.Core.Turns;

/// <summary>A call of a runtime failed. The message says what happened in words for a person and carries no secret.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is a fault of a runtime, told apart from errors of callers.")]
[SuppressMessage("Design", "CA1032", Justification = "A fault without a kind cannot be acted on.")]
public sealed class RuntimeFault(RuntimeFaultKind kind, string message, TimeSpan? retryAfter = null, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What kind of failure, and so what helps.</summary>
    public RuntimeFaultKind Kind { get; } = kind;

    /// <summary>When the provider said to come back, or null.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>What failed.</summary>
public enum RuntimeFaultKind
{
    /// <summary>The connection broke, a stream was cut or a chunk was malformed: the same call may succeed at once.</summary>
    Transient,

    /// <summary>The provider has too much to do or failed itself (429, 5xx): later.</summary>
    Overloaded,

    /// <summary>No answer within the time limit.</summary>
    Timeout,

    /// <summary>Nothing listens at the provider's address.</summary>
    Unreachable,

    /// <summary>No key, or one that the provider refuses.</summary>
    Unauthenticated,

    /// <summary>The provider has no such model, or no provider has that name.</summary>
    UnknownModel,

    /// <summary>The provider refuses this request whatever the time (400, too long, forbidden content).</summary>
    Refused,
}
