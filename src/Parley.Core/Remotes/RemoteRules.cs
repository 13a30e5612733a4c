namespace Parley.Core.Remotes;

/// <summary>What becomes of a delivery to a remote agent. Pure.</summary>
public static class RemoteRules
{
    /// <summary>The longest time that a call to a remote agent may take.</summary>
    public static readonly TimeSpan CallTime = TimeSpan.FromSeconds(30);

    /// <summary>How long one node may be busy with one step before another takes it up. Longer than <see cref="CallTime"/>.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    /// <summary>How long a remote agent may work on one message.</summary>
    public static readonly TimeSpan TaskTime = TimeSpan.FromMinutes(15);

    /// <summary>The pauses between attempts to hand a message over; after the last one it is a dead letter.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    /// <summary>How long a delivery waits that the operator does not allow; that is no attempt.</summary>
    public static readonly TimeSpan RefusedPause = TimeSpan.FromMinutes(1);

    private const double Jitter = 0.2;
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(30);

    /// <summary>The delivery after a call.</summary>
    /// <param name="call">As it was claimed; the attempt is counted.</param>
    /// <param name="answer">What came back, or null.</param>
    /// <param name="fault">Why nothing came back, or null.</param>
    /// <param name="now">The time.</param>
    /// <param name="jitter">A random number from 0 to 1.</param>
    public static RemoteCall After(RemoteCall call, RemoteAnswer? answer, ParleyError? fault, DateTimeOffset now, double jitter)
    {
        if (fault?.Code == ErrorCode.OutboundRefused)
        {
            return call with { Attempts = call.Attempts - 1, NextAt = now + RefusedPause, Reason = $"{fault.Message} {fault.Fix}" };
        }

        if (fault is not null && call.Phase == RemotePhase.Poll)
        {
            return Look(call, call.TaskId!, now) with { Reason = fault.Message };
        }

        if (fault is not null)
        {
            return call.Attempts > Pauses.Count ? Dead(call, fault.Message, now) : call with { NextAt = now + (Pauses[Math.Max(call.Attempts, 1) - 1] * (1 + (Jitter * jitter))), Reason = fault.Message };
        }

        return answer!.State switch
        {
            RemoteState.Failed => Dead(call, answer.Text ?? "The remote agent refused it.", now),
            RemoteState.Working when answer.TaskId is null => Dead(call, "The remote agent works on it and has named no task.", now),
            RemoteState.Working => Look(call, answer.TaskId, now),
            _ => call with { Phase = string.IsNullOrWhiteSpace(answer.Text) ? RemotePhase.Done : RemotePhase.Answer, Answer = answer.Text, TaskId = answer.TaskId, Attempts = 0, NextAt = now, Reason = null },
        };
    }

    /// <summary>The answer waits because it cannot be sent now, such as on a link whose queue is full; null where waiting does not help.</summary>
    public static RemoteCall? Wait(RemoteCall call, ParleyError refusal, DateTimeOffset now) =>
        refusal.RetryAfter is not null || refusal.Code == ErrorCode.Halted || refusal.Code.HttpStatus is 429 or >= 500
            ? call with { NextAt = now + Max(refusal.RetryAfter ?? TimeSpan.Zero, FirstLook), Reason = refusal.Message }
            : null;

    private static RemoteCall Look(RemoteCall call, string taskId, DateTimeOffset now)
    {
        var looks = call.Phase == RemotePhase.Poll ? call.Attempts : 0;
        var pause = FirstLook * Math.Pow(2, Math.Min(looks, 5));
        return now - call.StartedAt >= TaskTime
            ? Dead(call, $"The remote agent was not done after {TaskTime.TotalMinutes} minutes.", now)
            : call with { Phase = RemotePhase.Poll, TaskId = taskId, Attempts = looks, NextAt = now + (pause < LongestLook ? pause : LongestLook), Reason = null };
    }

    private static RemoteCall Dead(RemoteCall call, string reason, DateTimeOffset now) => call with { Phase = RemotePhase.Dead, Reason = reason, NextAt = now };

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
