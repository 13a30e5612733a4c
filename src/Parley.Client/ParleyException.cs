using System.Diagnostics.CodeAnalysis;
using Parley.Client.Wire;

namespace Parley.Client;

/// <summary>A refusal or failure, with the server's code, sentence and fix.</summary>
[SuppressMessage("Design", "CA1032", Justification = "An error without a code and a fix must not exist.")]
public sealed class ParleyException(Problem problem, Exception? cause = null) : Exception(problem.Title, cause)
{
    /// <summary>The code of a server that could not be reached at all; nothing was stored.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>The code of a call whose answer was lost: it may have been done, so repeat it with the same key.</summary>
    public const string OutcomeUnknown = "outcome_unknown";

    /// <summary>What the server said, or what this client found out by itself.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>The stable code that programs compare.</summary>
    public string Code => Problem.Code;

    /// <summary>What to do about it.</summary>
    public string Fix => Problem.Fix;

    /// <summary>After what time the same call may succeed; null where waiting does not help.</summary>
    public TimeSpan? RetryAfter => Problem.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    internal static ParleyException NoServer(Uri server, Exception? cause) => new(
        new Problem { Code = Unreachable, Title = $"No Parley server answers at {server.GetLeftPart(UriPartial.Authority)}.", Fix = "Start one with 'parley up', or name another with PARLEY_URL." },
        cause);

    internal static ParleyException LostAnswer(Exception? cause) => new(
        new Problem { Code = OutcomeUnknown, Status = 504, Title = "The connection was lost before the answer came; the call may have been done.", Fix = "Repeat it with the same key, or look whether it was done." },
        cause);

    /// <summary>The error of a send that was made at least once without an answer: what came afterwards says nothing about the first time.</summary>
    internal static ParleyException UnknownSend(string? key, ParleyException last) => new(
        new Problem
        {
            Code = OutcomeUnknown,
            Status = 504,
            Title = "The answer to the message was lost; it may have been stored."
                + (last.Code == OutcomeUnknown ? "" : $" Repeating it was refused: {last.Message}"),
            Fix = key is null ? "Look whether it was stored before you send it again." : $"Send it again with the key '{key}': that never stores it twice.",
            RetryAfter = last.Problem.RetryAfter,
        },
        last);

    internal static ParleyException Closed() => new(
        new Problem { Code = "closed", Title = "The socket was closed by this program.", Fix = "Connect again." });

    /// <summary>The error behind an HTTP status that came without problem details: what stands between answered, such as a load balancer whose node is away.</summary>
    /// <param name="status">The status.</param>
    /// <param name="cause">What was thrown, or null.</param>
    /// <param name="wait">What the answer's <c>Retry-After</c> asks for, or null.</param>
    internal static ParleyException FromStatus(int status, Exception? cause = null, TimeSpan? wait = null)
    {
        var (code, title, fix) = status switch
        {
            401 => ("unauthenticated", "The token is missing, unknown, expired or revoked.", "Use a valid token: 'parley token add'."),
            403 => ("forbidden", "The token may not do this.", "Use a token of the agent or user that may."),
            404 => ("not_found", "There is nothing at that address.", "Check the names in it and the server's version."),
            429 => ("rate_limited", "There are too many requests or connections.", "Wait a little and repeat."),
            408 => ("busy", "The call did not reach the server whole in its time; nothing was done.", "Repeat it in a moment."),
            503 => ("busy", "The server cannot take the call at the moment.", "Repeat it in a moment."),
            502 or 504 => (OutcomeUnknown, "What stands before the server got no answer from it; the call may have been done.", "Repeat it with the same key, or look whether it was done."),
            _ => ("internal", $"The server answered with status {status}.", "See the server's log."),
        };
        return new ParleyException(new Problem { Code = code, Status = status, Title = title, Fix = fix, RetryAfter = wait?.TotalSeconds ?? (status is 503 or 408 ? 1 : null) }, cause);
    }
}
