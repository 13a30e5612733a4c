using System.Text.RegularExpressions;

namespace Parley.Core.Schedules;

/// <summary>
/// Times of the clock on the wall and what they are in UTC. A time that does not exist, because clocks are put forward, is the first moment after the gap; one that
/// exists twice, because they are put back, is the first of the two.
/// </summary>
internal static partial class ZoneTime
{
    /// <summary>Further than any zone is from UTC.</summary>
    private static readonly TimeSpan Far = TimeSpan.FromHours(15);

    /// <summary>The time zone of that name (IANA). Throws <c>invalid_request</c> where this machine does not know it.</summary>
    public static TimeZoneInfo Find(string name)
    {
        try
        {
            return Form().IsMatch(name) ? TimeZoneInfo.FindSystemTimeZoneById(name) : throw new TimeZoneNotFoundException();
        }
        catch (Exception fault) when (fault is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw ParleyError.Invalid("time_zone", "The server knows no such time zone.", "Use a name such as Europe/Berlin, America/New_York or UTC; 'timedatectl list-timezones' lists them.");
        }
    }

    /// <summary>What the clock on the wall shows.</summary>
    public static DateTimeOffset In(TimeZoneInfo zone, DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone);

    /// <summary>The one moment for a time of the wall.</summary>
    public static DateTimeOffset MomentOf(TimeZoneInfo zone, DateTime wall)
    {
        var asUtc = new DateTimeOffset(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified), TimeSpan.Zero);
        var (before, after) = (zone.GetUtcOffset(asUtc - Far), zone.GetUtcOffset(asUtc + Far));
        // Clocks that are put back have the greater offset first, which gives the earlier moment.
        foreach (var moment in new[] { asUtc - (before > after ? before : after), asUtc - (before > after ? after : before) })
        {
            if (In(zone, moment).DateTime == wall)
            {
                return moment;
            }
        }

        return EndOfGap(zone, wall, asUtc - Far, asUtc + Far);
    }

    private static DateTimeOffset EndOfGap(TimeZoneInfo zone, DateTime wall, DateTimeOffset before, DateTimeOffset after)
    {
        while (after - before > TimeSpan.FromSeconds(1))
        {
            var middle = before + TimeSpan.FromSeconds(Math.Floor((after - before).TotalSeconds / 2));
            (before, after) = In(zone, middle).DateTime < wall ? (middle, after) : (before, middle);
        }

        return after;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_+\-]{1,30}(/[A-Za-z0-9_+\-]{1,30}){0,3}\z")]
    private static partial Regex Form();
}
