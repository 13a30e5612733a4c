using System.Threading.Channels;
using Npgsql;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Halts;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Storage;
using Parley.Storage.Postgres;

namespace Parley.Tests.Storage.SqlDoor;

/// <summary>A fresh PostgreSQL database with Parley's use cases over it, and connections of agents' roles.</summary>
internal sealed class DoorRig : IWake, IAsyncDisposable
{
    private readonly PostgresDatabase _postgres;
    private readonly List<NpgsqlDataSource> _sources = [];
    private readonly HaltBoard _board = new();

    private DoorRig(PostgresDatabase postgres, Database database)
    {
        (_postgres, Database) = (postgres, database);
        Owner = null!;
        Send = new SendMessage(Database, new Router(_board), this, TimeProvider.System);
        Taker = new TakeSqlMessages(Database, Send, this, TimeProvider.System);
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Database Database { get; }

    public string ConnectionString => _postgres.ConnectionString;

    public Caller Owner { get; private set; }

    public HaltBoard Board => _board;

    public SendMessage Send { get; }

    public TakeSqlMessages Taker { get; }

    public static async Task<DoorRig> CreateAsync()
    {
        var postgres = await PostgresServer.CreateDatabaseFromAsync("sql door", MigrateAsync);
        var database = await OpenAsync(postgres.ConnectionString);
        var rig = new DoorRig(postgres, database);
        var (organization, owner) = await new Bootstrap(database, TimeProvider.System).RunAsync(Ct);
        rig.Owner = new Caller(CallerKind.User, organization.Id, owner.Id, owner.Name, Role.Owner, Scopes.All, Guid.Empty);
        return rig;
    }

    public static Task<Database> OpenAsync(string connectionString) =>
        Database.OpenAsync(new StorageOptions { PostgresConnectionString = connectionString }, TimeProvider.System, Ct);

    /// <summary>A second organization with an owner of its own.</summary>
    public async Task<Caller> AddOrganizationAsync(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        var organization = new Organization(Guid.CreateVersion7(now), name, Features.All, now);
        var owner = new User(Guid.CreateVersion7(now), organization.Id, "boss", Role.Owner, now);
        await Database.WriteAsync(
            unit =>
            {
                unit.Organizations.Add(organization);
                unit.Organizations.AddUser(owner);
                return ValueTask.FromResult(true);
            },
            Ct);
        return new Caller(CallerKind.User, organization.Id, owner.Id, owner.Name, Role.Owner, Scopes.All, Guid.Empty);
    }

    public async Task<Caller> AddAgentAsync(string name, Caller? person = null)
    {
        var agent = await new AddAgent(Database, TimeProvider.System).RunAsync(person ?? Owner, new AddAgentInput(name), Ct);
        return new Caller(CallerKind.Agent, agent.OrganizationId, agent.Id, agent.Name, Role.Member, Scopes.Read | Scopes.Send, Guid.Empty);
    }

    public async Task<Link> LinkAsync(string one, string other, LinkSettings? settings = null, Caller? person = null) =>
        (await new CreateLink(Database, TimeProvider.System).RunAsync(person ?? Owner, one, other, settings ?? new LinkSettings(), Ct)).Link;

    /// <summary>Two linked agents, the first with a role that is connected.</summary>
    public async Task<NpgsqlDataSource> LinkedAsync(string one, string other, LinkSettings? settings = null)
    {
        await AddAgentAsync(one);
        await AddAgentAsync(other);
        await LinkAsync(one, other, settings);
        return await ConnectAsync(one);
    }

    public Task<IssuedSqlRole> IssueAsync(string agent, Caller? person = null) => new CreateSqlRole(Database, TimeProvider.System).RunAsync(person ?? Owner, agent, Ct);

    public async Task<NpgsqlDataSource> ConnectAsync(string agent, Caller? person = null) => Connect(await IssueAsync(agent, person));

    public NpgsqlDataSource Connect(IssuedSqlRole issued)
    {
        var address = new NpgsqlConnectionStringBuilder(ConnectionString) { Username = issued.Role.Name, Password = issued.Password, MaxPoolSize = 20, Timeout = 60, IncludeErrorDetail = true };
        var source = NpgsqlDataSource.Create(address.ConnectionString);
        _sources.Add(source);
        return source;
    }

    public NpgsqlDataSource ConnectAsOwner()
    {
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { IncludeErrorDetail = true });
        _sources.Add(source);
        return source;
    }

    /// <summary>Sends everything that waits.</summary>
    public async Task TakeAsync()
    {
        while (await Taker.RunOnceAsync(Ct))
        {
        }
    }

    /// <summary>Sends what is inserted as soon as the database says so, until cancelled.</summary>
    public async Task KeepTakingAsync(CancellationToken stop)
    {
        var hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var listening = new ChatNotices(ConnectionString, TimeProvider.System).RunAsync(() => hints.Writer.TryWrite(true), stop);
        try
        {
            while (await hints.Reader.ReadAsync(stop))
            {
                await TakeAsync();
            }
        }
        catch (OperationCanceledException)
        {
            await listening;
        }
    }

    private static async Task MigrateAsync(string connectionString) => await (await OpenAsync(connectionString)).DisposeAsync();

    public Task<InboxView> InboxAsync(Caller agent) => new ReadInbox(Database).RunAsync(agent, null, 100, Ct);

    public void Wake(in WakeHint hint)
    {
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
        {
            await source.DisposeAsync();
        }

        await Database.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
