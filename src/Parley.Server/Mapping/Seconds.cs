using Parley.Core;

namespace Parley.Server.Mapping;

/// <summary>Durations travel as seconds.</summary>
internal static class Seconds
{
    private const double Most = 10L * 365 * 24 * 3600;

    /// <summary>The duration; refuses what no duration can be.</summary>
    public static TimeSpan? ToTime(double? seconds, string field) => seconds switch
    {
        null => null,
        >= 0 and <= Most => TimeSpan.FromSeconds(seconds.Value),
        _ => throw ParleyError.Invalid(field, $"'{field}' is out of bounds.", "Use a positive number of seconds."),
    };
}
