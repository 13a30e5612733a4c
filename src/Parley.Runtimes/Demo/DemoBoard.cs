namespace Parley.Runtimes.Demo;

/// <summary>
/// <c>demo/ceo</c>, <c>demo/cto</c> and <c>demo/cfo</c>: a short discussion that goes from one to the next and ends. The ceo opens it and closes it.
/// </summary>
internal static class DemoBoard
{
    private static readonly string[] s_ring = ["ceo", "cto", "cfo"];

    public static string Answer(DemoPrompt prompt, string role)
    {
        if (prompt.ToolResult is not null || (prompt.Last.FromPerson && !IsAsked(prompt, role)))
        {
            return DemoReply.Pass;
        }

        var script = DemoScript.For(prompt.Question);
        var (line, partner) = role switch
        {
            "ceo" when prompt.Last.FromAgent => (script.Close, null),
            "ceo" => (script.Open, Partner(prompt, role, "cto", "cfo")),
            "cto" => (script.Status, Partner(prompt, role, "cfo", "ceo")),
            _ => (script.Money, Opener(prompt)),
        };
        return partner is null ? line.Say : $"{line.Say} @{partner} {line.Ask}";
    }

    /// <summary>A question to nobody is answered by the first of them; the others pass.</summary>
    private static bool IsAsked(DemoPrompt prompt, string role)
    {
        var self = prompt.Self.Length > 0 ? prompt.Self : role;
        var named = prompt.Present.Concat(s_ring).Where(prompt.Mentions).ToList();
        return prompt.Last.In == "direct" || prompt.Mentions(self) || (named.Count == 0 && !s_ring.TakeWhile(other => other != role).Any(other => IsPresent(prompt, other)));
    }

    private static string? Partner(DemoPrompt prompt, string role, params string[] wanted)
    {
        if (prompt.Last.In == "direct" || (wanted.FirstOrDefault(other => IsPresent(prompt, other)) is not { } known && prompt.Present.Count < 2))
        {
            return null;
        }

        return wanted.FirstOrDefault(other => IsPresent(prompt, other)) ?? Next(prompt, role);
    }

    /// <summary>Whoever follows in the list of participants and has not spoken yet.</summary>
    private static string? Next(DemoPrompt prompt, string role)
    {
        var self = prompt.Self.Length > 0 ? prompt.Self : role;
        var place = prompt.Present.ToList().FindIndex(name => name.Equals(self, StringComparison.OrdinalIgnoreCase));
        return prompt.Present.Skip(place + 1).Concat(prompt.Present.Take(Math.Max(0, place)))
            .FirstOrDefault(name => !name.Equals(self, StringComparison.OrdinalIgnoreCase) && !prompt.Speakers.Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The ceo, or whoever opened the discussion, unless the question comes from there: so it ends.</summary>
    private static string? Opener(DemoPrompt prompt) => prompt.Last.In == "direct" ? null
        : IsPresent(prompt, "ceo") ? "ceo"
        : prompt.Speakers is [var first, ..] && prompt.Last.From != first ? first
        : null;

    private static bool IsPresent(DemoPrompt prompt, string name) => prompt.Present.Contains(name, StringComparer.OrdinalIgnoreCase) && !name.Equals(prompt.Self, StringComparison.OrdinalIgnoreCase);
}
