namespace Parley.Core.Meetings;

/// <summary>A message said earlier in the same chain.</summary>
/// <param name="Speaker">Who said it.</param>
/// <param name="IsAgent">True for an agent.</param>
/// <param name="Text">What was said.</param>
/// <param name="Asks">Whom it asked.</param>
public sealed record ChainEntry(string Speaker, bool IsAgent, string Text, IReadOnlyList<string> Asks);

/// <summary>What the rules need to know of a message that is about to be said.</summary>
/// <param name="Speaker">Who says it.</param>
/// <param name="IsAgent">True for an agent; a person begins a chain.</param>
/// <param name="Depth">The chain depth of the message: 0 for an agent's answer to a person.</param>
/// <param name="Text">What is said.</param>
/// <param name="Addressed">Whom it addresses.</param>
/// <param name="Meeting">The settings.</param>
/// <param name="Participants">Who is in the room.</param>
/// <param name="Halted">Those of them who are halted.</param>
/// <param name="Earlier">What was said in the chain before, oldest first.</param>
/// <param name="RootStopped">True where the root has met a bound.</param>
public sealed record ChainFacts(
    string Speaker, bool IsAgent, int Depth, string Text, Addressed Addressed, Meeting Meeting, IReadOnlyList<string> Participants, IReadOnlyCollection<string> Halted,
    IReadOnlyList<ChainEntry> Earlier, bool RootStopped);

/// <summary>Decides who speaks next, at which depth, and when a chain ends. Pure.</summary>
public static class ChainRules
{
    /// <summary>Chain lengths above it are warned of.</summary>
    public const int LongChain = 10;

    /// <summary>The greatest chain length that can be set.</summary>
    public const int GreatestLength = 100;

    /// <summary>With which mark an agent says that it agrees, in any case of letters, anywhere in its answer.</summary>
    public const string AgreedMark = "[AGREED]";

    /// <summary>From which likeness on an answer says nothing new.</summary>
    public const double NothingNew = 0.8;

    /// <summary>The chain of the message: who is asked because of it, and who is not.</summary>
    public static Chain Decide(ChainFacts facts)
    {
        var wanted = facts.Addressed.Named;
        if (!facts.IsAgent)
        {
            var meant = Meant(facts);
            return Step(facts, Free(meant, facts), [.. wanted.Where(facts.Halted.Contains)], ending: null);
        }

        if (EndingOf(facts) is { } ending)
        {
            return Step(facts, [], wanted, ending);
        }

        var next = facts.Meeting is { Strategy: Strategy.Moderator, Moderator: { } moderator } && wanted.Count > 0 && facts.Speaker != moderator && facts.Participants.Contains(moderator)
            ? [moderator]
            : wanted;
        var free = Free(next, facts).Where(name => MayBeAsked(name, facts)).ToList();
        return free.Count == 0 && next.Count > 0
            ? Step(facts, [], wanted, next.All(facts.Halted.Contains) ? Ending.Halted : Ending.Limit)
            : Step(facts, free, [.. next.Except(free)], ending: null);
    }

    /// <summary>Whether everybody who spoke in the chain, this answer included, agreed in their last words; two at least.</summary>
    public static bool IsConsensus(ChainFacts facts)
    {
        var last = facts.Earlier.Where(entry => entry.IsAgent).Append(new ChainEntry(facts.Speaker, facts.IsAgent, facts.Text, [])).GroupBy(entry => entry.Speaker).Select(group => group.Last()).ToList();
        return last.Count > 1 && last.TrueForAll(entry => entry.Text.Contains(AgreedMark, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What to think about with a chain length; null for nothing.</summary>
    public static string? WarningOf(int length) => length switch
    {
        0 => "Agent-to-agent chaining is switched off: only those whom a person asks speak.",
        > LongChain => $"Chains of up to {length} answers can take long and cost much; 4 to 8 is usual.",
        _ => null,
    };

    /// <summary>The length that bounds a chain of the meeting.</summary>
    public static int LengthOf(Meeting meeting) => meeting is { Strategy: Strategy.Budget, ChainLength: > 0 } ? GreatestLength : meeting.ChainLength;

    private static IReadOnlyList<string> Meant(ChainFacts facts) => !facts.Addressed.Everyone ? facts.Addressed.Named
        : facts.Meeting is { Strategy: Strategy.Moderator, Moderator: { } moderator } && facts.Participants.Contains(moderator) ? [moderator]
        : facts.Participants;

    private static Ending? EndingOf(ChainFacts facts) =>
        facts.Addressed.Person ? Ending.User
        : facts.Meeting.Strategy == Strategy.Consensus && IsConsensus(facts) ? Ending.Consensus
        : facts.Addressed.Named.Count == 0 ? null
        : facts.Meeting.ChainLength == 0 ? Ending.Off
        : facts.Depth >= LengthOf(facts.Meeting) ? Ending.Depth
        : facts.RootStopped ? Ending.Budget
        : facts.Meeting.Strategy == Strategy.NoNewContent && facts.Earlier.Any(entry => entry.IsAgent && Similarity.Of(entry.Text, facts.Text) >= NothingNew) ? Ending.NoNewContent
        : null;

    private static List<string> Free(IReadOnlyList<string> names, ChainFacts facts) => [.. names.Where(name => !facts.Halted.Contains(name))];

    private static bool MayBeAsked(string name, ChainFacts facts) =>
        !facts.Meeting.Limits.TryGetValue(name, out var limit) || facts.Earlier.Count(entry => entry.Asks.Contains(name)) < limit;

    private static Chain Step(ChainFacts facts, IReadOnlyList<string> asks, IReadOnlyList<string> unheard, Ending? ending) =>
        new(facts.Depth, LengthOf(facts.Meeting), asks, unheard, facts.Addressed.Unknown, ending);
}
