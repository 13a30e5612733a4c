using Parley.Core.Links;

namespace Parley.Storage.Stores;

internal sealed class LinkStore(Session session, PeerLocks? locks) : ILinkStore
{
    internal const string Columns =
        """
        id, organization_id, agent_a, agent_b, conversation_id, messages_per_window, window_hours, debounce_seconds, strict_debounce,
        preferred_endpoint, enabled, hold, created_at, removed_at
        """;

    private const string StateOf =
        "select link_id, channel, credits_remaining, window_reset_at, last_message_at, waiting, turn from link_states where link_id = $1 and channel = 'direct'";

    private const string Save =
        """
        insert into link_states (link_id, channel, credits_remaining, window_reset_at, last_message_at, waiting, turn) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (link_id, channel) do update set credits_remaining = excluded.credits_remaining, window_reset_at = excluded.window_reset_at,
            last_message_at = excluded.last_message_at, waiting = excluded.waiting, turn = excluded.turn
        """;

    private static readonly KeptRow<LinkState> States = new("link_states", columns: null, StateOf, State, Save, ArgsOf);

    internal static readonly string LockState = StateOf + Dialect.Postgres.ForUpdate;

    public void Add(Link link)
    {
        var settings = link.Settings;
        session.Queue(
            $"insert into links ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            link.Id, link.OrganizationId, link.AgentA, link.AgentB, link.ConversationId, settings.MessagesPerWindow, settings.WindowHours, settings.DebounceSeconds,
            settings.StrictDebounce, settings.PreferredEndpoint, settings.Enabled, settings.Hold, link.CreatedAt, link.RemovedAt);
    }

    public void Update(Guid id, LinkSettings settings) => session.Queue(
        """
        update links set messages_per_window = $2, window_hours = $3, debounce_seconds = $4, strict_debounce = $5, preferred_endpoint = $6, enabled = $7, hold = $8
        where id = $1
        """,
        id, settings.MessagesPerWindow, settings.WindowHours, settings.DebounceSeconds, settings.StrictDebounce, settings.PreferredEndpoint, settings.Enabled, settings.Hold);

    public void Remove(Guid id, DateTimeOffset at) => session.Queue("update links set removed_at = $2 where id = $1", id, at);

    public ValueTask<Link?> FindAsync(Guid organizationId, Guid one, Guid other)
    {
        var (a, b) = Link.Pair(one, other);
        return session.FirstAsync($"select {Columns} from links where agent_a = $1 and agent_b = $2 and organization_id = $3 and removed_at is null", LinkOf, a, b, organizationId);
    }

    public ValueTask<Link?> FindAsync(Guid organizationId, Guid id) =>
        session.FirstAsync($"select {Columns} from links where id = $1 and organization_id = $2", LinkOf, id, organizationId);

    public ValueTask<List<Link>> ListAsync(Guid organizationId, Guid? agentId) => agentId is { } agent
        ? session.ListAsync($"select {Columns} from links where organization_id = $1 and removed_at is null and (agent_a = $2 or agent_b = $2) order by id", LinkOf, organizationId, agent)
        : session.ListAsync($"select {Columns} from links where organization_id = $1 and removed_at is null order by id", LinkOf, organizationId);

    public async ValueTask<LinkState?> StateAsync(Guid linkId)
    {
        if (session.Keeper is { } keeper)
        {
            return keeper.Find(States, linkId);
        }

        if (locks is null)
        {
            return await session.FirstAsync(StateOf, State, linkId);
        }

        if ((locks.State(linkId) ?? await session.FirstAsync(LockState, State, linkId)) is { } state)
        {
            locks.Found(state);
            return state;
        }

        // Before the first message there is no row to lock: the link's own row stands for it.
        await session.FirstAsync("select id from links where id = $1 for update", row => row.Guid(0), linkId);
        return await session.FirstAsync(LockState, State, linkId);
    }

    public ValueTask<List<LinkState>> StatesAsync(Guid organizationId) => session.ListAsync(
        """
        select s.link_id, s.channel, s.credits_remaining, s.window_reset_at, s.last_message_at, s.waiting, s.turn
        from link_states s join links l on l.id = s.link_id
        where l.organization_id = $1 and l.removed_at is null and s.channel = 'direct'
        """,
        State, organizationId);

    public void SaveState(LinkState state)
    {
        if (state.Channel == LinkState.Direct && session.Keeper is { } keeper)
        {
            keeper.Set(States, state.LinkId, state);
        }
        else
        {
            session.Queue(Save, ArgsOf(state));
        }
    }

    public ValueTask<List<(Guid OrganizationId, Guid LinkId)>> DueAsync(DateTimeOffset now, int limit) => session.ListAsync(
        """
        select l.organization_id, s.link_id from link_states s join links l on l.id = s.link_id
        where s.waiting > 0 and (s.credits_remaining > 0 or s.window_reset_at <= $1) and l.enabled = 1 and l.removed_at is null
            and not exists (select 1 from halts h where h.scope = 'link' and h.target_id = l.id)
            and not exists (select 1 from halts h where h.scope = 'organization' and h.target_id = l.organization_id)
            and not exists (select 1 from halts h where h.scope = 'server')
        order by s.window_reset_at limit $2
        """,
        row => (row.Guid(0), row.Guid(1)), now, limit);

    private static object?[] ArgsOf(LinkState state) =>
        [state.LinkId, state.Channel, state.CreditsRemaining, state.WindowResetAt, state.LastMessageAt, state.Waiting, state.Turn];

    internal static LinkState State(Row row) => new(row.Guid(0), row.Text(1), row.Int(2), row.Time(3), row.TimeOrNull(4), row.Int(5), row.Long(6));

    /// <summary>Reads a link from the fourteen columns that begin at <paramref name="i"/>.</summary>
    internal static Link LinkAt(Row row, int i) => new(
        row.Guid(i), row.Guid(i + 1), row.Guid(i + 2), row.Guid(i + 3), row.Guid(i + 4),
        new LinkSettings(row.Int(i + 5), row.Int(i + 6), row.Int(i + 7), row.Bool(i + 8), row.Text(i + 9), row.Bool(i + 10), row.Bool(i + 11)),
        row.Time(i + 12), row.TimeOrNull(i + 13));

    private static Link LinkOf(Row row) => LinkAt(row, 0);
}
