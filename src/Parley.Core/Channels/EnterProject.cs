using Parley.Core.Organizations;

namespace Parley.Core.Channels;

/// <summary>Finds the project that a live connection is about.</summary>
public sealed class EnterProject(IDatabase database)
{
    /// <summary>
    /// Returns the project by name or id. A project in which the calling agent is in no channel is answered like one that does not exist: <c>not_found</c>.
    /// </summary>
    public Task<Project> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var project = await unit.Organizations.FindProjectAsync(caller.OrganizationId, nameOrId);
                return project is not null && (!caller.IsAgent || (await unit.Conversations.ProjectsOfAsync(caller.Id)).Contains(project.Id))
                    ? project
                    : throw ParleyError.NotFound("project");
            },
            cancellationToken);
    }
}
