using System.Globalization;
using Parley.Core;

namespace Parley.Storage.Postgres;

/// <summary>What one node tells the others: whose inboxes grew, and how far. Without any it says that the node is there.</summary>
internal sealed record NodeNotice(Guid Node, IReadOnlyList<InboxPosition> Grown)
{
    /// <summary>PostgreSQL takes 8,000 bytes a notice; a position needs 36 for the agent and the signs, and up to 19 for the number.</summary>
    public const int Most = 120;

    public override string ToString() =>
        $"{Node:N} {string.Join(' ', Grown.Select(position => string.Create(CultureInfo.InvariantCulture, $"{position.AgentId:N}:{position.Number}")))}";

    /// <summary>Reads a notice; null where it is none, as one that somebody else sent on the same channel.</summary>
    public static NodeNotice? Parse(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > Most + 1 || !Guid.TryParseExact(parts[0], "N", out var node))
        {
            return null;
        }

        var grown = new List<InboxPosition>(parts.Length - 1);
        foreach (var part in parts.AsSpan(1))
        {
            if (part.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon) || !Guid.TryParseExact(part.AsSpan(0, colon), "N", out var agent)
                || !long.TryParse(part.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            grown.Add(new InboxPosition(agent, number));
        }

        return new NodeNotice(node, grown);
    }
}
