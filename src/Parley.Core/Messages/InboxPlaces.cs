namespace Parley.Core.Messages;

/// <summary>The places that a message gets in inboxes. After the commit all their numbers are known; before it a number may still be on its way.</summary>
internal sealed class InboxPlaces
{
    private readonly IReadOnlyList<InboxPosition> known;
    private readonly List<(Guid AgentId, Task<long> Number)> coming = [];

    public InboxPlaces(IReadOnlyList<InboxPosition>? known = null) => this.known = known ?? [];

    /// <summary>Adds a place whose number comes with the commit.</summary>
    public void Add(Guid agentId, Task<long> number) => coming.Add((agentId, number));

    /// <summary>The places, after the commit.</summary>
    public IReadOnlyList<InboxPosition> Read() =>
        coming.Count == 0 ? known : [.. known, .. coming.Select(place => new InboxPosition(place.AgentId, place.Number.GetAwaiter().GetResult()))];
}
