using System.Globalization;

namespace Parley.Core.Schedules;

/// <summary>The moments at which a <see cref="Timing"/> is due. They are whole seconds.</summary>
internal sealed class Calendar
{
    private readonly Func<DateTimeOffset, DateTimeOffset?> next;

    private Calendar(Func<DateTimeOffset, DateTimeOffset?> next) => this.next = next;

    /// <summary>Reads a timing. Throws <c>invalid_request</c>.</summary>
    public static Calendar Of(Timing timing) => timing.Kind switch
    {
        TimingKind.Every => OfInterval(timing.Anchor, TimeSpan.FromSeconds(long.Parse(timing.Text, CultureInfo.InvariantCulture))),
        TimingKind.At => OfMoment(DateTimeOffset.Parse(timing.Text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)),
        _ => OfCron(CronExpression.Parse(timing.Text), ZoneTime.Find(timing.Zone)),
    };

    /// <summary>The first due moment after one, in UTC, or null where none comes.</summary>
    public DateTimeOffset? After(DateTimeOffset moment) => next(moment);

    /// <summary>The last due moment from one that is due to another; both count.</summary>
    public DateTimeOffset Last(DateTimeOffset first, DateTimeOffset until) => Cut(first, until, 1);

    /// <summary>Of the due moments between the two, both counted, the one from which there are at most so many.</summary>
    public DateTimeOffset Cut(DateTimeOffset first, DateTimeOffset until, int most)
    {
        if (Count(first, until, most + 1) <= most)
        {
            return first;
        }

        // More than 'most' come after 'many', and at most that many after 'few'.
        var (many, few) = (first.AddSeconds(-1), until);
        while (few - many > TimeSpan.FromSeconds(1))
        {
            var middle = many + TimeSpan.FromSeconds(Math.Floor((few - many).TotalSeconds / 2));
            (many, few) = After(middle) is { } due && Count(due, until, most + 1) > most ? (middle, few) : (many, middle);
        }

        return After(few)!.Value;
    }

    /// <summary>How many due moments lie from one that is due to another; both count, up to a number.</summary>
    public int Count(DateTimeOffset first, DateTimeOffset until, int most)
    {
        var count = 0;
        for (DateTimeOffset? due = first; count < most && due <= until; due = After(due.Value))
        {
            count++;
        }

        return count;
    }

    private static Calendar OfInterval(DateTimeOffset anchor, TimeSpan step) => new(moment =>
        anchor.AddTicks(step.Ticks * (moment < anchor ? 1 : ((moment - anchor).Ticks / step.Ticks) + 1)));

    private static Calendar OfMoment(DateTimeOffset at) => new(moment => at > moment ? at : null);

    private static Calendar OfCron(CronExpression cron, TimeZoneInfo zone) => new(moment =>
    {
        // In the second of two hours the first one's times come again, and several times of a gap are one moment.
        for (var wall = cron.After(ZoneTime.In(zone, moment).DateTime); wall is { } time; wall = cron.After(time))
        {
            if (ZoneTime.MomentOf(zone, time) is var due && due > moment)
            {
                return due;
            }
        }

        return null;
    });
}
