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

namespace Parley.Core;

/// <summary>The durable store. Everything Parley knows is in it; the process keeps only hints.</summary>
public interface IDatabase
{
    /// <summary>
    /// Runs the work in one transaction and completes after it was committed and flushed. The work may be run again from the start when the
    /// database asks for it, so it must have no effect outside the unit. Throws <see cref="ParleyError"/>: <c>busy</c> when the write queue is
    /// full, <c>storage_full</c>, <c>storage_unavailable</c>, and <c>outcome_unknown</c> when the commit may have happened.
    /// </summary>
    Task<T> WriteAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>Runs the work on a consistent snapshot without writing.</summary>
    Task<T> ReadAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>As <see cref="WriteAsync"/>, for what must not wait behind slow work of others: halts, leases, the node itself. Short and seldom.</summary>
    Task<T> WriteUrgentlyAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) => WriteAsync(work, cancellationToken);

    /// <summary>As <see cref="ReadAsync"/>, for what must not wait behind slow work of others: halts, tokens. Short.</summary>
    Task<T> ReadUrgentlyAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) => ReadAsync(work, cancellationToken);

    /// <summary>How many writes one sender may have under way and still have them executed in the order of the calls.</summary>
    int PipelineDepth { get; }

    /// <summary>Changes when the store was restored or may have lost its tail; cursors of another epoch do not count.</summary>
    string Epoch { get; }

    /// <summary>
    /// Raised after the epoch changed while this process runs, on a thread that must not be held: live connections have to end with
    /// <c>epoch_changed</c>, and whatever was remembered of the store is void.
    /// </summary>
    event Action? Restored;

    /// <summary>Run after an outage, before anybody else may write again: what other nodes did meanwhile is learned here. It may use the database.</summary>
    event Func<CancellationToken, Task>? Resuming
    {
        add { }
        remove { }
    }

    /// <summary>Reads the epoch again, as after a restore by this or another node; true where it changed.</summary>
    Task<bool> RefreshEpochAsync(CancellationToken cancellationToken);

    /// <summary>What "accepted" means on this store: <c>disk</c>, <c>disk+replica</c> or <c>relaxed</c>.</summary>
    string Durability { get; }

    /// <summary>Copies the whole store out and in.</summary>
    IStoreArchive Archive { get; }

    /// <summary>Looks the store over.</summary>
    IStoreInspector Inspector { get; }

    /// <summary>Whether several nodes can share it.</summary>
    bool IsPostgres { get; }

    /// <summary>Whether it can be written now.</summary>
    StorageHealth Health { get; }

    /// <summary>Raised when that changes, on the thread that found out; whoever listens returns at once and never throws.</summary>
    event Action<StorageHealth>? HealthChanged;
}

/// <summary>The stores of one transaction.</summary>
public interface IUnitOfWork
{
    /// <summary>Tenants, users and projects.</summary>
    IOrganizationStore Organizations { get; }

    /// <summary>Credentials, stored hashed.</summary>
    ITokenStore Tokens { get; }

    /// <summary>Links that open the console once, stored hashed.</summary>
    ISignInStore SignIns { get; }

    /// <summary>What was decided by whom.</summary>
    IAuditStore Audit { get; }

    /// <summary>The kill switch.</summary>
    IHaltStore Halts { get; }

    /// <summary>Participants and their inboxes' positions.</summary>
    IAgentStore Agents { get; }

    /// <summary>Who may message whom, and the credits left.</summary>
    ILinkStore Links { get; }

    /// <summary>Conversations and their members.</summary>
    IConversationStore Conversations { get; }

    /// <summary>What was said.</summary>
    IMessageStore Messages { get; }

    /// <summary>For whom it is, and how far it came.</summary>
    IDeliveryStore Deliveries { get; }

    /// <summary>Requests that wait for a reply, and what waits for a person.</summary>
    IObligationStore Obligations { get; }

    /// <summary>Announced work on files.</summary>
    IFileLeaseStore FileLeases { get; }

    /// <summary>Rooms in which mentions make agents speak.</summary>
    IMeetingStore Meetings { get; }

    /// <summary>What may be deleted.</summary>
    IRetentionStore Retention { get; }

    /// <summary>Roles of the database that speak for agents.</summary>
    ISqlRoleStore SqlRoles { get; }

    /// <summary>What agents inserted with SQL and Parley has still to send.</summary>
    IChatQueueStore ChatQueue { get; }

    /// <summary>Roots, days and their limits.</summary>
    IBudgetStore Budgets { get; }

    /// <summary>Agents that Parley runs.</summary>
    IHostingStore Hosting { get; }

    /// <summary>Their sessions, each owned by one node at a time.</summary>
    ISessionStore Sessions { get; }

    /// <summary>Their turns.</summary>
    ITurnStore Turns { get; }

    /// <summary>What they were spawned for.</summary>
    ISubagentStore Subagents { get; }

    /// <summary>What programs of agents want to do.</summary>
    IPermissionStore Permissions { get; }

    /// <summary>Work that is given again and again.</summary>
    IScheduleStore Schedules { get; }

    /// <summary>Addresses that are called when something happened.</summary>
    IWebhookStore Webhooks { get; }

    /// <summary>Agents of other servers.</summary>
    IRemoteStore Remotes { get; }

    /// <summary>Work that was given over a door whose callers follow it.</summary>
    ITaskStore Tasks { get; }

    /// <summary>The servers that share the database.</summary>
    INodeStore Nodes { get; }
}
