using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>A form of a meeting.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Description">When to use it.</param>
/// <param name="ChainLength">The chain length it sets, or null.</param>
/// <param name="Strategy">The strategy it sets, or null.</param>
/// <param name="Roles">What the participants do, in their order.</param>
/// <param name="Opening">The first message, with <c>{topic}</c> as a place.</param>
public sealed record MeetingTemplate(string Name, string Description, int? ChainLength, Strategy? Strategy, IReadOnlyList<MeetingRole> Roles, string Opening)
{
    /// <summary>The first message of a meeting on a topic.</summary>
    public string OpeningOn(string topic) => Opening.Replace("{topic}", topic.Length > 0 ? topic : "what is on your mind", StringComparison.Ordinal);

    /// <summary>The roles by participant; participants beyond the last role have none.</summary>
    public IReadOnlyDictionary<string, string> RolesOf(IReadOnlyList<string> participants) =>
        participants.Zip(Roles).ToDictionary(pair => pair.First, pair => $"{pair.Second.Name}: {pair.Second.Task}");
}

/// <summary>A role of a template.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Task">What it does.</param>
public sealed record MeetingRole(string Name, string Task);

/// <summary>
/// Reads templates. Pure. A file begins with a head between two lines of <c>---</c>: <c>name: value</c> a line, with <c>name</c>, <c>description</c>, and where wanted
/// <c>chain_length</c>, <c>strategy</c> and one <c>role: name - what it does</c> a role; then comes the opening message.
/// </summary>
public static class TemplateRules
{
    /// <summary>The most bytes of a file.</summary>
    public const int MostBytes = 64 * 1024;

    private const string Fence = "---";

    /// <summary>Throws <c>invalid_request</c> with the file and line of what is wrong.</summary>
    public static MeetingTemplate Parse(string file, string text)
    {
        var lines = text.ReplaceLineEndings("\n").TrimStart('\uFEFF').Split('\n');
        var end = Array.FindIndex(lines, 1, line => line.TrimEnd() == Fence);
        if (lines[0].TrimEnd() != Fence || end < 0)
        {
            throw Wrong(file, 1, "The file has no head.", "Begin it with a line ---, then name, description and so on, then another line ---.");
        }

        var roles = new List<MeetingRole>();
        var head = new Dictionary<string, (string Value, int Line)>();
        for (var i = 1; i < end; i++)
        {
            Take(file, lines[i], i + 1, head, roles);
        }

        var opening = string.Join('\n', lines[(end + 1)..]).Trim();
        return new MeetingTemplate(
            NameOf(file, head), head.TryGetValue("description", out var description) ? Remark.Check(description.Value, "description") : throw Wrong(file, 1, "There is no description.", "Add a line 'description: when to use it'."),
            head.TryGetValue("chain_length", out var length) ? LengthOf(file, length) : null, head.TryGetValue("strategy", out var strategy) ? StrategyOf(file, strategy) : null, roles,
            opening.Length is > 0 and <= 4_000 ? opening : throw Wrong(file, end + 2, opening.Length == 0 ? "There is no opening message." : "The opening message is over 4,000 characters.", "Write the first message below the head; {topic} stands for the topic."));
    }

    private static void Take(string file, string line, int number, Dictionary<string, (string, int)> head, List<MeetingRole> roles)
    {
        if (string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#'))
        {
            return;
        }

        var parts = line.Split(':', 2, StringSplitOptions.TrimEntries);
        switch (parts[0])
        {
            case "role" when parts.Length == 2 && parts[1].Split(" - ", 2, StringSplitOptions.TrimEntries) is [{ Length: > 0 and <= 50 } name, { Length: > 0 } task]:
                roles.Add(new MeetingRole(Remark.Check(name, "role"), Remark.Check(task, "role")));
                break;
            case "role":
                throw Wrong(file, number, "The role is not understood.", "Write 'role: facilitator - keeps it short'.");
            case "name" or "description" or "chain_length" or "strategy" when parts.Length == 2:
                if (!head.TryAdd(parts[0], (parts[1], number)))
                {
                    throw Wrong(file, number, $"'{parts[0]}' stands there twice.", "Keep one of the lines.");
                }

                break;
            default:
                throw Wrong(file, number, "The line is not understood.", "The head has lines 'name: …', 'description: …', 'chain_length: …', 'strategy: …' and 'role: … - …'.");
        }
    }

    private static string NameOf(string file, Dictionary<string, (string Value, int Line)> head) =>
        !head.TryGetValue("name", out var name) ? throw Wrong(file, 1, "There is no name.", "Add a line 'name: …' with the file's own name.")
        : !Name.HasForm(name.Value) ? throw Wrong(file, name.Line, "The name does not have the form of a name.", "Use 1 to 50 letters a-z, digits, '-', '_' or '.'.")
        : name.Value;

    private static int LengthOf(string file, (string Value, int Line) length) =>
        int.TryParse(length.Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number <= ChainRules.GreatestLength
            ? number
            : throw Wrong(file, length.Line, "The chain length is not a number of 0 to 100.", "Write 'chain_length: 4'.");

    private static Strategy StrategyOf(string file, (string Value, int Line) strategy)
    {
        try
        {
            return MeetingRules.StrategyOf(strategy.Value);
        }
        catch (ParleyError error)
        {
            throw Wrong(file, strategy.Line, error.Message, error.Fix);
        }
    }

    private static ParleyError Wrong(string file, int line, string message, string fix) => ParleyError.Invalid("template", $"{file}, line {line}: {message}", fix);
}
