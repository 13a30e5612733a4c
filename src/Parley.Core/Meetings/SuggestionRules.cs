namespace Parley.Core.Meetings;

/// <summary>Whom to ask next.</summary>
/// <param name="Agent">The participant.</param>
/// <param name="Unheard">True where it was mentioned and could not speak; false where it has not spoken in the chain.</param>
public sealed record Suggestion(string Agent, bool Unheard);

/// <summary>Decides whom a person could ask next. Pure.</summary>
public static class SuggestionRules
{
    /// <summary>
    /// Those who were mentioned in the chain and not heard since, the last mentioned first, then those who have not spoken in it, by name. Nothing before
    /// anybody has spoken, and nobody who is halted or still waited for.
    /// </summary>
    public static IReadOnlyList<Suggestion> For(
        IReadOnlyList<(string Speaker, Chain Chain)> chain, IReadOnlyList<string> participants, IReadOnlyCollection<string> halted, IReadOnlyCollection<string> waiting)
    {
        if (!chain.Any(entry => participants.Contains(entry.Speaker)))
        {
            return [];
        }

        var unheard = new List<string>();
        foreach (var (speaker, step) in chain)
        {
            unheard.Remove(speaker);
            unheard.RemoveAll(step.Asks.Contains);
            unheard.RemoveAll(step.Unheard.Contains);
            unheard.InsertRange(0, step.Unheard);
        }

        bool IsFree(string name) => participants.Contains(name) && !halted.Contains(name) && !waiting.Contains(name);
        var silent = participants.Where(name => !unheard.Contains(name) && !chain.Any(entry => entry.Speaker == name)).Order(StringComparer.Ordinal);
        return [.. unheard.Distinct().Where(IsFree).Select(name => new Suggestion(name, Unheard: true)), .. silent.Where(IsFree).Select(name => new Suggestion(name, Unheard: false))];
    }
}
