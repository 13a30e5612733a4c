namespace Parley.Core.Nodes;

/// <summary>The nodes that share a database.</summary>
public interface INodeStore
{
    /// <summary>Writes that a node is there and what it does; returns the database's time and since when the node is being emptied.</summary>
    ValueTask<(DateTimeOffset Now, DateTimeOffset? DrainingSince)> BeatAsync(Node node);

    /// <summary>All that are known, by name.</summary>
    ValueTask<List<NodeOverview>> ListAsync();

    /// <summary>Begins to empty a node, or ends it with null.</summary>
    void Drain(Guid id, DateTimeOffset? since);

    /// <summary>Forgets a node that has stopped.</summary>
    void Remove(Guid id);

    /// <summary>Forgets those of which nothing was heard for that long.</summary>
    void Forget(TimeSpan silence);
}
