using Parley.Core.Sessions;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Channels;
using Parley.Core.Halts;
using Parley.Core.Links;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Storage;
using Parley.Tests.Turns;

namespace Parley.Tests.Storage.Conformance;

/// <summary>A Parley without doors: one database, every use case, a clock that stands still, and a record of who was woken.</summary>
internal sealed class TestHouse(Database database, ManualTimeProvider clock, Caller owner) : IAsyncDisposable
{
    public Database Database { get; } = database;

    public ManualTimeProvider Clock { get; } = clock;

    public RecordingWake Wake { get; } = new();

    public HaltBoard Board { get; } = new();

    /// <summary>The person who owns the organization and every agent of the tests.</summary>
    public Caller Owner { get; } = owner;

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public SendMessage Send => new(Database, new Router(Board, new MeetingRoutes(Board)), Wake, Clock);

    public Acknowledge Acknowledge => new(Database, Clock);

    public ReadInbox ReadInbox => new(Database);

    public ReadMessages Read => new(Database, new IndexMessages(Database));

    public DecideHold Holds => new(Database, Wake, Clock);

    public HoldType HoldType => new(Database, Clock);

    public ListHolds HoldRules => new(Database);

    public RejectDelivery Reject => new(Database, Wake, Clock);

    public DeadLetters Dead => new(Database, Wake, Clock);

    public NeedsAttention Attention => new(Database, Clock);

    public OfferDeliveries Offer => new(Database, Clock);

    public ReleaseDeferred ReleaseDeferred => new(Database, Board, Wake, Clock);

    public ExpireDeliveries Expire => new(Database, Clock);

    public WatchObligations Watch => new(Database, Wake, Clock);

    public AddAgent AddAgent => new(Database, Clock);

    public EditAgent EditAgent => new(Database, Clock);

    public RemoveAgent RemoveAgent => new(Database, new EndSession(Send, new ScriptedPolicy()), Send, [], Wake, Clock);

    public CreateLink CreateLink => new(Database, Clock);

    public EditLink EditLink => new(Database, Clock);

    public RemoveLink RemoveLink => new(Database, Wake, Clock);

    public ListLinks ListLinks => new(Database, Clock);

    public CreateChannel CreateChannel => new(Database, Clock);

    public JoinChannel Join => new(Database, Clock);

    public LeaveChannel Leave => new(Database, Clock);

    public AnnounceFiles Announce => new(Database, Board, Wake, Clock);

    public PullHalt Halt => new(Database, Board, Clock);

    public ReleaseHalt Resume => new(Database, Board, Clock);

    public RefreshHalts RefreshHalts => new(Database, Board);

    public DateTimeOffset Now => Clock.GetUtcNow();

    public static async Task<TestHouse> OpenAsync(TestStore store, ManualTimeProvider? clock = null)
    {
        var time = clock ?? new ManualTimeProvider(TestStore.Start);
        var database = await store.OpenAsync();
        var (organization, owner) = await new Bootstrap(database, time).RunAsync(Ct);
        return new TestHouse(database, time, Person(organization.Id, owner));
    }

    public static Caller Person(Guid organizationId, User user) =>
        new(CallerKind.User, organizationId, user.Id, user.Name, user.Role, Scopes.All, Guid.NewGuid());

    public static Caller CallerOf(Agent agent) =>
        new(CallerKind.Agent, agent.OrganizationId, agent.Id, agent.Name, Role.Member, Scopes.Read | Scopes.Send, Guid.NewGuid());

    /// <summary>Adds an agent, a member of #general of the default project.</summary>
    public async Task<Caller> AgentAsync(string name, Caller? by = null) => CallerOf(await AddAgent.RunAsync(by ?? Owner, new AddAgentInput(name, Project: Bootstrap.DefaultName), Ct));

    public async Task<Link> LinkAsync(Caller one, Caller other, LinkSettings? settings = null, Caller? by = null) =>
        (await CreateLink.RunAsync(by ?? Owner, one.Name, other.Name, settings ?? new LinkSettings(), Ct)).Link;

    /// <summary>Two linked agents.</summary>
    public async Task<(Caller Tesla, Caller Aaron, Link Link)> PairAsync(LinkSettings? settings = null)
    {
        var tesla = await AgentAsync("tesla");
        var aaron = await AgentAsync("aaron");
        return (tesla, aaron, await LinkAsync(tesla, aaron, settings));
    }

    public Task<SendReceipt> SayAsync(Caller from, string? to, string text, string? key = null) => SendAsync(from, new SendInput { To = to, Content = text, Key = key });

    public Task<SendReceipt> SendAsync(Caller from, SendInput input) => Send.RunAsync(from, input, Ct);

    /// <summary>Sends that many different texts, one after the other.</summary>
    public async Task<List<SendReceipt>> SayManyAsync(Caller from, string to, int count, string prefix = "text")
    {
        var receipts = new List<SendReceipt>(count);
        for (var i = 1; i <= count; i++)
        {
            receipts.Add(await SayAsync(from, to, $"{prefix} {i}"));
        }

        return receipts;
    }

    public async Task<IReadOnlyList<InboxItem>> InboxAsync(Caller agent, long after = 0) => (await ReadInbox.RunAsync(agent, after, Limits.PageRows, Ct)).Items;

    public async Task<List<string>> TextsAsync(Caller agent) => [.. (await InboxAsync(agent)).Select(item => item.Message.Content)];

    /// <summary>What the inbox holds beside the notices of Parley itself.</summary>
    public async Task<List<string>> ReceivedAsync(Caller agent) =>
        [.. (await InboxAsync(agent)).Where(item => item.Message.Type != MessageType.System).Select(item => item.Message.Content)];

    /// <summary>What Parley itself said to the agent.</summary>
    public async Task<List<Message>> NoticesAsync(Caller agent) =>
        [.. (await InboxAsync(agent)).Where(item => item.Message.Type == MessageType.System).Select(item => item.Message)];

    public async Task<Delivery> DeliveryAsync(Guid messageId, Caller? by = null) => (await Read.DeliveriesAsync(by ?? Owner, messageId, Ct)).Deliveries.ShouldHaveSingleItem();

    /// <summary>The bucket of a link as the next message would find it.</summary>
    public async Task<LinkState> CreditsAsync(Guid linkId) => (await new FindLink(Database, Clock).RunAsync(Owner, linkId, Ct)).State.ShouldNotBeNull();

    /// <summary>Lets time pass and runs the loops that watch it, as the server does.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        Clock.Advance(time);
        await RunLoopsAsync();
    }

    public async Task RunLoopsAsync()
    {
        await ReleaseDeferred.RunOnceAsync(Ct);
        await Expire.RunOnceAsync(Ct);
        await Watch.RunOnceAsync(Ct);
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

/// <summary>Keeps every hint.</summary>
internal sealed class RecordingWake : IWake
{
    private readonly Lock gate = new();
    private readonly List<WakeHint> hints = [];

    public IReadOnlyList<WakeHint> Hints
    {
        get
        {
            lock (gate)
            {
                return [.. hints];
            }
        }
    }

    public void Wake(in WakeHint hint)
    {
        lock (gate)
        {
            hints.Add(hint);
        }
    }
}
