namespace Parley.Core.Nodes;

/// <summary>How work is spread over nodes.</summary>
public static class NodeRules
{
    /// <summary>
    /// How many of <paramref name="due"/> turns a node takes, and which it begins with, so that all nodes come as close as they can to running equally many and, looking at
    /// the same time, reach for different ones. Each node decides alone, from what it last heard of the others: the shares of all cover what is due, as far as there is room.
    /// </summary>
    /// <param name="self">This node and what it runs now.</param>
    /// <param name="others">The other nodes that are alive.</param>
    /// <param name="due">How many turns are due.</param>
    public static (int First, int Count) Share(Node self, IReadOnlyCollection<Node> others, int due)
    {
        var nodes = others.Append(self).OrderBy(node => node.Id).ToList();
        var taken = nodes.ConvertAll(node => node.Load.Turns);
        var first = 0;
        for (var left = due; left > 0; left--)
        {
            var next = Emptiest(nodes, taken);
            if (next < 0)
            {
                break;
            }

            taken[next]++;
        }

        foreach (var (index, node) in nodes.Index())
        {
            var count = taken[index] - node.Load.Turns;
            if (node.Id == self.Id)
            {
                return (first, count);
            }

            first += count;
        }

        return (0, due);
    }

    /// <summary>The node that runs the fewest and has room, the first of several; -1 where none has.</summary>
    private static int Emptiest(List<Node> nodes, List<int> taken)
    {
        var found = -1;
        for (var index = 0; index < nodes.Count; index++)
        {
            if (taken[index] < nodes[index].Load.Most && (found < 0 || taken[index] < taken[found]))
            {
                found = index;
            }
        }

        return found;
    }
}
