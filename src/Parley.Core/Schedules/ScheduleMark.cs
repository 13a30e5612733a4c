using System.Globalization;
using System.Text.Json.Nodes;
using Parley.Core.Messages;

namespace Parley.Core.Schedules;

/// <summary>The metadata of a message that a schedule posted: which it was, and for which due time.</summary>
public static class ScheduleMark
{
    /// <summary>Its name; only Parley itself writes it.</summary>
    public const string Name = Draft.Reserved + "schedule";

    internal static JsonObject Of(Schedule schedule, DateTimeOffset due) => new()
    {
        [Name] = new JsonObject { ["id"] = schedule.Id.ToString(), ["name"] = schedule.Name, ["due"] = due.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture) },
    };
}
