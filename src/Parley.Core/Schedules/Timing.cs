namespace Parley.Core.Schedules;

/// <summary>When a schedule fires.</summary>
/// <param name="Kind">How the text is read.</param>
/// <param name="Text">A cron expression; for <see cref="TimingKind.Every"/> the seconds; for <see cref="TimingKind.At"/> the moment in UTC as ISO 8601.</param>
/// <param name="Zone">The time zone (IANA) in which a cron expression is read and times are shown.</param>
/// <param name="Anchor">From when an interval counts: whole seconds.</param>
public sealed record Timing(TimingKind Kind, string Text, string Zone, DateTimeOffset Anchor);

/// <summary>How the text of a <see cref="Timing"/> is read.</summary>
public enum TimingKind
{
    /// <summary>The clock on the wall of a time zone, as in unix cron.</summary>
    Cron,

    /// <summary>Again after the same length of time, whatever the clocks on the wall do.</summary>
    Every,

    /// <summary>Once.</summary>
    At,
}
