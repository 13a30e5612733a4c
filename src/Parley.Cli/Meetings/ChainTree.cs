using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli.Meetings;

/// <summary>Draws messages as a tree: below each message those that answer it.</summary>
internal static class ChainTree
{
    /// <summary>One line a message; what answers nothing shown begins a tree of its own.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<MessageView> messages, int width)
    {
        var shown = messages.Select(message => message.Id).ToHashSet();
        var answers = messages.Where(message => message.ReplyTo is { } parent && shown.Contains(parent)).ToLookup(message => message.ReplyTo!.Value);
        return messages.Where(message => message.ReplyTo is not { } parent || !shown.Contains(parent)).SelectMany(root => Below(root, "", "", answers, width));
    }

    private static IEnumerable<string> Below(MessageView message, string branch, string indent, ILookup<Guid, MessageView> answers, int width)
    {
        yield return Line(message, branch, width);
        var children = answers[message.Id].OrderBy(answer => answer.Number).ToList();
        for (var i = 0; i < children.Count; i++)
        {
            var last = i == children.Count - 1;
            foreach (var line in Below(children[i], indent + (last ? "└─ " : "├─ "), indent + (last ? "   " : "│  "), answers, width))
            {
                yield return line;
            }
        }
    }

    private static string Line(MessageView message, string branch, int width)
    {
        var depth = message.FromKind == "agent" && message.Chain is { Depth: > 0 } chain ? $" [depth {chain.Depth}/{chain.Limit}]" : "";
        var line = $"{branch}{SafeText.Line(message.From)}{depth}: {SafeText.Line(Format.Text(message))}";
        return line.Length <= width ? line : line[..Math.Max(1, width - 1)] + "…";
    }
}
