using Parley.Core.Outbound;

namespace Parley.Core.Webhooks;

/// <summary>What becomes of a call. Pure.</summary>
public static class WebhookRules
{
    /// <summary>The newest calls of a webhook that are kept.</summary>
    public const int CallsKept = 200;

    /// <summary>By how much a pause is longer than said, at the most.</summary>
    public const double Jitter = 0.2;

    private const int Gone = 410;
    private const int TooManyRequests = 429;
    private const int Unavailable = 503;

    /// <summary>How long one node may take for a call before another takes it up. Longer than <see cref="OutboundCall.UsualTime"/>.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>How long an old secret signs too after it was rotated.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    /// <summary>The pauses between the attempts of a call, as Standard Webhooks recommends them; after the last attempt it is dead.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(10),
    ];

    /// <summary>How long a call waits that the operator does not allow; that is no attempt.</summary>
    public static readonly TimeSpan RefusedPause = TimeSpan.FromMinutes(1);

    /// <summary>The longest time that a receiver may ask for.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(24);

    /// <summary>The call after an answer, or after none.</summary>
    /// <param name="call">As it was claimed; the attempt is counted.</param>
    /// <param name="answer">What came back, or null.</param>
    /// <param name="fault">Why nothing came back, or null.</param>
    /// <param name="now">The time.</param>
    /// <param name="jitter">A random number from 0 to 1.</param>
    public static WebhookCall After(WebhookCall call, OutboundAnswer? answer, ParleyError? fault, DateTimeOffset now, double jitter)
    {
        if (fault?.Code == ErrorCode.OutboundRefused)
        {
            return call with { Attempts = call.Attempts - 1, NextAt = now + RefusedPause, Status = null, Reason = $"{fault.Message} {fault.Fix}" };
        }

        var tried = call with { Status = answer?.Status, Reason = fault?.Message ?? (answer!.IsSuccess ? null : ReasonOf(answer)) };
        if (answer is { IsSuccess: true })
        {
            return tried with { State = WebhookCallState.Delivered, NextAt = null, EndedAt = now };
        }

        if (IsGone(answer) || call.Attempts > Pauses.Count)
        {
            return tried with { State = WebhookCallState.Dead, NextAt = null, EndedAt = now };
        }

        var pause = Pauses[Math.Max(call.Attempts, 1) - 1] * (1 + (Jitter * jitter));
        var asked = answer is { Status: TooManyRequests or Unavailable, RetryAfter: { } wait } ? wait : TimeSpan.Zero;
        return tried with { NextAt = now + (asked > LongestPause ? LongestPause : asked > pause ? asked : pause) };
    }

    /// <summary>Whether the receiver wants no further calls.</summary>
    public static bool IsGone(OutboundAnswer? answer) => answer?.Status == Gone;

    private static string ReasonOf(OutboundAnswer answer) => answer.Status is >= 300 and <= 399 ? $"It answered {answer.Status}; redirects are not followed." : $"It answered {answer.Status}.";
}
