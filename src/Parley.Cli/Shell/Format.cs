using System.Globalization;
using Parley.Client.Wire;

namespace Parley.Cli.Shell;

/// <summary>How times, durations and messages are written for people.</summary>
internal static class Format
{
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string? Time(DateTimeOffset? time) => time is { } value ? Time(value) : null;

    /// <summary>Times on a terminal are those of the clock on the wall.</summary>
    public static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string? Local(DateTimeOffset? time) => time is { } value ? Local(value) : null;

    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)span.TotalMilliseconds)} ms"),
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(span.TotalSeconds)} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(span.TotalMinutes)} min"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0.#} days"),
    };

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string YesNo(bool value) => value ? "yes" : "no";

    /// <summary>Where a message was said.</summary>
    public static string Place(MessageView message) => message.Channel is { } channel ? $"#{channel}" : message.ConversationKind;

    /// <summary>The text, or why it is kept back.</summary>
    public static string Text(MessageView message) => message.Content ?? $"[{message.Withheld ?? "withheld"}]";
}
