using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Budgets;
using Parley.Core.Channels;
using Parley.Core.Links;
using Parley.Core.Maintenance;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Nodes;
using Parley.Core.Organizations;
using Parley.Core.Permissions;
using Parley.Core.Remotes;
using Parley.Core.Schedules;
using Parley.Core.Sessions;
using Parley.Core.Tasks;
using Parley.Core.Turns;
using Parley.Core.Webhooks;
using Parley.Storage.Stores;

namespace Parley.Storage;

/// <summary>The stores of one session, each made when it is first asked for.</summary>
internal sealed class UnitOfWork(Session session, bool writing, KnownPeers? known = null, int schema = 0) : IUnitOfWork
{
    private readonly PeerLocks? locks = writing && session.Dialect.IsPostgres ? new PeerLocks(session, known ?? new KnownPeers()) : null;
    private IOrganizationStore? organizations;
    private ITokenStore? tokens;
    private ISignInStore? signIns;
    private IAuditStore? audit;
    private IHaltStore? halts;
    private IAgentStore? agents;
    private ILinkStore? links;
    private IConversationStore? conversations;
    private IMessageStore? messages;
    private IDeliveryStore? deliveries;
    private IObligationStore? obligations;
    private IFileLeaseStore? fileLeases;
    private IMeetingStore? meetings;
    private IRetentionStore? retention;
    private ISqlRoleStore? sqlRoles;
    private IChatQueueStore? chatQueue;
    private IBudgetStore? budgets;
    private IHostingStore? hosting;
    private ISessionStore? sessions;
    private ITurnStore? turns;
    private ISubagentStore? subagents;
    private IScheduleStore? schedules;
    private IWebhookStore? webhooks;
    private IRemoteStore? remotes;
    private ITaskStore? tasks;
    private INodeStore? nodes;
    private IPermissionStore? permissions;

    public IOrganizationStore Organizations => organizations ??= new OrganizationStore(session, writing);

    public ITokenStore Tokens => tokens ??= new TokenStore(session);

    public ISignInStore SignIns => signIns ??= new SignInStore(session);

    public IAuditStore Audit => audit ??= new AuditStore(session);

    public IHaltStore Halts => halts ??= new HaltStore(session);

    public IAgentStore Agents => agents ??= new AgentStore(session, writing);

    public ILinkStore Links => links ??= new LinkStore(session, locks);

    public IConversationStore Conversations => conversations ??= new ConversationStore(session, locks);

    /// <summary>The last message that was added, or null.</summary>
    public Guid? Said => (messages as MessageStore)?.Last;

    public IMessageStore Messages => messages ??= new MessageStore(session);

    public IDeliveryStore Deliveries => deliveries ??= new DeliveryStore(session);

    public IObligationStore Obligations => obligations ??= new ObligationStore(session);

    public IFileLeaseStore FileLeases => fileLeases ??= new FileLeaseStore(session, writing);

    public IMeetingStore Meetings => meetings ??= new MeetingStore(session);

    public IRetentionStore Retention => retention ??= new RetentionStore(session, locks);

    public ISqlRoleStore SqlRoles => sqlRoles ??= new SqlRoleStore(session);

    public IChatQueueStore ChatQueue => chatQueue ??= new ChatQueueStore(session);

    public IBudgetStore Budgets => budgets ??= new BudgetStore(session, writing);

    public IHostingStore Hosting => hosting ??= new HostingStore(session);

    public ISessionStore Sessions => sessions ??= new SessionStore(session, writing);

    public ITurnStore Turns => turns ??= new TurnStore(session);

    public ISubagentStore Subagents => subagents ??= new SubagentStore(session, writing);

    public IRemoteStore Remotes => remotes ??= new RemoteStore(session, writing);

    public IWebhookStore Webhooks => webhooks ??= new WebhookStore(session, writing);

    public IScheduleStore Schedules => schedules ??= new ScheduleStore(session, writing);

    public ITaskStore Tasks => tasks ??= new TaskStore(session, writing);

    public INodeStore Nodes => nodes ??= new NodeStore(session, schema);

    public IPermissionStore Permissions => permissions ??= new PermissionStore(session);
}
