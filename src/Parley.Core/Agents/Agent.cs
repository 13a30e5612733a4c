namespace Parley.Core.Agents;

/// <summary>A named participant.</summary>
/// <param name="Id">Stable, whatever its name.</param>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="OwnerId">The user it belongs to.</param>
/// <param name="Name">Unique in the organization; <c>@name</c> mentions it.</param>
/// <param name="Kind">Who runs its turns.</param>
/// <param name="Type">What it calls itself: <c>backend</c>, <c>reviewer</c>, … The <c>agent_type</c> of its messages.</param>
/// <param name="Description">One line about it, for others to choose by.</param>
/// <param name="Hold">True where a person approves everything it sends.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="RemovedAt">When it was removed; its messages stay.</param>
public sealed record Agent(
    Guid Id, Guid OrganizationId, Guid OwnerId, string Name, AgentKind Kind, string Type, string Description, bool Hold,
    DateTimeOffset CreatedAt, DateTimeOffset? RemovedAt)
{
    /// <summary>Other names by which it is addressed, unique in the organization among all names and aliases.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What it is good at, in short tags such as <c>code-review</c>, for others to find it by.</summary>
    public IReadOnlyList<string> Skills { get; init; } = [];

    /// <summary>Whether that is its name or one of its aliases, in lower case.</summary>
    public bool IsCalled(string? name) => name is not null && (name == Name || Aliases.Contains(name));
}

/// <summary>Who runs an agent's turns.</summary>
public enum AgentKind
{
    /// <summary>It connects by itself.</summary>
    External,

    /// <summary>Parley runs it.</summary>
    Hosted,
}

/// <summary>How far an agent's inbox has come.</summary>
/// <param name="AgentId">Whose.</param>
/// <param name="Head">The last number given out.</param>
/// <param name="Cursor">The last number the agent itself acknowledged.</param>
/// <param name="Floor">The highest number that retention has deleted; reading from below it is <c>cursor_too_old</c>.</param>
public sealed record InboxState(Guid AgentId, long Head, long Cursor, long Floor);

/// <summary>Participants and their inboxes' positions.</summary>
public interface IAgentStore
{
    /// <summary>Adds an agent and its empty inbox.</summary>
    void Add(Agent agent);

    /// <summary>Writes type, description, hold, owner, aliases and skills.</summary>
    void Update(Agent agent);

    /// <summary>Marks an agent removed.</summary>
    void Remove(Guid id, DateTimeOffset at);

    /// <summary>The agent of that name or alias that is not removed, or null.</summary>
    ValueTask<Agent?> FindAsync(Guid organizationId, string name);

    /// <summary>The names with each alias of an agent replaced by its name, each once. A name that nobody has stays as it is.</summary>
    ValueTask<IReadOnlyList<string>> OwnNamesAsync(Guid organizationId, IReadOnlyList<string> names);

    /// <summary>The agent, removed or not; or null.</summary>
    ValueTask<Agent?> FindAsync(Guid organizationId, Guid id);

    /// <summary>The agents that are not removed, by name.</summary>
    ValueTask<List<Agent>> ListAsync(Guid organizationId);

    /// <summary>The inbox's position; in a write it is locked.</summary>
    ValueTask<InboxState> InboxAsync(Guid agentId);

    /// <summary>Locks the inboxes of these agents and of a conversation's members, in the order in which every writer locks them.</summary>
    ValueTask LockInboxesAsync(IReadOnlyCollection<Guid> agentIds, Guid? membersOf);

    /// <summary>The positions of the inboxes of all agents of an organization that are not removed; locks nothing.</summary>
    ValueTask<List<InboxState>> InboxesAsync(Guid organizationId);

    /// <summary>The heads of several inboxes, for nodes that hold their connections.</summary>
    ValueTask<List<InboxPosition>> HeadsAsync(IReadOnlyCollection<Guid> agentIds);
}
