namespace Parley.Core.Channels;

/// <summary>Finds an announcement that still stands.</summary>
internal static class LeaseLookup
{
    /// <summary>The lease in the project; throws <c>not_found</c> in the same words for one that ended or that the caller may not change.</summary>
    public static async ValueTask<FileLease> ChangeableAsync(IUnitOfWork unit, Caller caller, string? project, Guid id, DateTimeOffset now)
    {
        var of = await ChannelLookup.ProjectAsync(unit, caller, project);
        var active = await unit.FileLeases.ActiveAsync(of.Id, now);
        return active.Find(lease => lease.Id == id && (!caller.IsAgent || lease.AgentId == caller.Id)) ?? throw ParleyError.NotFound("lease");
    }
}
