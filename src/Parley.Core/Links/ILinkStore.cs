namespace Parley.Core.Links;

/// <summary>Links and their credits.</summary>
public interface ILinkStore
{
    /// <summary>Adds a link.</summary>
    void Add(Link link);

    /// <summary>Writes the settings.</summary>
    void Update(Guid id, LinkSettings settings);

    /// <summary>Marks a link removed.</summary>
    void Remove(Guid id, DateTimeOffset at);

    /// <summary>The link of two agents that is not removed, or null.</summary>
    ValueTask<Link?> FindAsync(Guid organizationId, Guid one, Guid other);

    /// <summary>The link, removed or not; or null.</summary>
    ValueTask<Link?> FindAsync(Guid organizationId, Guid id);

    /// <summary>The links of an organization, or of one agent in it, that are not removed.</summary>
    ValueTask<List<Link>> ListAsync(Guid organizationId, Guid? agentId);

    /// <summary>The bucket, or null before the first message; in a write it is locked.</summary>
    ValueTask<LinkState?> StateAsync(Guid linkId);

    /// <summary>The buckets of all links of an organization that have one; locks nothing.</summary>
    ValueTask<List<LinkState>> StatesAsync(Guid organizationId);

    /// <summary>Writes the bucket.</summary>
    void SaveState(LinkState state);

    /// <summary>Links with waiting messages whose window has ended or that have credits left, and that are neither switched off nor halted.</summary>
    ValueTask<List<(Guid OrganizationId, Guid LinkId)>> DueAsync(DateTimeOffset now, int limit);
}
