using System.Globalization;
using Parley.Core;

namespace Parley.Server.Http;

/// <summary>Parameters of pages.</summary>
internal static class Page
{
    public static int Limit(int? limit, int otherwise) => limit switch
    {
        null => otherwise,
        >= 1 and <= Limits.PageRows => limit.Value,
        _ => throw ParleyError.Invalid("limit", "The limit is out of bounds.", $"Use 1 to {Limits.PageRows}."),
    };

    public static long? Number(string? text, string field) => text is null ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw ParleyError.Invalid(field, $"'{field}' is not a number of a message.", "Within one conversation hand in a message's number.");

    public static Guid? Id(string? text, string field) => text is null ? null
        : Guid.TryParse(text, out var id) ? id
        : throw ParleyError.Invalid(field, $"'{field}' is not the id of a message.", "Across conversations hand in 'next' of the page before.");

    /// <summary>Refuses a parameter that makes no sense here.</summary>
    public static long? Nothing(string? text, string field) => text is null ? null
        : throw ParleyError.Invalid(field, $"'{field}' needs one conversation.", "Name it: conversation, channel or with.");

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
