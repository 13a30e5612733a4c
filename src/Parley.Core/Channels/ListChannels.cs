using Parley.Core.Organizations;

namespace Parley.Core.Channels;

/// <summary>Lists channels: a person sees all, an agent those of the projects it is in.</summary>
public sealed class ListChannels(IDatabase database)
{
    /// <summary>Returns the channels of one project, or of all that the caller may know of, by project and name. Throws <c>not_found</c> for an unknown project.</summary>
    public Task<List<ChannelOverview>> RunAsync(Caller caller, string? project, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var overviews = new List<ChannelOverview>();
                var projects = project is null ? await ListProjects.VisibleAsync(unit, caller) : [await ChannelLookup.ProjectAsync(unit, caller, project)];
                foreach (var of in projects)
                {
                    foreach (var channel in await unit.Conversations.ListChannelsAsync(of.Id))
                    {
                        overviews.Add(await ChannelOverview.ReadAsync(unit, channel, of));
                    }
                }

                return overviews;
            },
            cancellationToken);
    }
}
