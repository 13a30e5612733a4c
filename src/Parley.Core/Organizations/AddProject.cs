using Parley.Core.Conversations;

namespace Parley.Core.Organizations;

/// <summary>Adds a project with its <c>#general</c>. Admins only.</summary>
public sealed class AddProject(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the project. Refuses a name in use with <c>conflict</c>.</summary>
    public Task<Project> RunAsync(Caller caller, string? name, CancellationToken cancellationToken)
    {
        var valid = Name.Check(name, "name");
        return database.ChangeAsync(
            caller, time, "project.add", valid, Role.Admin,
            async (unit, now) =>
            {
                if (await unit.Organizations.FindProjectAsync(caller.OrganizationId, valid) is not null)
                {
                    throw new ParleyError(ErrorCode.Conflict, $"There is a project called '{valid}' already.", "Choose another name.");
                }

                var project = new Project(Guid.CreateVersion7(now), caller.OrganizationId, valid, now);
                unit.Organizations.AddProject(project);
                unit.Conversations.Add(Conversation.ChannelOf(project.OrganizationId, project.Id, Conversation.DefaultChannel, now));
                return project;
            },
            cancellationToken);
    }
}
