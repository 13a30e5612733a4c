namespace Parley.Core.Organizations;

/// <summary>Lists projects: a person sees those of the organization, an agent those it is in.</summary>
public sealed class ListProjects(IDatabase database)
{
    /// <summary>Returns the projects by name.</summary>
    public Task<List<Project>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(unit => VisibleAsync(unit, caller), cancellationToken);
    }

    /// <summary>The projects that the caller may know of.</summary>
    internal static async ValueTask<List<Project>> VisibleAsync(IUnitOfWork unit, Caller caller)
    {
        var projects = await unit.Organizations.ListProjectsAsync(caller.OrganizationId);
        if (caller.IsAgent)
        {
            var own = await unit.Conversations.ProjectsOfAsync(caller.Id);
            projects.RemoveAll(project => !own.Contains(project.Id));
        }

        return projects;
    }
}
