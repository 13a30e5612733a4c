using System.Numerics;

namespace Parley.Core.Schedules;

/// <summary>
/// A cron expression with the meaning that it has in unix: five fields, or six with the second before them. Times are those of the clock on the wall; what a
/// time zone makes of them is <see cref="ZoneTime"/>'s.
/// </summary>
internal sealed class CronExpression
{
    /// <summary>What the fix of every wrong expression ends with.</summary>
    public const string Form = "The fields are minute, hour, day of month, month, day of week: \"0 9 * * 1-5\" is 09:00 from Monday to Friday.";

    /// <summary>29 February may be eight years away.</summary>
    private const int YearsAhead = 9;
    private const int MostCharacters = 200;

    private ulong Seconds { get; init; }

    private ulong Minutes { get; init; }

    private ulong Hours { get; init; }

    private ulong Days { get; init; }

    private ulong Months { get; init; }

    private ulong Weekdays { get; init; }

    /// <summary>Where both days are restricted, unix takes a day that is one of the two. A field that begins with '*' restricts nothing.</summary>
    private bool EitherDay { get; init; }

    /// <summary>The text with one space between the fields.</summary>
    public static string Normal(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Reads an expression. Throws <c>invalid_request</c> naming the field that is wrong.</summary>
    public static CronExpression Parse(string? text)
    {
        if (text is null || text.Length > MostCharacters || string.IsNullOrWhiteSpace(text))
        {
            throw ParleyError.Invalid("cron", string.IsNullOrWhiteSpace(text) ? "The cron expression is empty." : "The cron expression is too long.", Form);
        }

        var normal = Normal(text);
        var fields = (normal.StartsWith('@') ? Named(normal) : normal).Split(' ');
        if (fields.Length is not (5 or 6))
        {
            throw ParleyError.Invalid("cron", $"The cron expression has {fields.Length} {(fields.Length == 1 ? "field" : "fields")} instead of 5, or 6 with seconds.", Form);
        }

        if (fields.Any(field => field.Contains('?', StringComparison.Ordinal)))
        {
            throw ParleyError.Invalid("cron", "'?' is not of unix cron.", $"Write '*', and count the days of the week from 0 (Sunday) or by name. {Form}");
        }

        var at = fields.Length - 5;
        var read = new CronExpression
        {
            Seconds = at == 0 ? 1 : CronField.Second.Read(fields[0]),
            Minutes = CronField.Minute.Read(fields[at]),
            Hours = CronField.Hour.Read(fields[at + 1]),
            Days = CronField.Day.Read(fields[at + 2]),
            Months = CronField.Month.Read(fields[at + 3]),
            Weekdays = CronField.Weekday.Read(fields[at + 4]),
            EitherDay = fields[at + 2][0] != '*' && fields[at + 4][0] != '*',
        };
        return read.After(new DateTime(2000, 1, 1)) is null
            ? throw ParleyError.Invalid("cron", $"The day of month '{fields[at + 2]}' never comes in the month '{fields[at + 3]}'.", $"Choose a day that the month has. {Form}")
            : read;
    }

    /// <summary>The first time of the wall after another, or null where none comes.</summary>
    public DateTime? After(DateTime wall)
    {
        var from = new DateTime(wall.Ticks - (wall.Ticks % TimeSpan.TicksPerSecond)).AddSeconds(1);
        var last = from.Date.AddYears(YearsAhead);
        for (var day = from.Date; day < last; day = day.AddDays(1))
        {
            if (Falls(day) && TimeFrom(day == from.Date ? from.TimeOfDay : TimeSpan.Zero) is { } time)
            {
                return day + time;
            }
        }

        return null;
    }

    private static string Named(string text) => text.ToLowerInvariant() switch
    {
        "@yearly" or "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" or "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => throw ParleyError.Invalid("cron", $"'{text}' is not a time that cron knows.", $"Use @hourly, @daily, @weekly, @monthly or @yearly, or fields. {Form}"),
    };

    private bool Falls(DateTime day)
    {
        var (date, weekday) = (Has(Days, day.Day), Has(Weekdays, (int)day.DayOfWeek));
        return Has(Months, day.Month) && (EitherDay ? date || weekday : date && weekday);
    }

    private TimeSpan? TimeFrom(TimeSpan from)
    {
        for (var hour = Next(Hours, from.Hours); hour < 24; hour = Next(Hours, hour + 1))
        {
            var sameHour = hour == from.Hours;
            for (var minute = Next(Minutes, sameHour ? from.Minutes : 0); minute < 60; minute = Next(Minutes, minute + 1))
            {
                var second = Next(Seconds, sameHour && minute == from.Minutes ? from.Seconds : 0);
                if (second < 60)
                {
                    return new TimeSpan(hour, minute, second);
                }
            }
        }

        return null;
    }

    private static bool Has(ulong set, int number) => (set >> number & 1) != 0;

    /// <summary>The first number of the set from one on, or 64 and more.</summary>
    private static int Next(ulong set, int from) => from + BitOperations.TrailingZeroCount(set >> from);
}
