namespace Parley.Core.Nodes;

/// <summary>The node that this process is, and what it knows of the others.</summary>
public sealed class ThisNode
{
    private volatile Node self;
    private volatile IReadOnlyList<NodeOverview> others = [];

    /// <summary>A node that has just started.</summary>
    public ThisNode(Node self) => this.self = self;

    /// <summary>Raised when it begins or ceases to be emptied.</summary>
    public event Action? DrainChanged;

    /// <summary>As it was last written.</summary>
    public Node Self => self;

    /// <summary>Whether it takes nothing new and gives back what it has.</summary>
    public bool IsDraining => self.DrainingSince is not null;

    /// <summary>The other nodes that are alive and are not being emptied.</summary>
    public IReadOnlyList<NodeOverview> Others => others;

    /// <summary>Takes over what a beat has found.</summary>
    internal void Take(Node now, IReadOnlyList<NodeOverview> all)
    {
        var changed = (now.DrainingSince is null) != (self.DrainingSince is null);
        self = now;
        others = [.. all.Where(one => one.Node.Id != now.Id && !one.IsLost && one.Node.DrainingSince is null)];
        if (changed)
        {
            DrainChanged?.Invoke();
        }
    }
}
