using Parley.Core.Organizations;

namespace Parley.Storage.Stores;

internal sealed class OrganizationStore(Session session, bool writing) : IOrganizationStore
{
    private const string Organizations = "select id, name, features, created_at from organizations";
    private const string Users = "select id, organization_id, name, role, created_at from users";
    private const string Projects = "select id, organization_id, name, created_at from projects";

    public void Add(Organization organization) => session.Queue(
        "insert into organizations (id, name, features, created_at) values ($1, $2, $3, $4)",
        organization.Id, organization.Name, (int)organization.Features, organization.CreatedAt);

    public ValueTask<List<Organization>> ListAsync() => session.ListAsync(Organizations + " order by name", Organization);

    public ValueTask<Organization?> FindAsync(Guid id) => session.FirstAsync(Organizations + " where id = $1", Organization, id);

    public ValueTask<Organization?> FindAsync(string name) => session.FirstAsync(Organizations + " where name = $1", Organization, name);

    public void SetFeatures(Guid id, Features features) => session.Queue("update organizations set features = $2 where id = $1", id, (int)features);

    public async ValueTask<HeldTypes> HeldTypesAsync(Guid id) => await session.FirstAsync(
        $"select held_types from organizations where id = $1{(session.Dialect.IsPostgres && writing ? " for update" : "")}", row => (HeldTypes)row.Int(0), id);

    public void SetHeldTypes(Guid id, HeldTypes types) => session.Queue("update organizations set held_types = $2 where id = $1", id, (int)types);

    public void AddUser(User user) => session.Queue(
        "insert into users (id, organization_id, name, role, created_at) values ($1, $2, $3, $4, $5)",
        user.Id, user.OrganizationId, user.Name, Names<Role>.Of(user.Role), user.CreatedAt);

    public ValueTask<List<User>> ListUsersAsync(Guid organizationId) =>
        session.ListAsync(Users + " where organization_id = $1 order by name", User, organizationId);

    public ValueTask<User?> FindUserAsync(Guid organizationId, Guid id) =>
        session.FirstAsync(Users + " where organization_id = $1 and id = $2", User, organizationId, id);

    public void AddProject(Project project) => session.Queue(
        "insert into projects (id, organization_id, name, created_at) values ($1, $2, $3, $4)",
        project.Id, project.OrganizationId, project.Name, project.CreatedAt);

    public ValueTask<List<Project>> ListProjectsAsync(Guid organizationId) =>
        session.ListAsync(Projects + " where organization_id = $1 order by name", Project, organizationId);

    public ValueTask<Project?> FindProjectAsync(Guid organizationId, string nameOrId) => Guid.TryParse(nameOrId, out var id)
        ? session.FirstAsync(Projects + " where organization_id = $1 and id = $2", Project, organizationId, id)
        : session.FirstAsync(Projects + " where organization_id = $1 and name = $2", Project, organizationId, nameOrId.ToLowerInvariant());

    private static Organization Organization(Row row) => new(row.Guid(0), row.Text(1), (Features)row.Int(2), row.Time(3));

    private static User User(Row row) => new(row.Guid(0), row.Guid(1), row.Text(2), Names<Role>.Parse(row.Text(3)), row.Time(4));

    private static Project Project(Row row) => new(row.Guid(0), row.Guid(1), row.Text(2), row.Time(3));
}
