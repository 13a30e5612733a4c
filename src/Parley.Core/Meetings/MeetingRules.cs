using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>Checks the settings of a meeting. Pure; a wrong one is <c>invalid_request</c> naming the field.</summary>
public static class MeetingRules
{
    /// <summary>The most participants of a meeting: everybody can be asked by one message.</summary>
    public const int MostParticipants = Parley.Core.Limits.Recipients;

    /// <summary>A chain length: 0 to <see cref="ChainRules.GreatestLength"/>.</summary>
    public static int ChainLength(int length) => length is >= 0 and <= ChainRules.GreatestLength
        ? length
        : throw ParleyError.Invalid("chain_length", "The chain length is out of bounds.", $"Use 0 (no chaining) to {ChainRules.GreatestLength}; 4 is usual.");

    /// <summary>The strategy of a name; null is <see cref="Strategy.Depth"/>.</summary>
    public static Strategy StrategyOf(string? name) => name switch
    {
        null or "depth" => Strategy.Depth,
        "budget" => Strategy.Budget,
        "no_new_content" => Strategy.NoNewContent,
        "consensus" => Strategy.Consensus,
        "moderator" => Strategy.Moderator,
        _ => throw ParleyError.Invalid("strategy", "The strategy is unknown.", "Use depth, budget, no_new_content, consensus or moderator."),
    };

    /// <summary>The name of a strategy, in templates and on the wire.</summary>
    public static string NameOf(Strategy strategy) => strategy == Strategy.NoNewContent ? "no_new_content" : strategy.ToString().ToLowerInvariant();

    /// <summary>Limits by the names of participants, 0 to 100 each.</summary>
    public static IReadOnlyDictionary<string, int> LimitsOf(IReadOnlyDictionary<string, int>? limits, IReadOnlyList<string> participants)
    {
        var known = new Dictionary<string, int>();
        foreach (var (given, limit) in limits ?? new Dictionary<string, int>())
        {
            var name = given.TrimStart('@').ToLowerInvariant();
            known[name] = !participants.Contains(name) ? throw NotInTheRoom("limits", given, participants)
                : limit is >= 0 and <= ChainRules.GreatestLength ? limit
                : throw ParleyError.Invalid("limits", $"The limit of '{name}' is out of bounds.", $"Use 0 to {ChainRules.GreatestLength}.");
        }

        return known;
    }

    /// <summary>The moderator: the one that is named, else the first participant where the strategy needs one.</summary>
    public static string? ModeratorOf(string? given, Strategy strategy, IReadOnlyList<string> participants)
    {
        if (string.IsNullOrWhiteSpace(given))
        {
            return strategy == Strategy.Moderator ? participants[0] : null;
        }

        var name = given.Trim().TrimStart('@').ToLowerInvariant();
        return participants.Contains(name) ? name : throw NotInTheRoom("moderator", given, participants);
    }

    /// <summary>The refusal of a name that is not in the room.</summary>
    public static ParleyError NotInTheRoom(string field, string name, IReadOnlyList<string> participants) =>
        ParleyError.Invalid(field, $"'{(name.Length > 60 ? name[..60] + "…" : name)}' is not in the room.", "In it: " + string.Join(", ", participants));

    /// <summary>What to think about with these settings.</summary>
    public static IReadOnlyList<string> Warnings(Meeting meeting) => ChainRules.WarningOf(meeting.ChainLength) is { } warning ? [warning] : [];

    /// <summary>What a meeting is about.</summary>
    public static string Topic(string? topic) => Remark.Check(topic, "topic");
}
