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

    /// <summary>The project by name or id; throws <c>not_found</c> in the same words for every one that the caller may not know of.</summary>
    internal static async ValueTask<Project> FoundAsync(IUnitOfWork unit, Caller caller, string? nameOrId)
    {
        var name = nameOrId?.Trim().ToLowerInvariant() ?? "";
        var id = Guid.TryParse(name, out var parsed) ? parsed : Guid.Empty;
        return (await VisibleAsync(unit, caller)).Find(project => project.Name == name || project.Id == id) ?? throw ParleyError.NotFound("project");
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
