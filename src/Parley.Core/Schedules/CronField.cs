using System.Globalization;

namespace Parley.Core.Schedules;

/// <summary>One field of a cron expression: what it is called, which numbers it takes, and by which names.</summary>
internal sealed record CronField(string Name, int Least, int Most, string Example, params string[] Names)
{
    private const int Sunday = 7;

    public static readonly CronField Second = new("second", 0, 59, "0, */10 or 0,30");
    public static readonly CronField Minute = new("minute", 0, 59, "0, */15 or 0,30");
    public static readonly CronField Hour = new("hour", 0, 23, "9, 8-17 or */2");
    public static readonly CronField Day = new("day of month", 1, 31, "1, 1,15 or *");
    public static readonly CronField Month = new("month", 1, 12, "1, JAN-MAR or *", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    public static readonly CronField Weekday = new("day of week", 0, 6, "1-5, MON-FRI or * (0 and 7 are Sunday)", "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    /// <summary>The greatest number that may be written: Sunday is 0 and 7.</summary>
    private int Top => this == Weekday ? Sunday : Most;

    /// <summary>The numbers of the field, as bits. Throws <c>invalid_request</c> naming the field.</summary>
    public ulong Read(string text)
    {
        var set = 0UL;
        foreach (var part in text.Split(','))
        {
            set |= ReadPart(part);
        }

        return set;
    }

    private ulong ReadPart(string part)
    {
        var (range, step) = part.Split('/') is [var before, var after] ? (before, StepOf(after, part)) : (part, 0);
        var (from, to) = range switch
        {
            "*" => (Least, Most),
            _ when range.Split('-') is [var first, var last] => (NumberOf(first, part), EndOf(last, part)),
            _ => (NumberOf(range, part), step > 0 ? Most : NumberOf(range, part)),
        };
        if (from > to)
        {
            throw Wrong(part, $"'{range}' runs backwards");
        }

        var set = 0UL;
        for (var number = from; number <= to; number += Math.Max(1, step))
        {
            set |= 1UL << (this == Weekday ? number % Sunday : number);
        }

        return set;
    }

    private int StepOf(string text, string part) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step > 0 && step <= Top ? step : throw Wrong(part, $"the step '{text}' is not a number from 1 to {Top}");

    /// <summary>A range that ends on a Sunday ends the week.</summary>
    private int EndOf(string text, string part) => this == Weekday && text.Equals("SUN", StringComparison.OrdinalIgnoreCase) ? Sunday : NumberOf(text, part);

    private int NumberOf(string text, string part)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number >= Least && number <= Top
                ? number
                : throw Wrong(part, $"{number} is not within {Least} and {Top}");
        }

        var index = Array.FindIndex(Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return index >= 0 ? index + Least : throw Wrong(part, text.Length == 0 ? "a number is missing" : $"'{text}' is neither a number nor a name of it");
    }

    private ParleyError Wrong(string part, string why) => ParleyError.Invalid(
        "cron", $"The {Name} of the cron expression is wrong: {why}{(part.Length > 0 && !why.Contains(part, StringComparison.Ordinal) ? $" in '{part}'" : "")}.",
        $"Write the {Name} as {Example}. {CronExpression.Form}");
}
