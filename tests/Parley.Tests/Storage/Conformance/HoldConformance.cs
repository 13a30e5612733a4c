using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.Conformance;

/// <summary>A person approves, edits or refuses; until then the recipients see nothing of the text.</summary>
public abstract class HoldConformance(TestStore store) : Conformance(store)
{
    [Fact]
    public async Task A_held_text_is_invisible_to_its_recipient_everywhere_and_visible_to_sender_and_person()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(Hold: true));
        var receipt = await House.SendAsync(tesla, new SendInput { To = "aaron", Content = "confidential @aaron", Key = "k" });
        (receipt.Message.Verdict, receipt.Deliveries[0].State, receipt.Message.CreditsLeft).ShouldBe((Verdict.Held, DeliveryState.Held, 30));
        var id = receipt.Message.Id;
        House.Wake.Hints.ShouldBeEmpty();
        (await House.InboxAsync(aaron)).ShouldBeEmpty();
        (await House.Read.FindAsync(aaron, id, Ct)).ShouldSatisfyAllConditions(
            m => m.Content.ShouldBe(""), m => m.Mentions.ShouldBeEmpty(), m => m.Key.ShouldBeNull(), m => m.Metadata.ShouldBe("{}"));
        (await PageAsync(aaron, new HistoryQuery(default, link.ConversationId))).ShouldHaveSingleItem().Content.ShouldBe("");
        (await PageAsync(aaron, new HistoryQuery(default, Text: "confidential"))).ShouldBeEmpty();
        foreach (var knowing in (Caller[])[tesla, House.Owner])
        {
            (await House.Read.FindAsync(knowing, id, Ct)).Content.ShouldBe("confidential @aaron");
            (await PageAsync(knowing, new HistoryQuery(default, link.ConversationId))).ShouldHaveSingleItem().Content.ShouldBe("confidential @aaron");
        }

        var (held, recipients) = (await House.Holds.ListAsync(House.Owner, Ct)).ShouldHaveSingleItem();
        (held.Id, recipients).ShouldSatisfyAllConditions(h => h.Id.ShouldBe(id), h => h.recipients.ShouldBe(["aaron"]));
    }

    [Fact]
    public async Task What_waits_is_listed_in_the_order_said_also_within_one_millisecond()
    {
        var (tesla, _, _) = await House.PairAsync(new LinkSettings(Hold: true, MessagesPerWindow: 100, DebounceSeconds: 0));
        var said = new List<Guid>();
        for (var i = 0; i < 12; i++)
        {
            said.Add((await House.SayAsync(tesla, "aaron", $"{i}")).Message.Id);
            House.Clock.Advance(TimeSpan.FromMicroseconds(20));
        }

        (await House.Holds.ListAsync(House.Owner, Ct)).ConvertAll(held => held.Message.Id).ShouldBe(said);
    }

    [Fact]
    public async Task An_approved_message_is_delivered_once_and_draws_its_credit_then()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(Hold: true));
        var id = (await House.SayAsync(tesla, "aaron", "held")).Message.Id;
        (await House.CreditsAsync(link.Id)).CreditsRemaining.ShouldBe(30);
        House.Clock.Advance(TimeSpan.FromMinutes(1));
        await House.Holds.ApproveAsync(House.Owner, id, null, Ct);
        (await House.TextsAsync(aaron)).ShouldBe(["held"]);
        (await House.CreditsAsync(link.Id)).CreditsRemaining.ShouldBe(29);
        (await House.DeliveryAsync(id, tesla)).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Pending), d => d.ReleasedAt.ShouldBe(House.Now));
        House.Wake.Hints.ShouldHaveSingleItem().Recipients.ShouldBe([new InboxPosition(aaron.Id, 1)]);
        await House.StoresNothingAsync(() => House.Holds.ApproveAsync(House.Owner, id, null, Ct), ErrorCode.NotFound);
        await House.StoresNothingAsync(() => House.Holds.RefuseAsync(House.Owner, id, null, Ct), ErrorCode.NotFound);
    }

    [Fact]
    public async Task Two_persons_who_decide_at_once_decide_once()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(Hold: true));
        var id = (await House.SayAsync(tesla, "aaron", "held")).Message.Id;
        var decisions = Enumerable.Range(0, 6).Select(i => Task.Run(() => i % 2 == 0 ? House.Holds.ApproveAsync(House.Owner, id, null, Ct) : House.Holds.RefuseAsync(House.Owner, id, "no", Ct))).ToList();
        await Task.WhenAll(decisions).Within(Patience).RefusedAsync(ErrorCode.NotFound);
        decisions.Count(decision => decision.IsCompletedSuccessfully).ShouldBe(1);
        var approved = (await House.DeliveryAsync(id)).State == DeliveryState.Pending;
        (await House.ReceivedAsync(aaron)).Count.ShouldBe(approved ? 1 : 0);
        (await House.CreditsAsync(link.Id)).CreditsRemaining.ShouldBe(approved ? 29 : 30);
    }

    [Fact]
    public async Task An_edited_message_is_read_and_found_by_its_new_words_only()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(Hold: true));
        var id = (await House.SayAsync(tesla, "aaron", "original words")).Message.Id;
        (await PageAsync(tesla, new HistoryQuery(default, Text: "original"))).ShouldBeEmpty();
        await House.Holds.ApproveAsync(House.Owner, id, "edited words", Ct);
        (await House.TextsAsync(aaron)).ShouldBe(["edited words"]);
        foreach (var reader in (Caller[])[tesla, aaron, House.Owner])
        {
            (await PageAsync(reader, new HistoryQuery(default, Text: "original"))).ShouldBeEmpty();
            (await PageAsync(reader, new HistoryQuery(default, Text: "edited"))).ShouldHaveSingleItem().Id.ShouldBe(id);
        }

        var bad = (await House.SayAsync(tesla, "aaron", "another")).Message.Id;
        await House.StoresNothingAsync(() => House.Holds.ApproveAsync(House.Owner, bad, new string('x', Limits.ContentBytes + 1), Ct), ErrorCode.TooLarge);
    }

    [Fact]
    public async Task A_refused_message_stays_hidden_and_its_sender_is_told_why()
    {
        var (tesla, aaron, _) = await House.PairAsync(new LinkSettings(Hold: true));
        var id = (await House.SayAsync(tesla, "aaron", "held")).Message.Id;
        await House.Holds.RefuseAsync(House.Owner, id, "not now", Ct);
        (await House.DeliveryAsync(id, tesla)).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Refused), d => d.Reason.ShouldBe("not now"));
        (await House.NoticesAsync(tesla)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(n => n.Content.ShouldContain("not now"), n => n.ParentId.ShouldBe(id));
        (await House.InboxAsync(aaron)).ShouldBeEmpty();
        (await House.Read.FindAsync(aaron, id, Ct)).Content.ShouldBe("");
        (await House.Holds.ListAsync(House.Owner, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Approval_with_an_empty_quota_defers_behind_what_waits()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 1, Hold: true));
        var ids = (await House.SayManyAsync(tesla, "aaron", 3)).ConvertAll(receipt => receipt.Message.Id);
        foreach (var id in (Guid[])[ids[2], ids[0], ids[1]])
        {
            await House.Holds.ApproveAsync(House.Owner, id, null, Ct);
        }

        (await House.TextsAsync(aaron)).ShouldBe(["text 3"]);
        (await House.DeliveryAsync(ids[0], tesla)).ShouldSatisfyAllConditions(
            d => d.State.ShouldBe(DeliveryState.Deferred), d => d.NotBefore.ShouldBe(TestStore.Start.AddHours(6)));
        (await House.Read.FindAsync(aaron, ids[0], Ct)).Content.ShouldBe("");
        (await House.CreditsAsync(link.Id)).Waiting.ShouldBe(2);
        await House.PassAsync(TimeSpan.FromHours(6));
        await House.PassAsync(TimeSpan.FromHours(6));
        (await House.TextsAsync(aaron)).ShouldBe(["text 3", "text 1", "text 2"]);
    }

    [Fact]
    public async Task An_agent_on_hold_is_held_on_every_way_it_can_speak()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.EditAgent.RunAsync(House.Owner, "tesla", new EditAgentInput(Hold: true), Ct);
        foreach (var to in (string[])["aaron", "#general", "agent_chat"])
        {
            (await House.SayAsync(tesla, to, $"@aaron by {to}")).Message.Verdict.ShouldBe(Verdict.Held);
        }

        (await House.InboxAsync(aaron)).ShouldBeEmpty();
        (await PageAsync(aaron, new HistoryQuery(default))).ShouldAllBe(message => message.Content == "");
        foreach (var (message, _) in await House.Holds.ListAsync(House.Owner, Ct))
        {
            await House.Holds.ApproveAsync(House.Owner, message.Id, null, Ct);
        }

        (await House.TextsAsync(aaron)).Order().ShouldBe(["@aaron by #general", "@aaron by aaron", "@aaron by agent_chat"]);
        (await House.SayAsync(aaron, "tesla", "not held")).Message.Verdict.ShouldBe(Verdict.Accepted);
    }

    [Fact]
    public async Task A_held_channel_post_goes_to_those_who_are_members_when_it_is_approved()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.EditAgent.RunAsync(House.Owner, "tesla", new EditAgentInput(Hold: true), Ct);
        var id = (await House.SayAsync(tesla, "#general", "held post")).Message.Id;
        var bea = await House.AgentAsync("bea");
        await House.Leave.RunAsync(aaron, null, "general", null, Ct);
        await House.Holds.ApproveAsync(House.Owner, id, null, Ct);
        (await House.TextsAsync(bea)).ShouldBe(["held post"]);
        (await House.InboxAsync(aaron)).ShouldBeEmpty();
        (await House.InboxAsync(tesla)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_held_message_that_expires_is_never_shown_and_no_longer_decided()
    {
        var (tesla, aaron, _) = await House.PairAsync(new LinkSettings(Hold: true));
        var id = (await House.SendAsync(tesla, new SendInput { To = "aaron", Content = "mortal", TimeToLive = TimeSpan.FromMinutes(1) })).Message.Id;
        await House.PassAsync(TimeSpan.FromMinutes(1));
        (await House.DeliveryAsync(id, tesla)).State.ShouldBe(DeliveryState.Expired);
        await House.StoresNothingAsync(() => House.Holds.ApproveAsync(House.Owner, id, null, Ct), ErrorCode.NotFound);
        (await House.InboxAsync(aaron)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_type_on_hold_is_held_on_every_way_it_can_be_sent_and_no_other_type_is()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.HoldType.RunAsync(House.Owner, "request", on: true, Ct);
        await House.HoldType.RunAsync(House.Owner, "request", on: true, Ct);
        foreach (var sender in (Caller[])[tesla, aaron])
        {
            foreach (var to in (string[])[sender == tesla ? "aaron" : "tesla", "#general", "agent_chat"])
            {
                (await House.SendAsync(sender, new SendInput { To = to, Type = "request", Content = $"held, to {to}" })).Message.Verdict.ShouldBe(Verdict.Held);
                (await House.SendAsync(sender, new SendInput { To = to, Type = "status", Content = $"sent, to {to}" })).Message.Verdict.ShouldBe(Verdict.Accepted);
            }
        }

        (await House.ReceivedAsync(aaron)).ShouldBe(["sent, to aaron", "sent, to #general"]);
        foreach (var (message, _) in await House.Holds.ListAsync(House.Owner, Ct))
        {
            await House.Holds.ApproveAsync(House.Owner, message.Id, null, Ct);
        }

        (await House.ReceivedAsync(aaron)).ShouldBe(["sent, to aaron", "sent, to #general", "held, to aaron", "held, to #general"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_a_person_sends_is_held_by_no_type()
    {
        var (_, aaron, _) = await House.PairAsync();
        await House.HoldType.RunAsync(House.Owner, "request", on: true, Ct);
        (await House.SendAsync(House.Owner, new SendInput { To = "aaron", Type = "request", Content = "now" })).Message.Verdict.ShouldBe(Verdict.Accepted);
        (await House.TextsAsync(aaron)).ShouldBe(["now"]);
    }

    [Fact]
    public async Task A_type_taken_off_hold_goes_through_and_what_waits_still_needs_a_decision()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.HoldType.RunAsync(House.Owner, "request", on: true, Ct);
        await House.HoldType.RunAsync(House.Owner, "result", on: true, Ct);
        await House.SendAsync(tesla, new SendInput { To = "aaron", Type = "request", Content = "first" });
        (await House.HoldType.RunAsync(House.Owner, "request", on: false, Ct)).ShouldBe(HeldTypes.Result);
        await House.SendAsync(tesla, new SendInput { To = "aaron", Type = "request", Content = "second" });
        (await House.TextsAsync(aaron)).ShouldBe(["second"]);
        (await House.Holds.ListAsync(House.Owner, Ct)).ShouldHaveSingleItem().Message.Content.ShouldBe("first");
    }

    [Fact]
    public async Task The_rules_are_of_one_organization_audited_and_changed_by_its_admins_only()
    {
        var (tesla, _, link) = await House.PairAsync(new LinkSettings(Hold: true));
        await House.EditAgent.RunAsync(House.Owner, "tesla", new EditAgentInput(Hold: true), Ct);
        await House.HoldType.RunAsync(House.Owner, "request", on: true, Ct);
        var rules = await House.HoldRules.RunAsync(House.Owner, Ct);
        rules.Types.ShouldBe(HeldTypes.Request);
        rules.Agents.ShouldHaveSingleItem().Name.ShouldBe("tesla");
        rules.Links.ShouldHaveSingleItem().Link.Id.ShouldBe(link.Id);
        (await new ListAudit(House.Database).RunAsync(House.Owner, 10, Ct)).ShouldContain(entry => entry.Action == "hold.on" && entry.Target == "type:request" && entry.Decision == "allowed");

        var foreign = await House.OrganizationAsync("other");
        (await House.HoldRules.RunAsync(foreign, Ct)).ShouldSatisfyAllConditions(
            other => other.Types.ShouldBe(HeldTypes.None), other => other.Agents.ShouldBeEmpty(), other => other.Links.ShouldBeEmpty());
        await House.StoresNothingAsync(() => House.HoldType.RunAsync(House.Owner, "system", on: true, Ct), ErrorCode.InvalidRequest);
        foreach (var caller in (Caller[])[tesla, House.Owner with { Role = Role.Member }])
        {
            await House.HoldType.RunAsync(caller, "chat", on: true, Ct).RefusedAsync(ErrorCode.Forbidden);
        }

        (await House.HoldRules.RunAsync(House.Owner, Ct)).Types.ShouldBe(HeldTypes.Request);
    }

    [Fact]
    public async Task Only_persons_of_the_organization_decide()
    {
        var (tesla, _, _) = await House.PairAsync(new LinkSettings(Hold: true));
        var id = (await House.SayAsync(tesla, "aaron", "held")).Message.Id;
        var foreign = await House.OrganizationAsync("other");
        await House.StoresNothingAsync(() => House.Holds.ApproveAsync(tesla, id, null, Ct), ErrorCode.Forbidden);
        await House.StoresNothingAsync(() => House.Holds.ApproveAsync(foreign, id, null, Ct), ErrorCode.NotFound);
        await House.StoresNothingAsync(() => House.Holds.RefuseAsync(foreign, id, null, Ct), ErrorCode.NotFound);
        (await House.Holds.ListAsync(foreign, Ct)).ShouldBeEmpty();
    }

    private Task<List<Message>> PageAsync(Caller reader, HistoryQuery query) => House.Read.PageAsync(reader, query, Ct);
}

public sealed class SqliteHoldTests() : HoldConformance(new SqliteStore());

public sealed class PostgresHoldTests() : HoldConformance(new PostgresStore());
