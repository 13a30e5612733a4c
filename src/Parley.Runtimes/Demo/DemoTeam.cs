namespace Parley.Runtimes.Demo;

/// <summary><c>demo/team</c>: anybody. Says what its role is, answers in turn and hands on to the next participant until everyone has spoken.</summary>
internal static class DemoTeam
{
    private static readonly string[] s_views =
    [
        "I would start small and look at the result after a week.",
        "I see no obstacle, but we should write down who does what.",
        "I would ask one customer before we go on.",
        "I can take the first step today.",
    ];

    public static string Answer(DemoPrompt prompt)
    {
        if (prompt.ToolResult is not null)
        {
            return DemoReply.Pass;
        }

        var self = prompt.Self;
        var others = prompt.Present.Where(name => !name.Equals(self, StringComparison.OrdinalIgnoreCase)).ToList();
        var place = prompt.Present.ToList().FindIndex(name => name.Equals(self, StringComparison.OrdinalIgnoreCase));
        var direct = prompt.Last.In == "direct" || others.Count == 0;
        if (!direct && !prompt.Mentions(self) && (place > 0 || prompt.Last.FromAgent || others.Any(prompt.Mentions)))
        {
            return DemoReply.Pass;
        }

        var role = prompt.Role.Length > 0 ? prompt.Role : self.Length > 0 ? self : "a member of the team";
        var view = s_views[Math.Max(0, place) % s_views.Length];
        var next = direct || place < 0 ? null : prompt.Present.Skip(place + 1).FirstOrDefault(name => !prompt.Speakers.Contains(name, StringComparer.OrdinalIgnoreCase));
        return $"As {role}, on {DemoScript.Topic(prompt.Question)}: {view}{(next is null ? "" : $" @{next} what do you say?")}";
    }
}
