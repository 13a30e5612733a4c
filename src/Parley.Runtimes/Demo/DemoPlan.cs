using System.Text.RegularExpressions;

namespace Parley.Runtimes.Demo;

/// <summary>What <c>demo/ghost</c> was asked for: stages that follow one another, each of agents that work side by side.</summary>
/// <param name="Title">How its report is headed.</param>
/// <param name="Task">What is to be done.</param>
/// <param name="Stages">The names of the agents, stage by stage.</param>
internal sealed partial record DemoPlan(string Title, string Task, IReadOnlyList<IReadOnlyList<string>> Stages)
{
    public const string Standup = "Standup";
    private const int MostAgents = 10;

    /// <summary>The specialists of the standup with their perspectives, in the order of the founding document.</summary>
    public static IReadOnlyList<(string Name, string Role)> Specialists { get; } =
        [("tesla", "architecture"), ("aaron", "data"), ("barnum", "ux"), ("bond", "security"), ("patton", "strategy"), ("buffett", "finance")];

    /// <summary>The perspective of a specialist; null for others.</summary>
    public static string? RoleOf(string agent) => Specialists.FirstOrDefault(specialist => specialist.Name == agent).Role;

    /// <summary>The plan that a text asks for, or null.</summary>
    public static DemoPlan? Read(string text)
    {
        var asked = DemoScript.WithoutMentions(text).Trim();
        if (Order().Match(asked) is not { Success: true } order)
        {
            return Question().IsMatch(asked) ? new DemoPlan(Standup, asked, [[.. Specialists.Select(specialist => specialist.Name)]]) : null;
        }

        var (task, names, last) = (order.Groups["task"].Value.Trim(), Names(order.Groups["names"].Value), Names(order.Groups["last"].Value));
        return (order.Groups["kind"].Value.ToLowerInvariant(), last.Count) switch
        {
            _ when names.Count is 0 or > MostAgents => null,
            ("chain", 0) => new DemoPlan("Chain", task, [.. names.Select(name => new[] { name })]),
            ("out", 0) => new DemoPlan("Fan-out", task, [names]),
            ("in", 1) => new DemoPlan("Fan-in", task, [names, last]),
            _ => null,
        };
    }

    private static List<string> Names(string text) => [.. Name().Matches(text).Select(match => match.Value.ToLowerInvariant())];

    [GeneratedRegex(@"^(?:fan[ -]?)?(?<kind>chain|out|in)\s*:\s*(?<names>[\w.,@\s-]+?)(?:\s*(?:->|→)\s*(?<last>@?[\w.-]+))?\s+(?:—|–|--|-)\s+(?<task>.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Order();

    [GeneratedRegex(@"\bstand-?up\b|\bwhat (?:should|shall|could|do) we (?:build|do|make)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Question();

    [GeneratedRegex(@"\w[\w.-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
