using FsCheck;
using FsCheck.Fluent;
using Parley.Core.Budgets;
using Parley.Core.Sessions;
using Parley.Core.Turns;

namespace Parley.Tests.Sessions;

/// <summary>The pure rules of spawned sessions.</summary>
public sealed class SessionRulesTests
{
    [Fact]
    public void What_has_ended_never_changes_and_every_walk_ends() => Prop.ForAll(
        Gen.Elements(Enum.GetValues<SubagentState>()).ListOf(20).ToArbitrary(),
        wanted =>
        {
            var (state, ends) = (SubagentState.Queued, 0);
            foreach (var next in wanted)
            {
                if (SubagentRules.MayFollow(state, next))
                {
                    (state, ends) = (next, ends + (next >= SubagentState.Completed ? 1 : 0));
                }
            }

            return ends <= 1 && Enum.GetValues<SubagentState>().All(next => state < SubagentState.Completed || !SubagentRules.MayFollow(state, next));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Only_what_runs_can_complete_or_run_out_of_time() => Enum.GetValues<SubagentState>().Where(from => from != SubagentState.Running)
        .ShouldAllBe(from => !SubagentRules.MayFollow(from, SubagentState.Completed) && !SubagentRules.MayFollow(from, SubagentState.TimedOut));

    [Fact]
    public void From_every_open_state_a_session_can_be_killed() => Enum.GetValues<SubagentState>().Where(from => from < SubagentState.Completed)
        .ShouldAllBe(from => SubagentRules.MayFollow(from, SubagentState.Killed));

    [Fact]
    public void The_queue_never_starts_more_than_there_is_room_for_nothing_twice_and_leaves_no_room_unused() => Prop.ForAll(
        Queues,
        queue =>
        {
            var next = QueueRules.Next(queue.Waiting, queue.Running, queue.Most);
            var room = Math.Max(0, queue.Most - queue.Running.Values.Sum());
            return next.Count == Math.Min(room, queue.Waiting.Count) && next.Distinct().Count() == next.Count && next.All(queue.Waiting.Contains);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nobody_gets_a_place_while_somebody_who_waits_has_two_fewer() => Prop.ForAll(
        Queues,
        queue =>
        {
            var counts = queue.Running.ToDictionary();
            var left = queue.Waiting.ToList();
            foreach (var next in QueueRules.Next(queue.Waiting, queue.Running, queue.Most))
            {
                var fewest = left.Min(session => counts.GetValueOrDefault(session.ParentId));
                if (counts.GetValueOrDefault(next.ParentId) > fewest || left.First(session => session.ParentId == next.ParentId) != next)
                {
                    return false;
                }

                counts[next.ParentId] = counts.GetValueOrDefault(next.ParentId) + 1;
                left.Remove(next);
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("```json\n{\"a\":1}\n```", "{\"a\":1}")]
    [InlineData("```\n[]\n```", "[]")]
    [InlineData("``````", "``````")]
    [InlineData("Seven.", "Seven.")]
    public void A_fence_around_json_is_taken_off(string text, string json) => SubagentRules.Json(text).ShouldBe(json);

    [Theory]
    [InlineData(0.4, "0s")]
    [InlineData(59.6, "1m 0s")]
    [InlineData(330, "5m 30s")]
    [InlineData(7325, "2h 2m 5s")]
    public void A_runtime_reads_as_in_the_document(double seconds, string text) => SubagentRules.Runtime(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Fact]
    public void A_call_is_refused_exactly_where_it_could_pass_a_limit() => Prop.ForAll(
        Gen.Choose(0, 1000).ListOf(4).Where(numbers => numbers.Count == 4).ToArbitrary(),
        numbers => SubagentRules.Refusal(new Ceiling(numbers[0], null), new SessionUse(new Usage(numbers[1], 0, numbers[2]), 0, 1, null), new Amount(numbers[3], 5)) is null
            == (numbers[1] + numbers[2] + numbers[3] <= numbers[0])).QuickCheckThrowOnFailure();

    [Fact]
    public void By_default_an_agent_may_spawn_only_itself()
    {
        var policy = new SessionPolicy();
        Should.NotThrow(() => SpawnRules.CheckPermission(policy, "ghost", "ghost"));
        Should.Throw<Core.ParleyError>(() => SpawnRules.CheckPermission(policy, "ghost", "tesla")).Code.Name.ShouldBe("forbidden");
    }

    private static Arbitrary<Queue> Queues => (
        from parents in Gen.Choose(1, 5)
        from waiting in Gen.Choose(0, parents - 1).ListOf()
        from running in Gen.Choose(0, 6).ListOf(parents)
        from most in Gen.Choose(0, 20)
        let ids = Enumerable.Range(0, parents).Select(i => new Guid(i + 1, 0, 0, new byte[8])).ToList()
        select new Queue(
            [.. waiting.Select((parent, i) => new QueuedSession(Guid.Empty, new Guid(i + 1, 1, 0, new byte[8]), ids[parent], DateTimeOffset.UnixEpoch.AddSeconds(i)))],
            ids.Select((id, i) => (id, i)).ToDictionary(pair => pair.id, pair => pair.i < running.Count ? running[pair.i] : 0), most)).ToArbitrary();

    private sealed record Queue(IReadOnlyList<QueuedSession> Waiting, IReadOnlyDictionary<Guid, int> Running, int Most);
}
