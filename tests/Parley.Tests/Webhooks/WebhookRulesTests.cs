using FsCheck;
using FsCheck.Fluent;
using Parley.Core;
using Parley.Core.Outbound;
using Parley.Core.Webhooks;

namespace Parley.Tests.Webhooks;

public sealed class WebhookRulesTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static Gen<int> Status => Gen.Choose(100, 599);

    private static Gen<double> Jitter => Gen.Choose(0, 1000).Select(number => number / 1000.0);

    [Fact]
    public void A_call_is_tried_eight_times_with_growing_pauses_and_is_dead_then() => Prop.ForAll(
        (from status in Status from jitter in Jitter from attempts in Gen.Choose(1, 8) select (status, jitter, attempts)).ToArbitrary(),
        given =>
        {
            var after = WebhookRules.After(Call(given.attempts), new OutboundAnswer(given.status, null, []), null, s_now, given.jitter);
            after.Status.ShouldBe(given.status);
            (after.State, after.NextAt is null).ShouldBe(given switch
            {
                { status: >= 200 and <= 299 } => (WebhookCallState.Delivered, true),
                { status: 410 } or { attempts: 8 } => (WebhookCallState.Dead, true),
                _ => (WebhookCallState.Waiting, false),
            });
            if (after.NextAt is { } next)
            {
                var pause = WebhookRules.Pauses[given.attempts - 1];
                (next - s_now).ShouldBeInRange(pause, pause * 1.2);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_pauses_only_grow_and_last_more_than_a_day_together()
    {
        WebhookRules.Pauses.ShouldBe(WebhookRules.Pauses.Order());
        TimeSpan.FromTicks(WebhookRules.Pauses.Sum(pause => pause.Ticks)).ShouldBeGreaterThan(TimeSpan.FromDays(1));
    }

    [Fact]
    public void A_receiver_that_is_busy_may_ask_for_more_time_up_to_a_day() => Prop.ForAll(
        (from status in Gen.Elements(429, 503, 500) from seconds in Gen.Choose(0, 1_000_000) select (status, wait: TimeSpan.FromSeconds(seconds))).ToArbitrary(),
        given =>
        {
            var next = WebhookRules.After(Call(1), new OutboundAnswer(given.status, null, []) { RetryAfter = given.wait }, null, s_now, 0).NextAt!.Value - s_now;
            var asked = given.wait > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : given.wait;
            next.ShouldBe(given.status == 500 || asked < WebhookRules.Pauses[0] ? WebhookRules.Pauses[0] : asked);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_the_operator_refuses_is_no_attempt()
    {
        var after = WebhookRules.After(Call(8), null, new ParleyError(ErrorCode.OutboundRefused, "No call leaves this server.", "Let calls out."), s_now, 1);
        (after.State, after.Attempts, after.NextAt, after.Reason).ShouldBe((WebhookCallState.Waiting, 7, s_now + TimeSpan.FromMinutes(1), "No call leaves this server. Let calls out."));
    }

    [Fact]
    public void A_call_without_an_answer_says_why()
    {
        var after = WebhookRules.After(Call(1), null, new ParleyError(ErrorCode.OutboundFailed, "It hung.", "Look."), s_now, 0);
        (after.State, after.Status, after.Reason).ShouldBe((WebhookCallState.Waiting, null, "It hung."));
    }

    [Theory]
    [InlineData("one\n\n  two\tthree ", "one two three")]
    [InlineData("\u202Eevil\u200B text\u0007", "evil text")]
    [InlineData("", "")]
    public void A_preview_is_one_line_of_letters(string text, string line) => WebhookBody.LineOf(text).ShouldBe(line);

    [Fact]
    public void A_preview_is_short() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Get).ToArbitrary(),
        text => WebhookBody.LineOf(string.Concat(Enumerable.Repeat(text, 50))).ShouldSatisfyAllConditions(
            line => line.Length.ShouldBeLessThanOrEqualTo(WebhookBody.PreviewLength + 2), line => line.ShouldNotContain('\n'))).QuickCheckThrowOnFailure();

    private static WebhookCall Call(int attempts) => new()
    {
        WebhookId = Guid.Empty, Number = 1, Id = Guid.Empty, Type = WebhookBody.InboxType, Body = "{}", CreatedAt = s_now, Attempts = attempts,
    };
}
