using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli.Meetings;

/// <summary>The sentences of the room, as the founding document has them.</summary>
internal static class RoomText
{
    /// <summary>What stands before the answer of an agent that another one asked, farther in the deeper the chain is.</summary>
    public static string ChainMark(int depth, int limit) => $"{new string(' ', 2 * depth)}↳ [Agent-to-agent chain, depth {depth}/{limit}]";

    /// <summary>What is to be said after a message about its chain, or that it waits; null for nothing.</summary>
    public static string? ChainNote(MessageView message)
    {
        if (message.Withheld is { } why)
        {
            return why == "held" ? $"(held until a person decides: parley hold approve {message.Id})" : $"({SafeText.Line(why)}: it asks nobody)";
        }

        if (message.Chain is not { } chain)
        {
            return null;
        }

        var notes = new List<string>();
        if (EndNote(message.From, chain) is { } end)
        {
            notes.Add(end);
        }

        if (chain.Unknown.Count > 0)
        {
            notes.Add($"Nobody here is called {Names(chain.Unknown)}; /add <agent> takes an agent into the room.");
        }

        return notes.Count > 0 ? string.Join('\n', notes) : null;
    }

    public static string LengthChanged(int before, int after, IEnumerable<string> warnings) => string.Join('\n', Changes(before, after, warnings));

    public static string LengthSettings(int length) =>
        $"""
        🔗 Agent-to-Agent Chain Settings

          Max Chain Length: {length}

        An agent that mentions another with @name makes it speak. The answer to you has depth 0, the agents it mentions speak at depth 1, and so on up to this number.

          /chain-length 0    agents answer you only
          /chain-length 2    quick questions
          /chain-length 4    discussions (the default)
          /chain-length 8    brainstorming
        """;

    public static string Names(IEnumerable<string> names) => SafeText.Line(string.Join(", ", names));

    private static IEnumerable<string> Changes(int before, int after, IEnumerable<string> warnings)
    {
        yield return $"✓ Max chain length updated: {before} → {after}";
        if (after == 0)
        {
            yield return "⚠️  Agent-to-agent chaining is now disabled.";
            yield break;
        }

        foreach (var warning in warnings)
        {
            yield return "⚠️  " + SafeText.Line(warning);
        }
    }

    private static string? EndNote(string from, ChainView chain) => chain.EndedBy switch
    {
        "depth" when chain.Unheard.Count > 0 =>
            $"⚠️  Max chain depth ({chain.Limit}) reached. Agents mentioned but not responding: {Names(chain.Unheard)}\nUse /respond <agent> to hear their response, or /chain-length to adjust the limit",
        "off" when chain.Unheard.Count > 0 => $"⚠️  Agent-to-agent chaining is disabled. Agents mentioned but not responding: {Names(chain.Unheard)}\nUse /respond <agent> to hear their response, or /chain-length 4 to enable it",
        "limit" => $"⚠️  The agents' own limits are reached. Agents mentioned but not responding: {Names(chain.Unheard)}\nUse /respond <agent> to hear their response, or /limit to adjust it",
        "budget" => $"⚠️  The budget of this chain is used up. Agents mentioned but not responding: {Names(chain.Unheard)}\nUse /respond <agent> to begin a chain of its own; 'parley roots list' shows what was spent",
        "halted" => $"⚠️  Halted agents do not respond: {Names(chain.Unheard)}",
        "no_new_content" => "The chain ended: nothing new was said.",
        "consensus" => "The chain ended: everybody agrees.",
        "user" => $"→ {SafeText.Line(from)} asks you.",
        _ => null,
    };
}
