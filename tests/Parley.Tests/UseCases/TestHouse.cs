using Parley.Core.Sessions;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Storage;
using Parley.Tests.Turns;

namespace Parley.Tests.UseCases;

/// <summary>A fresh store on a temporary file with its first organization, and the callers that a test needs.</summary>
internal sealed class TestHouse : IAsyncDisposable
{
    private readonly string folder;

    private TestHouse(string folder, Database database, TestClock clock, Caller owner) =>
        (this.folder, Database, Clock, Owner) = (folder, database, clock, owner);

    public Database Database { get; }

    public TestClock Clock { get; }

    public HaltBoard Board { get; } = new();

    public WakeList Wake { get; } = new();

    public Caller Owner { get; }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<TestHouse> OpenAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"parley-{Guid.NewGuid():n}");
        var clock = new TestClock();
        var database = await Parley.Storage.Database.OpenAsync(new StorageOptions { SqlitePath = Path.Combine(folder, "data", "parley.db") }, clock, Stop);
        var (organization, owner) = await new Bootstrap(database, clock).RunAsync(Stop);
        return new TestHouse(folder, database, clock, new Caller(CallerKind.User, organization.Id, owner.Id, owner.Name, owner.Role, Scopes.All, Guid.Empty));
    }

    public async Task<Caller> AgentAsync(string name, Caller? by = null, string? project = null)
    {
        var agent = await new AddAgent(Database, Clock).RunAsync(by ?? Owner, new AddAgentInput(name, Project: project), Stop);
        return new Caller(CallerKind.Agent, agent.OrganizationId, agent.Id, agent.Name, Role.Member, Scopes.Read | Scopes.Send, Guid.Empty);
    }

    public async Task<Caller> UserAsync(string name, Role role)
    {
        var user = await new AddUser(Database, Clock).RunAsync(Owner, name, role, Stop);
        return new Caller(CallerKind.User, user.OrganizationId, user.Id, user.Name, user.Role, Scopes.All, Guid.Empty);
    }

    public Task<LinkOverview> LinkAsync(Caller one, Caller other, LinkSettings? settings = null) =>
        new CreateLink(Database, Clock).RunAsync(Owner, one.Name, other.Name, settings ?? new LinkSettings(), Stop);

    public Task<SendReceipt> SendAsync(Caller from, string to, string text) =>
        new SendMessage(Database, new Router(Board), Wake, Clock).RunAsync(from, new SendInput { To = to, Content = text }, Stop);

    public RemoveAgent RemoveAgent
    {
        get
        {
            var send = new SendMessage(Database, new Router(Board), Wake, Clock);
            return new RemoveAgent(Database, new EndSession(send, new ScriptedPolicy()), send, [], Wake, Clock);
        }
    }

    public Task<List<AuditEntry>> AuditAsync() => new ListAudit(Database).RunAsync(Owner, 500, Stop);

    public static async Task RefusedAsync(ErrorCode code, Func<Task> call) => (await Should.ThrowAsync<ParleyError>(call)).Code.ShouldBe(code);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>A clock that a test moves.</summary>
internal sealed class TestClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Remembers whom it was asked to wake.</summary>
internal sealed class WakeList : IWake
{
    public List<InboxPosition> Woken { get; } = [];

    public void Wake(in WakeHint hint) => Woken.AddRange(hint.Recipients);
}
