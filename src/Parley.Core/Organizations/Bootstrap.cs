using Parley.Core.Conversations;

namespace Parley.Core.Organizations;

/// <summary>Makes an empty database usable: an organization, its owner, a project with its channel. Changes nothing where there is one.</summary>
public sealed class Bootstrap(IDatabase database, TimeProvider time)
{
    /// <summary>The name of the first organization and of its first project.</summary>
    public const string DefaultName = "default";

    /// <summary>The name of the first user.</summary>
    public const string OwnerName = "owner";

    /// <summary>Returns the first organization and its owner, created now or before.</summary>
    public Task<(Organization Organization, User Owner)> RunAsync(CancellationToken cancellationToken) =>
        database.WriteAsync(RunAsync, cancellationToken);

    private async ValueTask<(Organization Organization, User Owner)> RunAsync(IUnitOfWork unit)
    {
        var organizations = await unit.Organizations.ListAsync();
        if (organizations.Count > 0)
        {
            var first = organizations.Find(organization => organization.Name == DefaultName) ?? organizations[0];
            var users = await unit.Organizations.ListUsersAsync(first.Id);
            return (first, users.Where(user => user.Role == Role.Owner).OrderBy(user => user.CreatedAt).First());
        }

        var now = time.GetUtcNow();
        var created = new Organization(Guid.CreateVersion7(now), DefaultName, Features.All, now);
        var owner = new User(Guid.CreateVersion7(now), created.Id, OwnerName, Role.Owner, now);
        var project = new Project(Guid.CreateVersion7(now), created.Id, DefaultName, now);
        unit.Organizations.Add(created);
        unit.Organizations.AddUser(owner);
        unit.Organizations.AddProject(project);
        unit.Conversations.Add(Conversation.ChannelOf(created.Id, project.Id, Conversation.DefaultChannel, now));
        unit.Audit.Append(AuditEntry.Allowed(Caller.System(created.Id), now, "organization.create", DefaultName));
        return (created, owner);
    }
}
