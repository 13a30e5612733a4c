using FsCheck;
using FsCheck.Fluent;
using Parley.Core.Budgets;

namespace Parley.Tests.Budgets;

public sealed class BudgetRulesTests
{
    private enum Act
    {
        Reserve,
        Settle,
        Crash,
    }

    /// <summary>One step in the life of a budget: which of the calls under way it is about, and how much.</summary>
    private sealed record Step(Act Act, int Call, Amount Amount, int UsedPercent);

    private static Arbitrary<(Ceiling Ceiling, Step[] Steps)> Life =>
        (from tokens in Gen.Choose(0, 2000)
         from cost in Gen.Choose(0, 2000)
         from which in Gen.Choose(0, 3)
         from steps in (from act in Gen.Frequency((6, Gen.Constant(Act.Reserve)), (4, Gen.Constant(Act.Settle)), (1, Gen.Constant(Act.Crash)))
                        from call in Gen.Choose(0, 20)
                        from amount in Gen.Choose(0, 400)
                        from price in Gen.Choose(0, 3)
                        from used in Gen.Choose(0, 100)
                        select new Step(act, call, new Amount(amount, amount * price), used)).ArrayOf(120)
         select (new Ceiling(which == 1 ? null : tokens, which == 2 ? null : cost), steps)).ToArbitrary();

    [Fact]
    public void Over_any_interleaving_of_calls_no_more_than_the_budget_is_spent_and_reserved() => Prop.ForAll(Life, life =>
    {
        Run(life.Ceiling, life.Steps, account =>
        {
            (account.Spent.Tokens + account.Reserved.Tokens <= (life.Ceiling.Tokens ?? long.MaxValue)).ShouldBeTrue();
            (account.Spent.Cost + account.Reserved.Cost <= (life.Ceiling.Cost ?? long.MaxValue)).ShouldBeTrue();
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void When_every_call_was_settled_or_lost_nothing_is_reserved() => Prop.ForAll(Life, life =>
    {
        var (account, open) = Run(life.Ceiling, life.Steps, _ => { });
        account.Reserved.ShouldBe(open.Aggregate(default(Amount), (all, call) => all + call));
        foreach (var call in open)
        {
            account = BudgetRules.Settle(account, call, default);
        }

        account.Reserved.ShouldBe(default);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_call_that_used_more_than_was_reserved_leaves_no_room_for_the_next()
    {
        var ceiling = new Ceiling(100, null);
        var account = BudgetRules.Reserve(default, ceiling, new Amount(90, 0)).ShouldNotBeNull();
        account = BudgetRules.Settle(account, new Amount(90, 0), new Amount(130, 0));
        account.ShouldBe(new Account(new Amount(130, 0), default));
        BudgetRules.Reserve(account, ceiling, new Amount(1, 0)).ShouldBeNull();
    }

    [Fact]
    public void A_turn_starts_below_a_root_exactly_while_no_bound_is_met() => Prop.ForAll(
        Gen.Choose(0, 6).Four().ToArbitrary(),
        numbers =>
        {
            var (depth, maxDepth, turns, maxTurns) = numbers;
            var root = Root(new RootLimits(maxDepth, maxTurns)) with { Turns = turns };
            (BudgetRules.Refusal(root, depth) is null).ShouldBe(depth <= maxDepth && turns < maxTurns);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(5, 0, 0, 0, "max_depth")]
    [InlineData(0, 50, 0, 0, "max_turns")]
    [InlineData(0, 0, 1000, 0, "max_tokens")]
    [InlineData(0, 0, 0, 1000, "max_cost")]
    public void A_refusal_names_the_bound(int depth, int turns, int tokens, int cost, string bound)
    {
        var root = Root(new RootLimits(Ceiling: new Ceiling(1000, 1000))) with { Turns = turns, Account = new Account(new Amount(tokens, cost), default) };
        BudgetRules.Refusal(root, depth).ShouldNotBeNull().ShouldContain(bound);
    }

    [Fact]
    public void Only_the_first_reason_of_a_stop_is_kept()
    {
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var root = BudgetRules.Stop(BudgetRules.Stop(Root(new RootLimits()), "first", now), "second", now.AddDays(1));
        (root.Reason, root.StoppedAt).ShouldBe(("first", now));
    }

    [Theory]
    [InlineData(0, "$0.00")]
    [InlineData(1, "$0.000001")]
    [InlineData(1_500_000, "$1.50")]
    public void Money_is_written_in_dollars(long millionths, string text) => BudgetRules.Dollars(millionths).ShouldBe(text);

    private static Root Root(RootLimits limits) => new(Guid.NewGuid(), Guid.NewGuid(), limits, 0, default, default);

    private static (Account Account, List<Amount> Open) Run(Ceiling ceiling, Step[] steps, Action<Account> check)
    {
        var (account, open) = (default(Account), new List<Amount>());
        foreach (var step in steps)
        {
            if (step.Act == Act.Reserve)
            {
                if (BudgetRules.Reserve(account, ceiling, step.Amount) is { } reserved)
                {
                    account = reserved;
                    open.Add(step.Amount);
                }
            }
            else if (open.Count > 0)
            {
                var call = open[step.Call % open.Count];
                var used = step.Act == Act.Crash ? default : new Amount(call.Tokens * step.UsedPercent / 100, call.Cost * step.UsedPercent / 100);
                account = BudgetRules.Settle(account, call, used);
                open.Remove(call);
            }

            check(account);
        }

        return (account, open);
    }
}
