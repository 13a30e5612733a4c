using Parley.Core.Organizations;

namespace Parley.Core.Links;

/// <summary>Changes the settings of a link. Persons only.</summary>
public sealed class EditLink(IDatabase database, TimeProvider time)
{
    /// <summary>
    /// Applies the change, which may be run more than once; a change of the quota is granted or taken at once. Returns the link as it is now.
    /// Throws <c>not_found</c>, <c>forbidden</c>, <c>invalid_request</c>.
    /// </summary>
    public Task<LinkOverview> RunAsync(Caller caller, Guid id, Func<LinkSettings, LinkSettings> change, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "link.edit", id.ToString(), Role.Member,
        async (unit, now) =>
        {
            var (link, one, other) = await LinkLookup.ManagedAsync(unit, caller, id);
            var settings = change(link.Settings).Checked();
            var state = await unit.Links.StateAsync(id);
            if (state is not null)
            {
                state = Quota.Resize(state, link.Settings, settings, now);
                unit.Links.SaveState(state);
            }

            unit.Links.Update(id, settings);
            return LinkOverview.From(link with { Settings = settings }, one, other, state, now);
        },
        cancellationToken);
}
