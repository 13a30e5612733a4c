using FsCheck.Fluent;
using FsCheck;
using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core;

namespace Parley.Tests.Messages;

public sealed class SendRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Agent Tesla = AgentOf("tesla");
    private static readonly Agent Aaron = AgentOf("aaron");

    private static Gen<LinkSettings> Settings =>
        from quota in Gen.Choose(1, 20)
        from hours in Gen.Choose(1, 168)
        from debounce in Gen.Choose(0, 3600)
        from strict in Gen.Elements(true, false)
        from hold in Gen.Elements(true, false)
        select new LinkSettings(quota, hours, debounce, strict, Hold: hold);

    [Fact]
    public void Both_directions_share_one_bucket() => Prop.ForAll(
        (from quota in Gen.Choose(1, 20) from senders in Gen.Elements(Tesla, Aaron).ArrayOf(40) select (quota, senders)).ToArbitrary(),
        send =>
        {
            var link = LinkOf(new LinkSettings(send.quota));
            LinkState? state = null;
            var states = new List<DeliveryState>();
            foreach (var sender in send.senders)
            {
                var decision = SendRules.Decide(new RecipientFacts(sender == Tesla ? Aaron : Tesla, link, state), senderIsHeld: false, Now);
                state = decision.Credits;
                states.Add(decision.State);
            }

            states.Count(reached => reached == DeliveryState.Pending).ShouldBe(Math.Min(send.quota, send.senders.Length));
            states.Skip(send.quota).ShouldAllBe(reached => reached == DeliveryState.Deferred);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_held_message_draws_no_credit() => Prop.ForAll(
        (from settings in Settings from credits in Gen.Choose(0, 20) from senderHeld in Gen.Elements(true, false) select (settings, credits, senderHeld)).ToArbitrary(),
        send =>
        {
            var settings = send.settings with { Hold = send.settings.Hold || !send.senderHeld, StrictDebounce = false };
            var link = LinkOf(settings);
            var state = Quota.Open(link.Id, settings, Now) with { CreditsRemaining = Math.Min(send.credits, settings.MessagesPerWindow) };
            var decision = SendRules.Decide(new RecipientFacts(Aaron, link, state), send.senderHeld, Now);
            decision.State.ShouldBe(DeliveryState.Held);
            decision.Credits!.CreditsRemaining.ShouldBe(state.CreditsRemaining);
            decision.Credits.Waiting.ShouldBe(0);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_strict_link_refuses_until_the_debounce_time_has_passed() => Prop.ForAll(
        (from settings in Settings from seconds in Gen.OneOf(Gen.Choose(-10, -1), Gen.Choose(0, 4000)) select (settings, seconds)).ToArbitrary(),
        send =>
        {
            var settings = send.settings with { StrictDebounce = true };
            var link = LinkOf(settings);
            var state = Quota.Open(link.Id, settings, Now) with { LastMessageAt = Now.AddSeconds(-send.seconds) };
            var facts = new RecipientFacts(Aaron, link, state);
            if (send.seconds >= 0 && send.seconds < settings.DebounceSeconds)
            {
                var error = Should.Throw<ParleyError>(() => SendRules.Decide(facts, senderIsHeld: false, Now));
                error.Code.ShouldBe(ErrorCode.Debounced);
                error.RetryAfter.ShouldBe(TimeSpan.FromSeconds(settings.DebounceSeconds - send.seconds));
                Should.NotThrow(() => SendRules.Decide(facts, senderIsHeld: false, Now + error.RetryAfter!.Value));
            }
            else
            {
                Should.NotThrow(() => SendRules.Decide(facts, senderIsHeld: false, Now));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_full_queue_refuses_and_says_when_to_try_again()
    {
        var link = LinkOf(new LinkSettings());
        var state = Quota.Open(link.Id, link.Settings, Now) with { CreditsRemaining = 0, Waiting = Limits.DeferredPerLink };
        var error = Should.Throw<ParleyError>(() => SendRules.Decide(new RecipientFacts(Aaron, link, state), senderIsHeld: false, Now));
        error.Code.ShouldBe(ErrorCode.QueueFull);
        error.RetryAfter!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(false, DeliveryState.Pending)]
    [InlineData(true, DeliveryState.Held)]
    public void Without_a_link_only_a_hold_keeps_a_message_back(bool held, DeliveryState state)
    {
        var decision = SendRules.Decide(new RecipientFacts(Aaron, Link: null, State: null), held, Now);
        decision.ShouldBe(new Decision(state, Credits: null));
    }

    [Fact]
    public void The_verdict_is_that_of_the_slowest_recipient() => Prop.ForAll(
        Gen.Elements(DeliveryState.Pending, DeliveryState.Deferred, DeliveryState.Held).ArrayOf().ToArbitrary(),
        states => SendRules.VerdictOf(states.Select(state => new Decision(state, Credits: null))).ShouldBe(
            states.Contains(DeliveryState.Held) ? Verdict.Held : states.Contains(DeliveryState.Deferred) ? Verdict.Deferred : Verdict.Accepted)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("{}", "{}", true)]
    [InlineData("""{"a":1,"b":[1,2]}""", """{ "b": [1, 2], "a": 1 }""", true)]
    [InlineData("""{"a":1}""", """{"a":2}""", false)]
    [InlineData("""{"a":1,"a":2}""", """{"a":1, "a":2}""", true)]
    [InlineData("""{"a":1,"a":2}""", """{"a":2}""", false)]
    public void A_key_stands_for_one_content(string first, string again, bool same)
    {
        var draft = Draft.From(new SendInput { Content = "hello", Metadata = System.Text.Json.JsonElement.Parse(again) }, Now);
        if (same)
        {
            SendRules.IsSame(MessageOf("hello", first), draft).ShouldBeTrue();
        }
        else
        {
            Should.Throw<ParleyError>(() => SendRules.IsSame(MessageOf("hello", first), draft)).Code.ShouldBe(ErrorCode.KeyReused);
        }

        Should.Throw<ParleyError>(() => SendRules.IsSame(MessageOf("hullo", again), draft)).Code.ShouldBe(ErrorCode.KeyReused);
    }

    [Fact]
    public void A_debounce_of_zero_finds_no_twins()
    {
        SendRules.TwinsSince(new LinkSettings(DebounceSeconds: 0), Now).ShouldBeNull();
        SendRules.TwinsSince(new LinkSettings(), Now).ShouldBe(Now.AddSeconds(-5));
    }

    private static Agent AgentOf(string name) =>
        new(Guid.NewGuid(), Guid.Empty, Guid.Empty, name, AgentKind.External, "external", "", Hold: false, Now, RemovedAt: null);

    private static Link LinkOf(LinkSettings settings) => new(Guid.NewGuid(), Guid.Empty, Tesla.Id, Aaron.Id, Guid.NewGuid(), settings, Now, RemovedAt: null);

    private static Message MessageOf(string content, string metadata) => new()
    {
        Id = Guid.NewGuid(),
        OrganizationId = Guid.Empty,
        ConversationId = Guid.NewGuid(),
        ConversationKind = ConversationKind.Direct,
        Number = 1,
        SenderKind = CallerKind.Agent,
        SenderId = Tesla.Id,
        SenderName = Tesla.Name,
        Type = MessageType.Chat,
        Content = content,
        Metadata = metadata,
        RootId = Guid.NewGuid(),
        Verdict = Verdict.Accepted,
        CreatedAt = Now,
    };
}
