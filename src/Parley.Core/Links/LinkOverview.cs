using Parley.Core.Agents;

namespace Parley.Core.Links;

/// <summary>A link with the names of its agents and its credits.</summary>
/// <param name="Link">The link.</param>
/// <param name="AgentName">One agent: the one asked for, else that of <see cref="Link.AgentA"/>.</param>
/// <param name="PeerName">The other agent.</param>
/// <param name="State">The bucket as a message would find it now; null before the first message.</param>
public sealed record LinkOverview(Link Link, string AgentName, string PeerName, LinkState? State)
{
    /// <summary>The overview of a link as seen from one of its agents.</summary>
    public static LinkOverview From(Link link, Agent agent, Agent peer, LinkState? state, DateTimeOffset now) =>
        new(link, agent.Name, peer.Name, state is null ? null : Quota.Roll(state, link.Settings, now));
}
