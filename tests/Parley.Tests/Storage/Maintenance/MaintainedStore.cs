using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Links;
using Parley.Core.Maintenance;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Storage;

namespace Parley.Tests.Storage.Maintenance;

/// <summary>An open store with an owner, made usable as a server makes it, and gone after the test.</summary>
internal sealed class MaintainedStore : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private PostgresDatabase? _postgres;

    public ManualTimeProvider Time { get; } = new();

    public HaltBoard Board { get; } = new();

    public Database Database { get; private set; } = null!;

    public Caller Owner { get; private set; } = null!;

    public string OwnerSecret { get; } = TokenSecret.Create(TokenSecret.UserPrefix);

    public StorageOptions Options { get; private set; } = null!;

    public BackupStore Backup => new(Database, Database.Archive, Time);

    public RestoreStore Restore => new(Database, Database.Archive, Board, Time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<MaintainedStore> OpenAsync(bool postgres)
    {
        var store = new MaintainedStore();
        store._postgres = postgres ? await PostgresServer.CreateDatabaseAsync() : null;
        store.Options = new StorageOptions { SqlitePath = postgres ? null : store._folder["parley.db"], PostgresConnectionString = store._postgres?.ConnectionString, SpoolFolder = store._folder.Path };
        store.Database = await Database.OpenAsync(store.Options, store.Time, Ct);
        var (_, owner) = await new Bootstrap(store.Database, store.Time).RunAsync(Ct);
        await new RegisterSecret(store.Database, store.Time).RunAsync(owner.Id, store.OwnerSecret, Ct);
        store.Owner = await store.CallerAsync(store.OwnerSecret);
        return store;
    }

    public async Task ReopenAsync()
    {
        await Database.DisposeAsync();
        Database = await Database.OpenAsync(Options, Time, Ct);
    }

    public Task<Caller> CallerAsync(string secret) => new Authenticate(Database, Time).RunAsync(secret, Ct);

    /// <summary>An agent and a caller that speaks for it.</summary>
    public async Task<Caller> AgentAsync(string name)
    {
        var now = Time.GetUtcNow();
        var agent = new Agent(Guid.CreateVersion7(now), Owner.OrganizationId, Owner.Id, name, AgentKind.External, "backend", "", Hold: false, now, RemovedAt: null);
        await Database.WriteAsync(
            unit =>
            {
                unit.Agents.Add(agent);
                return ValueTask.FromResult(true);
            },
            Ct);
        return new Caller(CallerKind.Agent, Owner.OrganizationId, agent.Id, name, Role.Member, Scopes.All, Guid.Empty);
    }

    public Task LinkAsync(string one, string other, int quota = 500) =>
        new CreateLink(Database, Time).RunAsync(Owner, one, other, new LinkSettings(MessagesPerWindow: quota), Ct);

    public Task<SendReceipt> SendAsync(Caller from, string to, string text, string? key = null) =>
        new SendMessage(Database, new Router(Board), new SilentWake(), Time).RunAsync(from, new SendInput { To = to, Content = text, Key = key ?? Guid.NewGuid().ToString() }, Ct);

    public async Task AcknowledgeAllAsync(Caller agent)
    {
        var inbox = await new ReadInbox(Database).RunAsync(agent, null, 1, Ct);
        await new Acknowledge(Database, Time).RunAsync(agent, inbox.State.Head, Ct);
    }

    public Task<InboxView> InboxAsync(Caller agent, long? after = null) => new ReadInbox(Database).RunAsync(agent, after, 500, Ct);

    public async Task<List<ExportedMessage>> ExportAsync(ExportFilter? filter = null)
    {
        var all = new List<ExportedMessage>();
        await foreach (var message in new ExportMessages(Database).RunAsync(Owner, filter ?? new ExportFilter(), Ct))
        {
            all.Add(message);
        }

        return all;
    }

    public async Task<MemoryStream> SaveAsync()
    {
        var file = new MemoryStream();
        await Backup.RunAsync(Owner, file, progress: null, Ct);
        file.Position = 0;
        return file;
    }

    public Task<List<Finding>> CheckAsync() => new CheckStore(Database, Database.Inspector).RunAsync(Owner, Ct);

    public async Task RunSqlAsync(string sql, params object?[] args) => await Database.Engine.WriteAsync(session => session.ExecuteAsync(sql, args), Ct);

    public async Task<long> CountAsync(string table) => await Database.Engine.ReadAsync(session => session.FirstAsync($"select count(*) from {table}", row => row.Long(0)), Ct);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        _folder.Dispose();
    }

    private sealed class SilentWake : IWake
    {
        public void Wake(in WakeHint hint)
        {
        }
    }
}
