using System.Text.RegularExpressions;
using Parley.Core.Turns;

namespace Parley.Runtimes.Demo;

/// <summary><c>demo/specialist</c>: a short pitch or plan by the role that the task, the persona or the name says; uses no tools.</summary>
internal static partial class DemoSpecialist
{
    private const int LongestQuote = 80;

    private static readonly (string Role, string Pitch, string Way)[] s_roles =
    [
        (
            "architecture", "Build one gateway in front of all services. Clients see a single contract, and what lies behind it can change without them. Three weeks; the price is one more hop.",
            "three parts and one contract between them, each of which can be replaced alone. The contract comes first."),
        (
            "data", "Build a log of what customers really do, kept for 90 days. Today we guess which feature is used; with the log we know within an hour. Two weeks, and a rule for what is deleted when.",
            "one table of events that is never overwritten, and a view for each question. Reports read the views."),
        (
            "ux", "Build a first start that shows a result within a minute. Most people who leave have never seen it work. One week, measured by who comes back on the second day.",
            "one screen, one decision, and always a way back. Five people try it before anybody builds it."),
        (
            "security", "Build tokens that end by themselves after a day. Those that we find in logs live for ever. One week, and nobody has to change a client twice.",
            "the least rights that do, secrets that end by themselves, and a log of who did what."),
        (
            "strategy", "Build the import from the two products that our customers come from. Whoever can take the data along decides in a day. Four weeks, and then we speak to every one of them.",
            "take the ground where we are strong, in two weeks, and let the customers name the next."),
        (
            "finance", "Build billing by use. It pays for itself after seven months and shows us which feature earns. Five weeks; stop when it is not used by a tenth of the customers.",
            "$15K for the first version, which has to pay back within seven months. If it does not, we stop."),
    ];

    private static readonly (string Role, string Pitch, string Way) s_other =
        ("", "Build less, and finish it. I would ask three customers what they miss, and do the first thing that all of them name.", "start small and look at the result after a week.");

    public static string Answer(DemoPrompt prompt, RuntimeRequest request)
    {
        var task = prompt.Asked.FirstOrDefault(block => block.Head.GetValueOrDefault("type") == "request")?.Text ?? prompt.Question;
        var (role, pitch, way) = RoleOf(task, request);
        if (Pitch().IsMatch(task))
        {
            return pitch;
        }

        var handed = Handed().Matches(task).Select(match => $"{match.Groups["agent"].Value} (“{Begin(match.Groups["text"].Value)}”)").ToList();
        var built = handed.Count > 0 ? $" This builds on {string.Join(" and ", handed)}." : "";
        return $"{(role.Length > 0 ? $"From {role}, on" : "On")} {DemoScript.Topic(Step().Replace(task, ""))}: {way}{built}";
    }

    private static (string Role, string Pitch, string Way) RoleOf(string task, RuntimeRequest request)
    {
        var name = Name().Match(request.Instructions).Groups["name"].Value;
        foreach (var text in new[] { Perspective().Match(task).Groups["role"].Value, request.Persona, DemoPlan.RoleOf(name) ?? "" })
        {
            if (Array.Find(s_roles, role => Regex.IsMatch(text, $@"\b{role.Role}\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)) is { Role: not null } known)
            {
                return known;
            }
        }

        return s_other;
    }

    /// <summary>The first sentence, without what it is about.</summary>
    private static string Begin(string text)
    {
        var line = Topic().Replace(text.Trim().Split('\n')[0], "");
        line = line.IndexOf(". ", StringComparison.Ordinal) is > 0 and var end ? line[..end] : line.TrimEnd('.');
        return line.Length <= LongestQuote ? line : line[..(line.LastIndexOf(' ', LongestQuote) is > 0 and var blank ? blank : LongestQuote)] + "…";
    }

    [GeneratedRegex(@"\bpitch\b|\bwhat (?:should|shall|could) we build\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pitch();

    [GeneratedRegex(@"\bfrom your (?<role>\w+) perspective\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Perspective();

    [GeneratedRegex(@"^The result of (?<agent>[\w.-]+):\n(?<text>.+?)(?=\n\nThe result of |\z)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Handed();

    [GeneratedRegex(@"\AStep \d+ of \d+: ", RegexOptions.CultureInvariant)]
    private static partial Regex Step();

    [GeneratedRegex(@"\A(?:From \w+, on|On) [^:\n]{1,80}: ", RegexOptions.CultureInvariant)]
    private static partial Regex Topic();

    [GeneratedRegex(@"\bYour name is (?<name>[\w.-]*\w)", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
