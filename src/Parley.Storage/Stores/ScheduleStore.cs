using Parley.Core.Schedules;

namespace Parley.Storage.Stores;

internal sealed class ScheduleStore(Session session, bool writing) : IScheduleStore
{
    private const string Columns =
        """
        s.id, s.organization_id, s.name, s.timing, s.expression, s.zone, s.anchor, s.agent_id, (select a.name from agents a where a.id = s.agent_id), s.task, s.session, s.model, s.timeout,
        s.announce, s.missed, s.paused_at, s.paused_reason, s.created_by, (select u.name from users u where u.id = s.created_by), s.created_at, s.next_at, s.last_fired_at, s.failures, s.firings
        """;

    private string Lock => writing ? session.Dialect.ForUpdate : "";

    public void Add(Schedule schedule) => session.Queue(
        """
        insert into schedules (id, organization_id, name, timing, expression, zone, anchor, agent_id, task, session, model, timeout, announce, missed, paused_at, paused_reason, created_by,
            created_at, next_at, last_fired_at, failures, firings)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
        """,
        schedule.Id, schedule.OrganizationId, schedule.Name, Names<TimingKind>.Of(schedule.Timing.Kind), schedule.Timing.Text, schedule.Timing.Zone, schedule.Timing.Anchor, schedule.AgentId,
        schedule.Task, Names<ScheduleSession>.Of(schedule.Session), schedule.Model, Seconds(schedule.Timeout), schedule.Announce, Names<MissedPolicy>.Of(schedule.Missed), schedule.PausedAt,
        schedule.PausedReason, schedule.CreatedById, schedule.CreatedAt, schedule.NextAt, schedule.LastFiredAt, schedule.Failures, schedule.Firings);

    public void Update(Schedule schedule) => session.Queue(
        """
        update schedules set timing = $2, expression = $3, zone = $4, anchor = $5, agent_id = $6, task = $7, session = $8, model = $9, timeout = $10, announce = $11, missed = $12,
            paused_at = $13, paused_reason = $14, next_at = $15, last_fired_at = $16, failures = $17, firings = $18
        where id = $1
        """,
        schedule.Id, Names<TimingKind>.Of(schedule.Timing.Kind), schedule.Timing.Text, schedule.Timing.Zone, schedule.Timing.Anchor, schedule.AgentId, schedule.Task,
        Names<ScheduleSession>.Of(schedule.Session), schedule.Model, Seconds(schedule.Timeout), schedule.Announce, Names<MissedPolicy>.Of(schedule.Missed), schedule.PausedAt,
        schedule.PausedReason, schedule.NextAt, schedule.LastFiredAt, schedule.Failures, schedule.Firings);

    public void Remove(Guid id)
    {
        session.Queue("delete from schedule_firings where schedule_id = $1", id);
        session.Queue("delete from schedules where id = $1", id);
    }

    public ValueTask<Schedule?> FindAsync(Guid id) => session.FirstAsync($"select {Columns} from schedules s where s.id = $1{Lock}", Schedule, id);

    public ValueTask<Schedule?> FindAsync(Guid organizationId, string name) =>
        session.FirstAsync($"select {Columns} from schedules s where s.organization_id = $1 and s.name = $2{Lock}", Schedule, organizationId, name);

    public ValueTask<List<Schedule>> ListAsync(Guid organizationId, int limit) =>
        session.ListAsync($"select {Columns} from schedules s where s.organization_id = $1 order by s.name limit $2", Schedule, organizationId, limit);

    public async ValueTask<int> CountAsync(Guid organizationId) =>
        await session.FirstAsync("select count(*) from schedules where organization_id = $1", row => row.Int(0), organizationId);

    public ValueTask<List<Guid>> DueAsync(DateTimeOffset now, int limit) => session.ListAsync(
        "select id from schedules where paused_at is null and next_at is not null and next_at <= $1 order by next_at, id limit $2", row => row.Guid(0), now, limit);

    public async ValueTask<bool> HasFiredAsync(Guid id, DateTimeOffset due) =>
        await session.FirstAsync("select 1 from schedule_firings where schedule_id = $1 and due = $2", row => row.Int(0), id, due) == 1;

    public void AddFiring(Firing firing, int keep)
    {
        session.Queue(
            """
            insert into schedule_firings (schedule_id, number, due, at, outcome, missed, manual, message_id, session_key, reason)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            firing.ScheduleId, firing.Number, firing.Due, firing.At, Names<FiringOutcome>.Of(firing.Outcome), firing.Missed, firing.Manual, firing.MessageId, firing.SessionKey, firing.Reason);
        session.Queue("delete from schedule_firings where schedule_id = $1 and number <= $2", firing.ScheduleId, firing.Number - keep);
    }

    public ValueTask<List<Firing>> HistoryAsync(Guid id, long? before, int limit) => session.ListAsync(
        """
        select schedule_id, number, due, at, outcome, missed, manual, message_id, session_key, reason from schedule_firings
        where schedule_id = $1 and number < $2 order by number desc limit $3
        """,
        Firing, id, before ?? long.MaxValue, limit);

    private static long? Seconds(TimeSpan? time) => (long?)time?.TotalSeconds;

    private static Firing Firing(Row row) => new(row.Guid(0), row.Long(1), row.Time(2), row.Time(3), Names<FiringOutcome>.Parse(row.Text(4)))
    {
        Missed = row.Int(5), Manual = row.Bool(6), MessageId = row.GuidOrNull(7), SessionKey = row.TextOrNull(8), Reason = row.TextOrNull(9),
    };

    private static Schedule Schedule(Row row) => new()
    {
        Id = row.Guid(0),
        OrganizationId = row.Guid(1),
        Name = row.Text(2),
        Timing = new Timing(Names<TimingKind>.Parse(row.Text(3)), row.Text(4), row.Text(5), row.Time(6)),
        AgentId = row.Guid(7),
        AgentName = row.Text(8),
        Task = row.Text(9),
        Session = Names<ScheduleSession>.Parse(row.Text(10)),
        Model = row.TextOrNull(11),
        Timeout = row.LongOrNull(12) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Announce = row.TextOrNull(13),
        Missed = Names<MissedPolicy>.Parse(row.Text(14)),
        PausedAt = row.TimeOrNull(15),
        PausedReason = row.TextOrNull(16),
        CreatedById = row.Guid(17),
        CreatedBy = row.Text(18),
        CreatedAt = row.Time(19),
        NextAt = row.TimeOrNull(20),
        LastFiredAt = row.TimeOrNull(21),
        Failures = row.Int(22),
        Firings = row.Long(23),
    };
}
