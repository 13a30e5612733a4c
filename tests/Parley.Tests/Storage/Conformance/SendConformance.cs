using System.Text.Json;
using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Conversations;
using Parley.Core.Messages;

namespace Parley.Tests.Storage.Conformance;

public abstract class SendConformance(TestStore store) : Conformance(store)
{
    [Fact]
    public async Task A_receipt_carries_number_delivery_credits_and_reset()
    {
        var (tesla, _, _) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 30, WindowHours: 6));
        var receipt = await House.SayAsync(tesla, "aaron", "hello");
        receipt.Duplicate.ShouldBeFalse();
        receipt.Durability.ShouldBe("disk");
        receipt.DeliveryCount.ShouldBe(1);
        receipt.Deliveries.ShouldBe([new DeliveryReceipt("aaron", DeliveryState.Pending, NotBefore: null)]);
        var message = receipt.Message;
        (message.Number, message.Verdict, message.CreditsLeft, message.WindowResetAt).ShouldBe((1, Verdict.Accepted, 29, TestStore.Start.AddHours(6)));
        (await House.SayAsync(tesla, "@Aaron", "again")).Message.CreditsLeft.ShouldBe(28);
    }

    [Fact]
    public async Task Everything_that_was_sent_is_read_as_it_was_sent()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var question = await House.SayAsync(aaron, "tesla", "question 🙂 \u0001 ü");
        var sent = await House.SendAsync(tesla, new SendInput
        {
            To = "aaron", Type = "request", Content = "Answer, @Bea and @cy?\n  ü 🙂", Metadata = JsonDocument.Parse("""{"a":[1,{"b":"ü"}]}""").RootElement,
            AgentType = "backend", SessionId = Guid.CreateVersion7(House.Now), Key = "k-1", ReplyTo = question.Message.Id, ReplyBy = House.Now.AddHours(1),
            TimeToLive = TimeSpan.FromHours(2),
        });
        var read = (await House.InboxAsync(aaron)).ShouldHaveSingleItem();
        read.Number.ShouldBe(1);
        (read.Message with { Mentions = [] }).ShouldBe(sent.Message with { Mentions = [] });
        read.Message.Mentions.ShouldBe(["bea", "cy"]);
        (read.Message.SenderType, read.Message.PeerAgentId, read.Message.RootId, read.Message.Depth).ShouldBe(("backend", aaron.Id, question.Message.Id, 1));
        (await House.InboxAsync(tesla)).ShouldHaveSingleItem().Message.Content.ShouldBe("question 🙂 \u0001 ü");
    }

    [Fact]
    public async Task A_delivery_lives_from_pending_through_offered_and_acknowledged_to_replied()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var id = (await House.SayAsync(tesla, "aaron", "hello")).Message.Id;
        (await House.DeliveryAsync(id, tesla)).State.ShouldBe(DeliveryState.Pending);

        await House.InboxAsync(aaron);
        (await House.DeliveryAsync(id, tesla)).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Pending), d => d.Attempts.ShouldBe(0));

        House.Clock.Advance(TimeSpan.FromSeconds(1));
        await House.Offer.RunAsync([new OfferedRange(aaron.Id, 0, 1)], Ct);
        await House.Offer.RunAsync([new OfferedRange(aaron.Id, 0, 1)], Ct);
        (await House.DeliveryAsync(id, tesla)).ShouldSatisfyAllConditions(
            d => d.State.ShouldBe(DeliveryState.Offered), d => d.Attempts.ShouldBe(2), d => d.OfferedAt.ShouldBe(House.Now));

        House.Clock.Advance(TimeSpan.FromSeconds(1));
        (await House.Acknowledge.RunAsync(aaron, 1, Ct)).Count.ShouldBe(1);
        (await House.DeliveryAsync(id, tesla)).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Acknowledged), d => d.AcknowledgedAt.ShouldBe(House.Now));
        await House.Offer.RunAsync([new OfferedRange(aaron.Id, 0, 1)], Ct);
        (await House.DeliveryAsync(id, tesla)).State.ShouldBe(DeliveryState.Acknowledged);

        await House.SendAsync(aaron, new SendInput { To = "tesla", Content = "answer", ReplyTo = id });
        (await House.DeliveryAsync(id, tesla)).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Replied), d => d.RepliedAt.ShouldBe(House.Now));
    }

    [Fact]
    public async Task The_recipient_sees_only_its_own_delivery_and_a_stranger_none()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var stranger = await House.AgentAsync("stranger");
        var post = await House.SayAsync(tesla, "#general", "to all");
        (await House.Read.DeliveriesAsync(tesla, post.Message.Id, Ct)).Count.ShouldBe(2);
        (await House.Read.DeliveriesAsync(aaron, post.Message.Id, Ct)).Deliveries.ShouldHaveSingleItem().AgentName.ShouldBe("aaron");
        var direct = await House.SayAsync(tesla, "aaron", "between us");
        await House.Read.DeliveriesAsync(stranger, direct.Message.Id, Ct).RefusedAsync(ErrorCode.NotFound);
        await House.Read.FindAsync(stranger, direct.Message.Id, Ct).RefusedAsync(ErrorCode.NotFound);
    }

    [Fact]
    public async Task The_recipients_are_woken_after_the_commit_with_their_new_place()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var receipt = await House.SayAsync(tesla, "aaron", "hello");
        var hint = House.Wake.Hints.ShouldHaveSingleItem();
        hint.Recipients.ShouldBe([new InboxPosition(aaron.Id, 1)]);
        hint.Message.ShouldBe(receipt.Message);
    }

    [Fact]
    public async Task A_person_needs_no_link_and_starts_a_conversation_with_an_agent()
    {
        var aaron = await House.AgentAsync("aaron");
        var receipt = await House.SayAsync(House.Owner, "aaron", "do this");
        (receipt.Message.CreditsLeft, receipt.Message.SenderKind).ShouldBe((null, CallerKind.User));
        (await House.SayAsync(House.Owner, "aaron", "and this")).Message.Number.ShouldBe(2);
        (await House.TextsAsync(aaron)).ShouldBe(["do this", "and this"]);
        (await House.Read.ConversationsAsync(aaron, 10, Ct)).ShouldContain(conversation => conversation.Head == 2);
    }

    [Fact]
    public async Task A_mention_in_agent_chat_is_delivered_and_everybody_may_read_it()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var stranger = await House.AgentAsync("stranger");
        var receipt = await House.SayAsync(tesla, "agent_chat", "@aaron please look");
        receipt.Deliveries.ShouldHaveSingleItem().Recipient.ShouldBe("aaron");
        (await House.TextsAsync(aaron)).ShouldBe(["@aaron please look"]);
        (await House.Read.FindAsync(stranger, receipt.Message.Id, Ct)).Content.ShouldBe("@aaron please look");
        (await House.SayAsync(tesla, "agent_chat", "nobody is meant")).DeliveryCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_reply_to_what_the_sender_may_not_read_is_refused_like_a_reply_to_nothing()
    {
        var (tesla, _, _) = await House.PairAsync();
        var (bea, cy) = (await House.AgentAsync("bea"), await House.AgentAsync("cy"));
        await House.LinkAsync(bea, cy);
        var foreign = (await House.SayAsync(bea, "cy", "secret")).Message.Id;
        var texts = new List<string>();
        foreach (var id in (Guid[])[foreign, Guid.NewGuid()])
        {
            var error = await House.StoresNothingAsync(() => House.SendAsync(tesla, new SendInput { To = "aaron", Content = "re", ReplyTo = id }), ErrorCode.NotFound);
            texts.Add(error.Message);
        }

        texts.Distinct().ShouldHaveSingleItem();
    }
}

public sealed class SqliteSendTests() : SendConformance(new SqliteStore());

public sealed class PostgresSendTests() : SendConformance(new PostgresStore());
