using FsCheck;
using FsCheck.Fluent;
using Parley.Core;
using Parley.Core.Schedules;

namespace Parley.Tests.Schedules;

public sealed class ScheduleRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Crons = ["* * * * *", "*/5 * * * *", "0 * * * *", "0 9 * * 1-5", "*/7 * * * * *", "0 9,10 * * *"];

    /// <summary>A server that looks, is away for a while, looks again: seconds between the looks.</summary>
    private static Arbitrary<(Timing Timing, int[] Rests)> Lives =>
        (from timing in Gen.OneOf(
            Gen.Elements(Crons).Select(cron => new Timing(TimingKind.Cron, cron, "Europe/Berlin", Start)),
            Gen.Choose(1, 5_000).Select(seconds => new Timing(TimingKind.Every, $"{seconds}", "UTC", Start)))
         from rests in Gen.Frequency((6, Gen.Choose(1, 5)), (3, Gen.Choose(1, 1_000)), (1, Gen.Choose(1, 300_000))).ArrayOf(12)
         select (timing, rests)).ToArbitrary();

    [Fact]
    public void Every_due_time_is_accounted_for_once_whatever_the_policy() => Prop.ForAll(Lives, life =>
    {
        foreach (var policy in Enum.GetValues<MissedPolicy>())
        {
            var steps = Live(life.Timing, policy, life.Rests, out var end);
            var due = Dues(life.Timing, end);
            var counted = steps.Sum(step => step.Outcome == FiringOutcome.Started ? step.Missed + 1 : step.Missed);
            // A count ends at its bound.
            if (steps.All(step => step.Missed < ScheduleRules.MostCounted - 1))
            {
                counted.ShouldBe(due.Count, $"{policy} {life.Timing.Text}");
            }

            steps.Select(step => step.Due).ShouldBeUnique();
            steps.Select(step => step.Due).ShouldBe(steps.Select(step => step.Due).Order());
            steps.ShouldAllBe(step => due.Contains(step.Due));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void One_look_fires_once_at_most_unless_all_is_asked_for_and_then_at_most_a_hundred_times() => Prop.ForAll(Lives, life =>
    {
        var (at, schedules) = (Start, Enum.GetValues<MissedPolicy>().ToDictionary(policy => policy, policy => Of(life.Timing, policy)));
        foreach (var rest in life.Rests)
        {
            at = at.AddSeconds(rest);
            foreach (var (policy, schedule) in schedules.ToList())
            {
                var fired = 0;
                var looked = schedule;
                while (ScheduleRules.Judge(looked, at) is { } step)
                {
                    fired += step.Outcome == FiringOutcome.Started ? 1 : 0;
                    step.Due.ShouldBeLessThanOrEqualTo(at);
                    if (step.Outcome == FiringOutcome.Started && policy == MissedPolicy.Skip)
                    {
                        (at - step.Due).ShouldBeLessThanOrEqualTo(ScheduleRules.Grace);
                    }

                    looked = looked with { NextAt = step.Next };
                }

                fired.ShouldBeLessThanOrEqualTo(policy == MissedPolicy.All ? ScheduleRules.MostMadeUp : 1);
                looked.NextAt!.Value.ShouldBeGreaterThan(at);
                schedules[policy] = looked;
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void After_a_day_away_one_fires_for_the_last_time_and_says_how_many_it_missed()
    {
        var step = ScheduleRules.Judge(Of(Hourly, MissedPolicy.One), Start.AddHours(24).AddMinutes(30)).ShouldNotBeNull();
        step.ShouldBe(new DueStep(Start.AddHours(24), FiringOutcome.Started, 23, Start.AddHours(25)));
    }

    [Fact]
    public void After_a_day_away_skip_fires_nothing_and_a_moment_late_is_on_time()
    {
        var schedule = Of(Hourly, MissedPolicy.Skip);
        ScheduleRules.Judge(schedule, Start.AddHours(24).AddMinutes(30)).ShouldBe(new DueStep(Start.AddHours(24), FiringOutcome.Skipped, 24, Start.AddHours(25)));
        ScheduleRules.Judge(schedule, Start.AddHours(1).AddSeconds(60)).ShouldBe(new DueStep(Start.AddHours(1), FiringOutcome.Started, 0, Start.AddHours(2)));
        ScheduleRules.Judge(schedule, Start.AddHours(1).AddSeconds(61)).ShouldBe(new DueStep(Start.AddHours(1), FiringOutcome.Skipped, 1, Start.AddHours(2)));
    }

    [Fact]
    public void After_two_weeks_away_all_makes_up_for_the_last_hundred()
    {
        var schedule = Of(Hourly, MissedPolicy.All);
        var step = ScheduleRules.Judge(schedule, Start.AddDays(14)).ShouldNotBeNull();
        step.ShouldBe(new DueStep(Start.AddHours(1), FiringOutcome.Missed, 236, Start.AddHours(237)));
        ScheduleRules.Judge(schedule with { NextAt = step.Next }, Start.AddDays(14)).ShouldBe(new DueStep(Start.AddHours(237), FiringOutcome.Started, 0, Start.AddHours(238)));
    }

    [Fact]
    public void Years_away_of_every_second_are_judged_at_once()
    {
        var now = Start.AddYears(3).AddSeconds(0.5);
        var step = ScheduleRules.Judge(Of(new Timing(TimingKind.Cron, "* * * * * *", "Europe/Berlin", Start), MissedPolicy.One), now).ShouldNotBeNull();
        step.ShouldBe(new DueStep(Start.AddYears(3), FiringOutcome.Started, ScheduleRules.MostCounted, Start.AddYears(3).AddSeconds(1)));
    }

    [Fact]
    public void What_was_due_in_a_pause_is_one_skipped_entry()
    {
        var paused = Of(Hourly, MissedPolicy.All) with { PausedAt = Start };
        ScheduleRules.Judge(paused, Start.AddHours(10)).ShouldBeNull();
        ScheduleRules.HeldUp(paused, Start.AddHours(10)).ShouldBe(new DueStep(Start.AddHours(10), FiringOutcome.Skipped, 10, Start.AddHours(11)));
        ScheduleRules.HeldUp(paused, Start.AddMinutes(10)).ShouldBeNull();
    }

    [Fact]
    public void A_clock_that_is_put_back_makes_nothing_due()
    {
        var schedule = Of(Hourly, MissedPolicy.All);
        var step = ScheduleRules.Judge(schedule, Start.AddHours(1)).ShouldNotBeNull();
        ScheduleRules.Judge(schedule with { NextAt = step.Next }, Start.AddDays(-3)).ShouldBeNull();
        ScheduleRules.Judge(schedule with { NextAt = step.Next }, Start.AddHours(1).AddMinutes(59)).ShouldBeNull();
    }

    [Fact]
    public void A_single_time_fires_once_and_is_over()
    {
        var schedule = Fill(new ScheduleInput { At = "2026-12-01 09:00", TimeZone = "Europe/Berlin" });
        schedule.NextAt.ShouldBe(new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.Zero));
        var step = ScheduleRules.Judge(schedule, schedule.NextAt!.Value.AddHours(5)).ShouldNotBeNull();
        step.ShouldBe(new DueStep(schedule.NextAt!.Value, FiringOutcome.Started, 0, null));
        ScheduleRules.Judge(schedule with { NextAt = null }, Start.AddYears(5)).ShouldBeNull();
    }

    [Theory]
    [InlineData("2026-12-01 09:00", "2026-12-01T08:00:00Z")]
    [InlineData("2026-12-01T09:00:30", "2026-12-01T08:00:30Z")]
    [InlineData("2026-12-01T09:00:00Z", "2026-12-01T09:00:00Z")]
    [InlineData("2026-12-01T09:00:00-05:00", "2026-12-01T14:00:00Z")]
    [InlineData("2026-12-01 09:00+05:30", "2026-12-01T03:30:00Z")]
    [InlineData("2026-03-29 02:30", "2026-03-29T01:00:00Z")]
    [InlineData("2026-10-25 02:30", "2026-10-25T00:30:00Z")]
    public void A_single_time_is_of_the_wall_unless_it_has_an_offset(string text, string utc) =>
        Fill(new ScheduleInput { At = text, TimeZone = "Europe/Berlin" }).Timing.Text.ShouldBe(utc);

    [Theory]
    [InlineData(0, "cron")]
    [InlineData(1, "every")]
    [InlineData(2, "every")]
    [InlineData(3, "at")]
    [InlineData(4, "at")]
    [InlineData(5, "time_zone")]
    [InlineData(6, "time_zone")]
    [InlineData(7, "task")]
    [InlineData(8, "session")]
    [InlineData(9, "missed")]
    [InlineData(10, "announce")]
    [InlineData(11, "announce")]
    [InlineData(12, "model")]
    [InlineData(13, "timeout")]
    [InlineData(14, "cron")]
    public void What_is_wrong_is_named_by_its_field(int wrong, string field)
    {
        var fine = new ScheduleInput { Cron = "0 9 * * *" };
        ScheduleInput[] inputs =
        [
            fine with { Every = TimeSpan.FromMinutes(15) }, new() { Every = TimeSpan.Zero }, new() { Every = TimeSpan.FromDays(400) }, new() { At = "tomorrow" }, new() { At = "2020-01-01 09:00" },
            fine with { TimeZone = "Europe/Nowhere" }, fine with { TimeZone = "../../etc/passwd" }, fine with { Task = " " }, fine with { Session = "fork" }, fine with { Missed = "two" },
            fine with { Announce = "general" }, fine with { Announce = "channel:general", Session = "main" }, fine with { Model = "gpt" }, fine with { Timeout = TimeSpan.FromDays(2) }, new(),
        ];
        Should.Throw<ParleyError>(() => Fill(inputs[wrong])).Field.ShouldBe(field);
    }

    [Fact]
    public void A_change_keeps_what_it_does_not_name_and_a_new_timing_counts_from_now()
    {
        var made = Fill(new ScheduleInput { Cron = "0 9 * * *", TimeZone = "Europe/Berlin", Announce = "#General", Model = "demo/echo", Timeout = TimeSpan.FromMinutes(5), Missed = "all" });
        (made.Announce, made.Session, made.NextAt).ShouldBe(("channel:general", ScheduleSession.Isolated, new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero)));
        var same = ScheduleChecks.Fill(made, new ScheduleInput { Task = "Something else" }, Start.AddYears(1));
        same.ShouldBe(made with { Task = "Something else" });
        ScheduleChecks.Fill(made, new ScheduleInput { Announce = "", Model = "", Timeout = TimeSpan.Zero }, Start).ShouldBe(made with { Announce = null, Model = null, Timeout = null });
        var moved = ScheduleChecks.Fill(made, new ScheduleInput { TimeZone = "America/New_York" }, Start);
        (moved.Timing.Text, moved.NextAt).ShouldBe(("0 9 * * *", new DateTimeOffset(2026, 3, 1, 14, 0, 0, TimeSpan.Zero)));
        var every = ScheduleChecks.Fill(made, new ScheduleInput { Every = TimeSpan.FromMinutes(15) }, Start.AddSeconds(7.9));
        (every.Timing.Zone, every.NextAt).ShouldBe(("Europe/Berlin", Start.AddMinutes(15).AddSeconds(7)));
    }

    private static Timing Hourly => new(TimingKind.Every, "3600", "UTC", Start);

    private static Schedule Of(Timing timing, MissedPolicy missed) => new()
    {
        Id = Guid.NewGuid(), OrganizationId = Guid.NewGuid(), Name = "one", Timing = timing, AgentId = Guid.NewGuid(), AgentName = "tesla", Task = "Work", Missed = missed,
        CreatedById = Guid.NewGuid(), CreatedBy = "owner", CreatedAt = Start, NextAt = timing.Text.Length == 0 ? null : ScheduleRules.Next(timing, Start),
    };

    private static Schedule Fill(ScheduleInput input) => ScheduleChecks.Fill(Of(new Timing(TimingKind.Cron, "", "UTC", Start), MissedPolicy.One), input, Start);

    private static List<DueStep> Live(Timing timing, MissedPolicy policy, int[] rests, out DateTimeOffset end)
    {
        var (schedule, steps) = (Of(timing, policy), new List<DueStep>());
        end = Start;
        foreach (var rest in rests)
        {
            end = end.AddSeconds(rest);
            while (ScheduleRules.Judge(schedule, end) is { } step)
            {
                steps.Add(step);
                schedule = schedule with { NextAt = step.Next };
            }
        }

        return steps;
    }

    private static List<DateTimeOffset> Dues(Timing timing, DateTimeOffset until)
    {
        var dues = new List<DateTimeOffset>();
        for (var due = ScheduleRules.Next(timing, Start); due <= until; due = ScheduleRules.Next(timing, due.Value))
        {
            dues.Add(due.Value);
        }

        return dues;
    }
}
