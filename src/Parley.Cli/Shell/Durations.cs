using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Parley.Cli.Shell;

/// <summary>Options that take a length of time: <c>90s</c>, <c>15m</c>, <c>6h</c>, <c>2d</c>, or a number in the option's own unit.</summary>
internal static class Durations
{
    public static Option<TimeSpan?> Option(string name, string description, TimeSpan unit) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (TryParse(result.Tokens[0].Value, unit, out var span))
            {
                return span;
            }

            result.AddError($"'{result.Tokens[0].Value}' is not a length of time for {name}: write 90s, 15m, 6h or 2d.");
            return null;
        },
    };

    /// <summary>A time given as a length from now, or in ISO 8601.</summary>
    public static Option<DateTimeOffset?> Moment(string name, string description, TimeProvider time, bool past = false) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => ParseMoment(result, name, time, past),
    };

    public static bool TryParse(string text, TimeSpan unit, out TimeSpan span)
    {
        var (number, one) = text.Length == 0 ? (text, unit) : text[^1] switch
        {
            's' => (text[..^1], TimeSpan.FromSeconds(1)),
            'm' => (text[..^1], TimeSpan.FromMinutes(1)),
            'h' => (text[..^1], TimeSpan.FromHours(1)),
            'd' => (text[..^1], TimeSpan.FromDays(1)),
            _ => (text, unit),
        };
        var valid = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count * one.TotalDays < 36500;
        span = valid ? one * count : default;
        return valid;
    }

    private static DateTimeOffset? ParseMoment(ArgumentResult result, string name, TimeProvider time, bool past)
    {
        var text = result.Tokens[0].Value;
        if (TryParse(text, TimeSpan.FromSeconds(1), out var span) && !char.IsDigit(text[^1]))
        {
            return past ? time.GetUtcNow() - span : time.GetUtcNow() + span;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment))
        {
            return moment;
        }

        result.AddError($"'{text}' is not a time for {name}: write 15m, 6h, or 2030-01-31T12:00:00Z.");
        return null;
    }
}
