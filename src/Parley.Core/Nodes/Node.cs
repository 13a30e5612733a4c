namespace Parley.Core.Nodes;

/// <summary>A server process that works on the store.</summary>
/// <param name="Id">Another one at each start.</param>
/// <param name="Name">Machine and process, as people see it: <c>db1:4711</c>. It owns turns under that name.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="StartedAt">When it started, by its own clock.</param>
public sealed record Node(Guid Id, string Name, string Version, string Address, DateTimeOffset StartedAt)
{
    /// <summary>What it does now.</summary>
    public NodeLoad Load { get; init; }

    /// <summary>When it was last heard of, by the database's clock.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>How far its clock is ahead of the database's; half of a round trip is the error.</summary>
    public TimeSpan Skew { get; init; }

    /// <summary>Since when it is being emptied, or null.</summary>
    public DateTimeOffset? DrainingSince { get; init; }
}

/// <summary>What a node does now.</summary>
/// <param name="Turns">Turns of hosted agents that run on it.</param>
/// <param name="Most">How many it runs at once.</param>
/// <param name="Connections">Live connections.</param>
public readonly record struct NodeLoad(int Turns, int Most, int Connections);

/// <summary>A node as the database sees it.</summary>
/// <param name="Node">The node.</param>
/// <param name="Silence">For how long nothing was heard of it.</param>
/// <param name="Owned">Turns whose lease it holds, by the database.</param>
public sealed record NodeOverview(Node Node, TimeSpan Silence, int Owned)
{
    /// <summary>After so long it counts as lost; its leases end by themselves.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(15);

    /// <summary>Whether it counts as lost.</summary>
    public bool IsLost => Silence > LostAfter;
}
