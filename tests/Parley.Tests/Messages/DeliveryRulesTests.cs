using FsCheck.Fluent;
using FsCheck;
using Parley.Core.Messages;

namespace Parley.Tests.Messages;

public sealed class DeliveryRulesTests
{
    private static readonly DeliveryState[] All = Enum.GetValues<DeliveryState>();

    public static TheoryData<DeliveryState> States => [.. All];

    [Theory]
    [MemberData(nameof(States))]
    public void Every_state_can_come_to_an_end(DeliveryState state) =>
        Reachable(state).ShouldContain(reached => DeliveryRules.IsFinal(reached));

    [Theory]
    [MemberData(nameof(States))]
    public void Every_state_is_reached_by_some_delivery(DeliveryState state) =>
        new[] { DeliveryState.Held, DeliveryState.Deferred, DeliveryState.Pending }.SelectMany(Reachable).ShouldContain(state);

    [Theory]
    [MemberData(nameof(States))]
    public void What_is_not_final_has_a_next_state_and_what_has_none_is_final(DeliveryState state) =>
        (DeliveryRules.IsFinal(state) || All.Any(next => DeliveryRules.MayFollow(state, next))).ShouldBeTrue();

    [Fact]
    public void After_an_end_only_a_reply_or_a_retry_follows()
    {
        var afterlife = from state in All
                        where DeliveryRules.IsFinal(state)
                        from next in All
                        where DeliveryRules.MayFollow(state, next)
                        select (state, next);
        afterlife.ShouldBe([(DeliveryState.Acknowledged, DeliveryState.Replied), (DeliveryState.Dead, DeliveryState.Pending)], ignoreOrder: true);
    }

    [Fact]
    public void Nothing_goes_back_behind_the_inbox()
    {
        var visible = All.Where(state => state is not (DeliveryState.Held or DeliveryState.Deferred));
        visible.SelectMany(Reachable).ShouldNotContain(state => state == DeliveryState.Held || state == DeliveryState.Deferred);
        Reachable(DeliveryState.Deferred).ShouldNotContain(DeliveryState.Held);
    }

    [Fact]
    public void What_a_recipient_has_seen_is_never_refused() =>
        All.Where(state => DeliveryRules.MayFollow(state, DeliveryState.Refused)).ShouldBe([DeliveryState.Held, DeliveryState.Deferred]);

    private static HashSet<DeliveryState> Reachable(DeliveryState from)
    {
        var reached = new HashSet<DeliveryState> { from };
        var open = new Queue<DeliveryState>(reached);
        while (open.TryDequeue(out var state))
        {
            foreach (var next in All.Where(next => DeliveryRules.MayFollow(state, next) && reached.Add(next)))
            {
                open.Enqueue(next);
            }
        }

        return reached;
    }

    [Fact]
    public void What_is_handed_over_is_offered_once_more_and_what_is_settled_stays() => Prop.ForAll(
        (from state in Gen.Elements(Enum.GetValues<DeliveryState>()) from attempts in Gen.Choose(0, 100) select (state, attempts)).ToArbitrary(),
        delivery =>
        {
            var (state, attempts) = DeliveryRules.Handed(delivery.state, delivery.attempts);
            (state, attempts).ShouldBe(DeliveryRules.MayFollow(delivery.state, DeliveryState.Offered) ? (DeliveryState.Offered, delivery.attempts + 1) : delivery);
        }).QuickCheckThrowOnFailure();
}
