using System.Globalization;

namespace Parley.Tests.Schedules;

/// <summary>
/// Unix cron as its manual describes it, without any cleverness: looks at every minute (or second) that passes, in the order in which it passes. A time of the wall
/// that was seen already does not count again; those that a clock put forward has jumped over count when it has jumped.
/// </summary>
internal sealed class NaiveCron
{
    private static readonly string[] Months = ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    private readonly string[] fields;
    private readonly bool[][] fits;
    private readonly bool seconds;

    public NaiveCron(string expression)
    {
        fields = expression.ToLowerInvariant().Split(' ');
        seconds = fields.Length == 6;
        fields = seconds ? fields : ["0", .. fields];
        fits = [Fits(fields[0], 0, 59, []), Fits(fields[1], 0, 59, []), Fits(fields[2], 0, 23, []), Fits(fields[3], 1, 31, []), Fits(fields[4], 1, 12, Months), Fits(fields[5], 0, 6, Weekdays)];
        fits[5][0] |= Field(fields[5], 7, 0, 7, Weekdays);
    }

    public List<DateTimeOffset> Between(DateTimeOffset after, DateTimeOffset until, TimeZoneInfo zone)
    {
        var (step, fired) = (TimeSpan.FromSeconds(seconds ? 1 : 60), new List<DateTimeOffset>());
        // A day before, so that it is known which times of the wall have been.
        var seen = DateTime.MinValue;
        for (var moment = after.AddDays(-1); moment <= until; moment += step)
        {
            var wall = TimeZoneInfo.ConvertTime(moment, zone).DateTime;
            var passed = false;
            for (var time = seen == DateTime.MinValue || moment <= after ? wall : seen + step; time <= wall && !passed; time += step)
            {
                passed = Matches(time);
            }

            if (wall > seen)
            {
                seen = wall;
                if (passed && moment > after)
                {
                    fired.Add(moment);
                }
            }
        }

        return fired;
    }

    private bool Matches(DateTime wall)
    {
        var (date, weekday) = (fits[3][wall.Day], fits[5][(int)wall.DayOfWeek]);
        var day = fields[3].StartsWith('*') || fields[5].StartsWith('*') ? date && weekday : date || weekday;
        return day && fits[0][wall.Second] && fits[1][wall.Minute] && fits[2][wall.Hour] && fits[4][wall.Month];
    }

    /// <summary>For each value whether the field names it.</summary>
    private static bool[] Fits(string text, int least, int most, string[] names) => [.. Enumerable.Range(0, most + 1).Select(value => Field(text, value, least, most, names))];

    private static bool Field(string text, int value, int least, int most, string[] names) => text.Split(',').Any(part =>
    {
        var every = part.Split('/');
        var range = every[0] == "*" ? [least, most] : every[0].Split('-').Select(word => Number(word, names)).ToArray();
        var (from, to) = (range[0], range.Length > 1 ? range[1] : every.Length > 1 ? most : range[0]);
        to = names.Contains("sun") && every[0].EndsWith("-sun", StringComparison.Ordinal) ? 7 : to;
        return value >= from && value <= to && (value - from) % (every.Length > 1 ? Number(every[1], []) : 1) == 0;
    });

    private static int Number(string word, string[] names) => Array.IndexOf(names, word) is >= 0 and var index ? index : int.Parse(word, CultureInfo.InvariantCulture);
}
