using FsCheck;
using FsCheck.Fluent;
using Parley.Core.Turns;

namespace Parley.Tests.Turns;

public sealed class RetryRulesTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>A failed call: what failed, how often in a row, whether there is another model, what the provider asked for, and chance.</summary>
    private sealed record Failed(RuntimeFaultKind Kind, int Failures, bool CanFallBack, TimeSpan? RetryAfter, double Jitter)
    {
        public RetryStep Next() => RetryRules.Next(new RuntimeFault(Kind, "failed", RetryAfter), Failures, CanFallBack, Jitter);
    }

    private static Arbitrary<Failed> Any =>
        (from kind in Gen.Elements(Enum.GetValues<RuntimeFaultKind>())
         from failures in Gen.Choose(1, 12)
         from canFallBack in Gen.Elements(true, false)
         from seconds in Gen.Choose(-1, 20_000)
         from jitter in Gen.Choose(0, 1_000)
         select new Failed(kind, failures, canFallBack, seconds < 0 ? null : TimeSpan.FromSeconds(seconds), jitter / 1_000.0)).ToArbitrary();

    [Fact]
    public void A_model_is_asked_at_most_five_times_and_given_up_only_where_there_is_no_other() => Prop.ForAll(Any, failed =>
    {
        var next = failed.Next();
        (next.Kind == RetryKind.Again && failed.Failures >= RetryRules.CallsPerModel).ShouldBeFalse();
        next.Kind.ShouldBeOneOf(RetryKind.Again, failed.CanFallBack ? RetryKind.Fallback : RetryKind.GiveUp);
        (next.Kind == RetryKind.Again || next.Wait == TimeSpan.Zero).ShouldBeTrue();
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void What_no_repetition_helps_is_not_repeated() => Prop.ForAll(Any, failed =>
        (!RetryRules.NeedsPerson(failed.Kind) || failed.Next().Kind != RetryKind.Again).ShouldBeTrue()).QuickCheckThrowOnFailure();

    [Fact]
    public void A_broken_connection_is_tried_again_at_once_twice() => Prop.ForAll(Any, failed =>
        (failed with { Kind = RuntimeFaultKind.Transient, Failures = 1 + (failed.Failures % 2) }).Next().ShouldBe(new RetryStep(RetryKind.Again))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_wait_is_as_long_as_the_provider_asks_and_never_longer_than_an_hour() => Prop.ForAll(Any, failed =>
    {
        var overloaded = failed with { Kind = RuntimeFaultKind.Overloaded, Failures = 1 + (failed.Failures % (RetryRules.CallsPerModel - 1)) };
        var next = overloaded.Next();
        next.Kind.ShouldBe(RetryKind.Again);
        var most = TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, overloaded.Failures - 1)));
        next.Wait.ShouldBeGreaterThanOrEqualTo(most / 2);
        next.Wait.ShouldBeLessThanOrEqualTo(failed.RetryAfter is { } asked && asked > most ? (asked < Hour ? asked : Hour) : most);
        if (failed.RetryAfter is { } after)
        {
            next.Wait.ShouldBeGreaterThanOrEqualTo(after < Hour ? after : Hour);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void A_session_rests_longer_the_oftener_it_fails() => Prop.ForAll(Gen.Choose(1, 1_000).ToArbitrary(), failures =>
    {
        RetryRules.Pause(failures).ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));
        RetryRules.Pause(failures + 1).ShouldBeGreaterThanOrEqualTo(RetryRules.Pause(failures));
    }).QuickCheckThrowOnFailure();
}
