using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli.Sessions;

/// <summary>Draws spawned sessions as a tree: below who spawned them, the oldest first.</summary>
internal static class SessionTree
{
    public static IEnumerable<string> Lines(IReadOnlyList<SessionView> sessions)
    {
        var shown = sessions.Select(session => session.Id).ToHashSet();
        var children = sessions.Where(session => session.ParentSession is { } parent && shown.Contains(parent)).ToLookup(session => session.ParentSession!.Value);
        foreach (var family in sessions.Where(session => session.ParentSession is not { } parent || !shown.Contains(parent)).OrderBy(session => session.CreatedAt).GroupBy(session => session.Parent))
        {
            yield return SafeText.Line(family.Key);
            foreach (var line in Below([.. family], "", children, sessions))
            {
                yield return line;
            }
        }
    }

    /// <summary>The open sessions below one, however deep, that its end would end too.</summary>
    public static IReadOnlyList<SessionView> EndedWith(Guid session, IReadOnlyList<SessionView> open)
    {
        var below = open.Where(child => child.ParentSession == session && child.EndedAt is null && !child.Outlive).ToList();
        return [.. below, .. below.SelectMany(child => EndedWith(child.Id, open))];
    }

    private static IEnumerable<string> Below(IReadOnlyList<SessionView> family, string indent, ILookup<Guid, SessionView> children, IReadOnlyList<SessionView> all)
    {
        for (var i = 0; i < family.Count; i++)
        {
            var last = i == family.Count - 1;
            yield return indent + (last ? "└─ " : "├─ ") + Line(family[i], all);
            foreach (var line in Below([.. children[family[i].Id].OrderBy(child => child.CreatedAt)], indent + (last ? "   " : "│  "), children, all))
            {
                yield return line;
            }
        }
    }

    private static string Line(SessionView session, IReadOnlyList<SessionView> all)
    {
        var label = session.Label is { } name ? $" [{SafeText.Line(name)}]" : "";
        return $"{SafeText.Line(session.AgentId)}{label} {SessionNames.Short(session.SessionKey, all)}: {SessionWords.Status(session)}, {SafeText.Line(session.Model)}, {Format.Number(session.Tokens)} tokens, {RootsCommand.Money(session.Cost)}";
    }
}
