namespace Parley.Core.Agents;

/// <summary>Finds agents by what they are called and good at. Pure.</summary>
public static class SearchRules
{
    /// <summary>
    /// The agents that every word of the text is found in, the best first: a whole name or alias before a skill, that before the beginning of one, a type, and the
    /// description. Those found equally well stand by name. No word finds everybody.
    /// </summary>
    public static List<Agent> Ranked(IEnumerable<Agent> agents, string text)
    {
        var words = text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.TrimStart('@')).Where(word => word.Length > 0).Distinct().ToList();
        return [.. agents.Select(agent => (Agent: agent, Scores: words.ConvertAll(word => Score(agent, word))))
            .Where(found => found.Scores.TrueForAll(score => score > 0))
            .OrderByDescending(found => found.Scores.Sum()).ThenBy(found => found.Agent.Name, StringComparer.Ordinal)
            .Select(found => found.Agent)];
    }

    /// <summary>How well one word in lower case fits the agent; 0 where it stands nowhere.</summary>
    internal static int Score(Agent agent, string word) =>
        agent.Name == word ? 100
        : agent.Aliases.Contains(word) ? 90
        : agent.Skills.Contains(word) ? 80
        : agent.Aliases.Prepend(agent.Name).Any(name => name.StartsWith(word, StringComparison.Ordinal)) ? 60
        : agent.Skills.Any(skill => skill.Split('-', '_', '.').Contains(word)) ? 50
        : agent.Type == word ? 40
        : agent.Skills.Any(skill => skill.Contains(word, StringComparison.Ordinal)) ? 30
        : agent.Aliases.Append(agent.Name).Append(agent.Type).Any(name => name.Contains(word, StringComparison.Ordinal)) ? 20
        : agent.Description.Contains(word, StringComparison.OrdinalIgnoreCase) ? 10
        : 0;
}
