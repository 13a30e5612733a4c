using Parley.Cli.Terminal;

namespace Parley.Cli.Meetings;

/// <summary>How a line of the room may go on: a command, a name behind a command or behind '@'.</summary>
internal static class RoomCompletion
{
    /// <summary>The endings of the word before the cursor.</summary>
    /// <param name="before">The line up to the cursor.</param>
    /// <param name="commands">The commands of the room.</param>
    /// <param name="inRoom">The participants.</param>
    /// <param name="elsewhere">Agents that are not in the room, for <c>/add</c>.</param>
    public static Completion Of(string before, IReadOnlyList<SlashCommand> commands, IReadOnlyList<string> inRoom, IReadOnlyList<string> elsewhere)
    {
        var start = before.LastIndexOf(' ') + 1;
        var word = before[start..];
        if (before.StartsWith('/') && start == 0)
        {
            return Matching(start, word, commands.Select(command => "/" + command.Name));
        }

        if (before.StartsWith('/') && commands.FirstOrDefault(command => command.Name == SlashCommand.Read(before).Name) is { TakesAgent: true } command)
        {
            return Matching(start, word, command.Name == "add" ? elsewhere : inRoom);
        }

        return word.StartsWith('@') ? Matching(start, word, inRoom.Append("user").Select(name => "@" + name)) : new Completion(start, []);
    }

    private static Completion Matching(int start, string word, IEnumerable<string> endings) =>
        new(start, [.. endings.Where(ending => ending.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)]);
}
