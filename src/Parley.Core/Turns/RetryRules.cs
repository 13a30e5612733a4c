namespace Parley.Core.Turns;

/// <summary>What to do after a model call has failed.</summary>
/// <param name="Kind">Ask again, ask the fallback model, or give up.</param>
/// <param name="Wait">How long to wait before; zero where nothing is waited for.</param>
public readonly record struct RetryStep(RetryKind Kind, TimeSpan Wait = default);

/// <summary>The ways on after a failed call.</summary>
public enum RetryKind
{
    /// <summary>The same model again.</summary>
    Again,

    /// <summary>The fallback model, with a warning.</summary>
    Fallback,

    /// <summary>The turn fails.</summary>
    GiveUp,
}

/// <summary>Decides what follows a failed model call, and when a failed turn is tried again. Pure.</summary>
public static class RetryRules
{
    /// <summary>Failed turns over one delivery after which it is a dead letter.</summary>
    public const int TurnsPerDelivery = 5;

    /// <summary>Calls of one model that fail before the next thing is tried.</summary>
    public const int CallsPerModel = 5;

    /// <summary>How long a call waits within its turn; a longer wait is stored, and the turn given back until then.</summary>
    public static readonly TimeSpan LongestWaitInTurn = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Base = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];

    /// <summary>What follows a failure.</summary>
    /// <param name="fault">What failed.</param>
    /// <param name="failures">How many calls of this model have failed in a row, this one included.</param>
    /// <param name="canFallBack">Whether there is another model that was not asked yet.</param>
    /// <param name="jitter">A random number from 0 to 1, so that those who failed together do not come back together.</param>
    public static RetryStep Next(RuntimeFault fault, int failures, bool canFallBack, double jitter)
    {
        var otherwise = new RetryStep(canFallBack ? RetryKind.Fallback : RetryKind.GiveUp);
        switch (fault.Kind)
        {
            case RuntimeFaultKind.Transient when failures <= 2:
                return new RetryStep(RetryKind.Again);
            case RuntimeFaultKind.Timeout when failures >= 2:
                return otherwise;
            case RuntimeFaultKind.Transient or RuntimeFaultKind.Overloaded or RuntimeFaultKind.Unreachable or RuntimeFaultKind.Timeout when failures < CallsPerModel:
                return new RetryStep(RetryKind.Again, Backoff(failures, fault.RetryAfter, jitter));
            default:
                return otherwise;
        }
    }

    /// <summary>How long a session rests after that many failed turns in a row.</summary>
    public static TimeSpan Pause(int failedTurns) => Pauses[Math.Clamp(failedTurns - 1, 0, Pauses.Length - 1)];

    /// <summary>Whether a person has to change something before it can succeed.</summary>
    public static bool NeedsPerson(RuntimeFaultKind kind) => kind is RuntimeFaultKind.Unauthenticated or RuntimeFaultKind.UnknownModel or RuntimeFaultKind.Refused;

    private static TimeSpan Backoff(int failures, TimeSpan? retryAfter, double jitter)
    {
        var most = Math.Min(LongestBackoff.TotalSeconds, Base.TotalSeconds * Math.Pow(2, failures - 1));
        // Between half of it and all of it.
        var wait = TimeSpan.FromSeconds(most * (0.5 + (jitter / 2)));
        var asked = retryAfter is { } after && after < LongestRetryAfter ? after : retryAfter is null ? TimeSpan.Zero : LongestRetryAfter;
        return asked > wait ? asked : wait;
    }
}
