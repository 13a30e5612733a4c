using System.Text.Json;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Schedules;
using Parley.Core.Turns;
using Parley.Tests.Turns;

namespace Parley.Tests.Storage.Conformance;

/// <summary>Schedules fire once for each due time, keep their history, and follow their policies. Every test begins on Tuesday 2030-01-01 00:00 UTC.</summary>
public abstract class ScheduleConformance(TestStore store) : Conformance(store)
{
    private static readonly ScheduleInput Hourly = new() { Name = "hourly", Agent = "tesla", Task = "Look at the build.", Cron = "0 * * * *", Session = "main" };
    private Caller tesla = null!;

    private FiringWrites Writes => new([new MainSessionWork(House.Send), new IsolatedSessionWork(new TurnHouse(House).Spawn)]);

    private FireSchedules Fire => new(House.Database, Writes, House.Clock);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        tesla = await House.AgentAsync("tesla");
        await HostAsync(tesla);
    }

    [Fact]
    public async Task What_was_added_is_read_as_it_was_written()
    {
        var input = Hourly with { Cron = null, At = "2030-06-01 09:00", TimeZone = "Europe/Berlin", Missed = "all" };
        var added = await AddAsync(input);
        (await FindAsync("hourly")).ShouldBe(added);
        (added.CreatedBy, added.AgentName, added.NextAt).ShouldBe((House.Owner.Name, "tesla", new DateTimeOffset(2030, 6, 1, 7, 0, 0, TimeSpan.Zero)));
        var full = added with
        {
            Timing = new Timing(TimingKind.Every, "90", "UTC", House.Now), Session = ScheduleSession.Isolated, Model = "demo/echo", Timeout = TimeSpan.FromMinutes(5), Announce = "channel:general",
            Missed = MissedPolicy.Skip, PausedAt = House.Now, PausedReason = "Tired", NextAt = null, LastFiredAt = House.Now, Failures = 3, Firings = 9,
        };
        await WriteAsync(unit => unit.Schedules.Update(full));
        (await FindAsync(added.Id.ToString())).ShouldBe(full);
        (await new ListSchedules(House.Database).RunAsync(House.Owner, Ct)).ShouldBe([full]);
    }

    [Fact]
    public async Task A_due_time_posts_the_task_once_as_the_persons_message_that_begins_a_chain()
    {
        var schedule = await AddAsync(Hourly);
        (await PassAsync(TimeSpan.FromMinutes(59))).ShouldBeEmpty();
        await PassAsync(TimeSpan.FromMinutes(1));
        await Fire.RunOnceAsync(Ct);

        var message = (await House.InboxAsync(tesla)).ShouldHaveSingleItem().Message;
        (message.Content, message.SenderKind, message.SenderId, message.Depth, message.RootId).ShouldBe((Hourly.Task, CallerKind.User, House.Owner.Id, 0, message.Id));
        using var metadata = JsonDocument.Parse(message.Metadata);
        var mark = metadata.RootElement.GetProperty("parley.schedule");
        (mark.GetProperty("id").GetGuid(), mark.GetProperty("name").GetString(), mark.GetProperty("due").GetDateTimeOffset()).ShouldBe((schedule.Id, "hourly", TestStore.Start.AddHours(1)));
        (await HistoryAsync()).ShouldBe(
            [new Firing(schedule.Id, 1, TestStore.Start.AddHours(1), TestStore.Start.AddHours(1), FiringOutcome.Started) { MessageId = message.Id, SessionKey = "agent:tesla:main" }]);
        var after = await FindAsync("hourly");
        (after.NextAt, after.LastFiredAt, after.Firings).ShouldBe((TestStore.Start.AddHours(2), TestStore.Start.AddHours(1), 1));
        House.Wake.Hints.ShouldContain(hint => hint.Message != null && hint.Message.Id == message.Id);
    }

    [Fact]
    public async Task Nothing_fires_twice_when_the_server_starts_again_or_the_clock_is_put_back()
    {
        await AddAsync(Hourly);
        await PassAsync(TimeSpan.FromHours(1));
        await RestartAsync();
        await Fire.RunOnceAsync(Ct);
        House.Clock.ShiftWallClock(TimeSpan.FromMinutes(-90));
        await Fire.RunOnceAsync(Ct);
        // An edit counts from the clock as it is: the time that comes again has been.
        await EditAsync(new ScheduleInput { Cron = "0 */1 * * *" });
        (await FindAsync("hourly")).NextAt.ShouldBe(TestStore.Start);
        await PassAsync(TimeSpan.FromMinutes(35));
        await PassAsync(TimeSpan.FromMinutes(60));
        (await House.TextsAsync(tesla)).Count.ShouldBe(2, "the first due time, and the one before it that never was");
        (await HistoryAsync()).Select(firing => firing.Due).ShouldBeUnique();
        await PassAsync(TimeSpan.FromMinutes(60));
        (await House.TextsAsync(tesla)).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("one", 1, "started 0", "started 9")]
    [InlineData("skip", 0, "skipped 10")]
    [InlineData("all", 10, "started 0")]
    public async Task What_was_missed_while_no_server_ran_follows_the_policy(string policy, int fired, params string[] outcomes)
    {
        await AddAsync(Hourly with { Missed = policy });
        await PassAsync(TimeSpan.FromHours(10.5));
        (await House.TextsAsync(tesla)).Count.ShouldBe(fired);
        (await HistoryAsync()).Select(firing => $"{firing.Outcome.ToString().ToLowerInvariant()} {firing.Missed}").Distinct().ShouldBe([outcomes[^1]]);
        (await FindAsync("hourly")).NextAt.ShouldBe(TestStore.Start.AddHours(11));
    }

    [Fact]
    public async Task All_makes_up_for_a_hundred_at_most_and_says_how_many_it_left_out()
    {
        await AddAsync(Hourly with { Missed = "all" });
        await PassAsync(TimeSpan.FromHours(150));
        (await House.TextsAsync(tesla)).Count.ShouldBe(100);
        var history = await HistoryAsync(500);
        (history.Count, history[^1].Outcome, history[^1].Missed, history[^2].Due).ShouldBe((101, FiringOutcome.Missed, 50, TestStore.Start.AddHours(51)));
    }

    [Fact]
    public async Task What_is_due_in_a_pause_is_skipped_whatever_the_policy()
    {
        await AddAsync(Hourly with { Missed = "all" });
        (await new PauseSchedule(House.Database, House.Clock).RunAsync(House.Owner, "hourly", Ct)).Paused.ShouldBeTrue();
        await PassAsync(TimeSpan.FromHours(5.5));
        (await HistoryAsync()).ShouldBeEmpty();
        (await ResumeAsync()).NextAt.ShouldBe(TestStore.Start.AddHours(6));
        await Fire.RunOnceAsync(Ct);
        var held = (await HistoryAsync()).ShouldHaveSingleItem();
        (held.Outcome, held.Missed, held.Reason).ShouldBe((FiringOutcome.Skipped, 5, "It was paused."));
        (await House.TextsAsync(tesla)).ShouldBeEmpty();
        await PassAsync(TimeSpan.FromHours(0.5));
        (await House.TextsAsync(tesla)).Count.ShouldBe(1);
        (await ResumeAsync()).Firings.ShouldBe(2, "it runs");
    }

    [Theory]
    [InlineData("removed", "The agent 'tesla' was removed.")]
    [InlineData("unhosted", "Parley does not run 'tesla'")]
    [InlineData("halted", "The agent 'tesla' is halted")]
    public async Task An_agent_that_cannot_work_fails_the_firing_tells_a_person_and_after_five_times_pauses_the_schedule(string how, string why)
    {
        await AddAsync(Hourly);
        await (how switch
        {
            "removed" => (Task)House.RemoveAgent.RunAsync(House.Owner, "tesla", Ct),
            "unhosted" => WriteAsync(unit => unit.Hosting.Remove(tesla.Id)),
            _ => House.Halt.RunAsync(House.Owner, HaltScope.Agent, "tesla", "Enough", Ct),
        });
        for (var i = 1; i <= 4; i++)
        {
            await PassAsync(TimeSpan.FromHours(1));
            var schedule = await FindAsync("hourly");
            (schedule.Failures, schedule.Paused, schedule.NextAt).ShouldBe((i, false, TestStore.Start.AddHours(i + 1)));
        }

        (await AttentionAsync()).ShouldHaveSingleItem().ShouldStartWith($"schedule_failed: The schedule 'hourly' could not start its work: {why}");
        await PassAsync(TimeSpan.FromHours(3));
        var paused = await FindAsync("hourly");
        (paused.Paused, paused.Failures).ShouldBe((true, 5));
        paused.PausedReason.ShouldNotBeNull().ShouldStartWith($"It failed 5 times in a row: {why}");
        (await AttentionAsync())[^1].ShouldStartWith("schedule_paused: The schedule 'hourly' is paused. It failed 5 times in a row");
        var history = await HistoryAsync();
        history.Count.ShouldBe(5);
        history.ShouldAllBe(firing => firing.Outcome == FiringOutcome.Failed && firing.Reason!.StartsWith(why));
        await Refuses(how == "halted" ? ErrorCode.Halted : how == "removed" ? ErrorCode.NotFound : ErrorCode.Conflict, () => RunAsync());
    }

    [Fact]
    public async Task A_firing_that_works_ends_the_count_of_failures()
    {
        await AddAsync(Hourly);
        await House.Halt.RunAsync(House.Owner, HaltScope.Agent, "tesla", "Enough", Ct);
        await PassAsync(TimeSpan.FromHours(1));
        await House.Resume.RunAsync(House.Owner, HaltScope.Agent, "tesla", Ct);
        await PassAsync(TimeSpan.FromHours(1));
        (await FindAsync("hourly")).Failures.ShouldBe(0);
        (await HistoryAsync()).Select(firing => firing.Outcome).ShouldBe([FiringOutcome.Started, FiringOutcome.Failed]);
    }

    [Fact]
    public async Task Run_now_starts_the_work_and_leaves_the_next_time()
    {
        await AddAsync(Hourly);
        var firings = new[] { await RunAsync(), await RunAsync() };
        firings.ShouldAllBe(firing => firing.Manual && firing.Outcome == FiringOutcome.Started);
        (await House.InboxAsync(tesla)).Select(item => (Guid?)item.Message.Id).ShouldBe(firings.Select(firing => firing.MessageId));
        (await FindAsync("hourly")).NextAt.ShouldBe(TestStore.Start.AddHours(1));
        (await HistoryAsync()).ShouldBe([firings[1], firings[0]]);
    }

    [Fact]
    public async Task An_isolated_schedule_spawns_a_session_for_each_due_time_in_the_name_of_the_person()
    {
        var schedule = await AddAsync(Hourly with { Session = null, Announce = "channel:general", Timeout = TimeSpan.FromMinutes(5), Model = "demo/other" });
        await PassAsync(TimeSpan.FromHours(1));
        await Fire.RunOnceAsync(Ct);
        var firing = (await HistoryAsync()).ShouldHaveSingleItem();
        firing.SessionKey.ShouldNotBeNull().ShouldStartWith("agent:tesla:subagent:");
        var session = (await House.Database.ReadAsync(unit => unit.Subagents.FindAsync(House.Owner.OrganizationId, Guid.Parse(firing.SessionKey.Split(':')[^1])), Ct)).ShouldNotBeNull();
        (session.Task, session.ParentKind, session.ParentId, session.Timeout, session.Model).ShouldBe((Hourly.Task, CallerKind.User, House.Owner.Id, TimeSpan.FromMinutes(5), "demo/other"));
        session.Announce.ShouldNotBeNull().ShouldStartWith("channel:general");
        var task = await House.Read.FindAsync(House.Owner, firing.MessageId!.Value, Ct);
        (task.Content, task.RootId, task.Depth).ShouldBe((Hourly.Task, task.Id, 0));
        using var metadata = JsonDocument.Parse(task.Metadata);
        metadata.RootElement.GetProperty("parley.schedule").GetProperty("id").GetGuid().ShouldBe(schedule.Id);
        await RunAsync();
        (await SessionsAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task An_isolated_firing_that_is_refused_leaves_nothing_but_its_entry()
    {
        await Refuses(ErrorCode.NotMember, () => AddAsync(Hourly with { Session = null, Announce = "channel:nowhere" }));
        await AddAsync(Hourly with { Session = null });
        await House.Halt.RunAsync(House.Owner, HaltScope.Agent, "tesla", "Enough", Ct);
        await PassAsync(TimeSpan.FromHours(1));
        (await HistoryAsync()).ShouldHaveSingleItem().Outcome.ShouldBe(FiringOutcome.Failed);
        (await SessionsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_single_time_fires_and_is_over()
    {
        await AddAsync(Hourly with { Cron = null, At = "2030-01-01T12:00:00Z" });
        await PassAsync(TimeSpan.FromHours(13));
        (await FindAsync("hourly")).NextAt.ShouldBeNull();
        (await House.TextsAsync(tesla)).Count.ShouldBe(1);
        await PassAsync(TimeSpan.FromDays(400));
        (await House.TextsAsync(tesla)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Removing_deletes_the_history_and_leaves_what_was_said()
    {
        await AddAsync(Hourly);
        await PassAsync(TimeSpan.FromHours(1));
        await new RemoveSchedule(House.Database, House.Clock).RunAsync(House.Owner, "hourly", Ct);
        await Refuses(ErrorCode.NotFound, () => FindAsync("hourly"));
        (await House.TextsAsync(tesla)).Count.ShouldBe(1);
        (await AddAsync(Hourly)).Firings.ShouldBe(0);
        (await HistoryAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_newest_thousand_entries_of_a_history_are_kept_and_read_page_by_page()
    {
        var schedule = await AddAsync(Hourly);
        await WriteAsync(unit => Enumerable.Range(1, 1_005).ToList().ForEach(
            number => unit.Schedules.AddFiring(new Firing(schedule.Id, number, House.Now.AddSeconds(number), House.Now, FiringOutcome.Skipped) { Missed = 1 }, ScheduleRules.HistoryKept)));
        var first = await HistoryAsync(500);
        var second = await HistoryAsync(500, first[^1].Number);
        first.Concat(second).Select(firing => firing.Number).ShouldBe(Enumerable.Range(6, 1_000).Reverse().Select(number => (long)number));
        (await HistoryAsync(500, second[^1].Number)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_schedule_without_a_name_is_audited_under_the_one_that_it_gets()
    {
        var schedule = await AddAsync(Hourly with { Name = null });
        (await new ListAudit(House.Database).RunAsync(House.Owner, 100, Ct)).Where(entry => entry.Action == "schedule.add").ShouldHaveSingleItem().Target.ShouldBe(schedule.Name);
    }

    [Fact]
    public async Task Members_change_their_own_schedules_admins_all_and_agents_none()
    {
        var (member, other, admin) = (await PersonAsync("maria", Role.Member), await PersonAsync("otto", Role.Member), await PersonAsync("ada", Role.Admin));
        await AddAsync(Hourly, member);
        await EditAsync(new ScheduleInput { Task = "Something else" }, member);
        await Refuses(ErrorCode.Forbidden, () => EditAsync(new ScheduleInput { Task = "Mine" }, other));
        await Refuses(ErrorCode.Forbidden, () => new RemoveSchedule(House.Database, House.Clock).RunAsync(other, "hourly", Ct));
        await Refuses(ErrorCode.Forbidden, () => new RunScheduleNow(House.Database, Writes, House.Clock).RunAsync(other, "hourly", Ct));
        (await new PauseSchedule(House.Database, House.Clock).RunAsync(admin, "hourly", Ct)).Paused.ShouldBeTrue();
        await Refuses(ErrorCode.Forbidden, () => AddAsync(Hourly with { Name = "own" }, tesla));
        await Refuses(ErrorCode.Forbidden, () => new ListSchedules(House.Database).RunAsync(tesla, Ct));
        await Refuses(ErrorCode.Conflict, () => AddAsync(Hourly, admin));
        var audit = await new ListAudit(House.Database).RunAsync(House.Owner, 100, Ct);
        audit.Where(entry => entry.Action.StartsWith("schedule.", StringComparison.Ordinal)).Select(entry => $"{entry.Actor} {entry.Action} {entry.Target} {entry.Decision}").Order().ShouldBe(
        [
            "agent:tesla schedule.add own forbidden", "user:ada schedule.pause hourly allowed", "user:maria schedule.add hourly allowed", "user:maria schedule.edit hourly allowed",
            "user:otto schedule.edit hourly forbidden", "user:otto schedule.remove hourly forbidden", "user:otto schedule.run hourly forbidden",
        ]);
        await ResumeAsync();
        await PassAsync(TimeSpan.FromHours(1));
        (await House.InboxAsync(tesla))[^1].Message.SenderName.ShouldBe("maria");
    }

    [Fact]
    public async Task What_cannot_be_scheduled_is_refused_and_stores_nothing()
    {
        await House.AgentAsync("outside");
        await Refuses(ErrorCode.Conflict, () => AddAsync(Hourly with { Agent = "outside" }));
        await Refuses(ErrorCode.NotFound, () => AddAsync(Hourly with { Agent = "nobody" }));
        await Refuses(ErrorCode.InvalidRequest, () => AddAsync(Hourly with { Agent = null }));
        await Refuses(ErrorCode.InvalidRequest, () => AddAsync(Hourly with { Cron = "0 25 * * *" }));
        await Refuses(ErrorCode.InvalidRequest, () => AddAsync(Hourly with { Task = null }));
        (await new ListSchedules(House.Database).RunAsync(House.Owner, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_schedule_whose_time_zone_is_lost_is_paused_and_the_others_fire()
    {
        var broken = await AddAsync(Hourly with { Name = "broken" });
        await AddAsync(Hourly);
        await WriteAsync(unit => unit.Schedules.Update(broken with { Timing = broken.Timing with { Zone = "Atlantis/Capital" } }));
        await PassAsync(TimeSpan.FromHours(1));
        (await House.TextsAsync(tesla)).Count.ShouldBe(1);
        (await FindAsync("broken")).PausedReason.ShouldBe("The server knows no such time zone.");
        (await AttentionAsync()).ShouldHaveSingleItem().ShouldStartWith("schedule_paused: The schedule 'broken' is paused");
    }

    protected async Task HostAsync(Caller agent) => await WriteAsync(unit => unit.Hosting.Save(new HostedAgent(agent.Id, agent.OrganizationId, HostedAgent.ModelRuntime, "demo/echo", House.Now)));

    private static async Task Refuses(ErrorCode code, Func<Task> call) => (await Should.ThrowAsync<ParleyError>(call)).Code.ShouldBe(code);

    private Task<bool> WriteAsync(Action<IUnitOfWork> write) => House.Database.WriteAsync(
        unit =>
        {
            write(unit);
            return ValueTask.FromResult(true);
        },
        Ct);

    /// <summary>Lets time pass and looks until nothing is due any more.</summary>
    private async Task<List<Firing>> PassAsync(TimeSpan time)
    {
        House.Clock.Advance(time);
        while (await Fire.RunOnceAsync(Ct))
        {
        }

        return await HistoryAsync();
    }

    private Task<Schedule> AddAsync(ScheduleInput input, Caller? by = null) => new AddSchedule(House.Database, Writes, House.Clock).RunAsync(by ?? House.Owner, input, Ct);

    private Task<Schedule> EditAsync(ScheduleInput input, Caller? by = null) => new EditSchedule(House.Database, Writes, House.Clock).RunAsync(by ?? House.Owner, "hourly", input, Ct);

    private Task<Schedule> ResumeAsync() => new ResumeSchedule(House.Database, House.Clock).RunAsync(House.Owner, "hourly", Ct);

    private Task<Firing> RunAsync() => new RunScheduleNow(House.Database, Writes, House.Clock).RunAsync(House.Owner, "hourly", Ct);

    private Task<Schedule> FindAsync(string name) => new FindSchedule(House.Database).RunAsync(House.Owner, name, Ct);

    private async Task<List<Firing>> HistoryAsync(int limit = 50, long? before = null) =>
        await House.Database.ReadAsync(unit => FindIdAsync(unit), Ct) is { } id ? await House.Database.ReadAsync(unit => unit.Schedules.HistoryAsync(id, before, limit), Ct) : [];

    private async ValueTask<Guid?> FindIdAsync(IUnitOfWork unit) => (await unit.Schedules.FindAsync(House.Owner.OrganizationId, "hourly"))?.Id;

    private async Task<int> SessionsAsync() => (await House.Database.ReadAsync(unit => unit.Sessions.ListAsync(tesla.Id), Ct)).Count;

    private async Task<List<string>> AttentionAsync() =>
        [.. (await House.Attention.ListAsync(House.Owner, Ct)).Where(attention => attention.Kind.StartsWith("schedule_", StringComparison.Ordinal)).Select(attention => $"{attention.Kind}: {attention.Text}")];

    private async Task<Caller> PersonAsync(string name, Role role) =>
        TestHouse.Person(House.Owner.OrganizationId, await new AddUser(House.Database, House.Clock).RunAsync(House.Owner, name, role, Ct));
}

public sealed class SqliteScheduleTests() : ScheduleConformance(new SqliteStore());

public sealed class PostgresScheduleTests() : ScheduleConformance(new PostgresStore());
