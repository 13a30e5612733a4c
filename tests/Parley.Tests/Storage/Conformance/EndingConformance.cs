using Parley.Core;
using Parley.Core.Maintenance;
using Parley.Core.Messages;

namespace Parley.Tests.Storage.Conformance;

/// <summary>Replies that are owed, messages that expire, and those that a recipient cannot process.</summary>
public abstract class EndingConformance(TestStore store) : Conformance(store)
{
    [Fact]
    public async Task A_reply_that_is_owed_is_reminded_once_and_then_needs_attention_once()
    {
        var (tesla, aaron, id) = await RequestAsync();
        await House.PassAsync(TimeSpan.FromMinutes(44));
        (await House.NoticesAsync(aaron)).ShouldBeEmpty();
        await House.PassAsync(TimeSpan.FromMinutes(1));
        await House.RunLoopsAsync();
        (await House.NoticesAsync(aaron)).ShouldHaveSingleItem().ParentId.ShouldBe(id);
        (await House.Attention.ObligationsAsync(aaron, Ct)).ShouldHaveSingleItem().RemindedAt.ShouldNotBeNull();
        (await House.Attention.ObligationsAsync(tesla, Ct)).ShouldBeEmpty();
        await House.PassAsync(TimeSpan.FromMinutes(15));
        await House.RunLoopsAsync();
        var attention = (await House.Attention.ListAsync(House.Owner, Ct)).ShouldHaveSingleItem();
        (attention.Kind, attention.MessageId).ShouldBe(("reply_overdue", id));
        (await House.NoticesAsync(tesla)).ShouldHaveSingleItem().ParentId.ShouldBe(id);
        (await House.Attention.ObligationsAsync(House.Owner, Ct)).ShouldBeEmpty();
        await House.Attention.ResolveAsync(House.Owner, attention.Id, Ct);
        await House.StoresNothingAsync(() => House.Attention.ResolveAsync(House.Owner, attention.Id, Ct), ErrorCode.NotFound);
        (await House.Attention.ListAsync(House.Owner, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reply_fulfils_the_obligation()
    {
        var (_, aaron, id) = await RequestAsync();
        await House.SendAsync(aaron, new SendInput { To = "tesla", Content = "unrelated" });
        (await House.Attention.ObligationsAsync(aaron, Ct)).Count.ShouldBe(1);
        await House.SendAsync(aaron, new SendInput { To = "tesla", Content = "answer", ReplyTo = id });
        (await House.Attention.ObligationsAsync(aaron, Ct)).ShouldBeEmpty();
        await House.PassAsync(TimeSpan.FromHours(2));
        (await House.Attention.ListAsync(House.Owner, Ct)).ShouldBeEmpty();
        (await House.NoticesAsync(aaron)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Watchers_that_race_remind_and_escalate_once()
    {
        var (tesla, aaron, _) = await RequestAsync();
        foreach (var time in (TimeSpan[])[TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(10)])
        {
            House.Clock.Advance(time);
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => House.Watch.RunOnceAsync(Ct)))).Within(Patience);
        }

        (await House.NoticesAsync(aaron)).Count.ShouldBe(1);
        (await House.NoticesAsync(tesla)).Count.ShouldBe(1);
        (await House.Attention.ListAsync(House.Owner, Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_expires_unless_it_was_acknowledged()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var read = await House.SendAsync(tesla, new SendInput { To = "aaron", Content = "read", TimeToLive = TimeSpan.FromMinutes(1) });
        var unread = await House.SendAsync(tesla, new SendInput { To = "aaron", Content = "unread", TimeToLive = TimeSpan.FromMinutes(1), ReplyBy = House.Now.AddHours(1) });
        await House.Acknowledge.RunAsync(aaron, 1, Ct);
        await House.PassAsync(TimeSpan.FromSeconds(59));
        (await House.DeliveryAsync(unread.Message.Id, tesla)).State.ShouldBe(DeliveryState.Pending);
        await House.PassAsync(TimeSpan.FromSeconds(1));
        (await House.DeliveryAsync(read.Message.Id, tesla)).State.ShouldBe(DeliveryState.Acknowledged);
        (await House.DeliveryAsync(unread.Message.Id, tesla)).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Expired), d => d.EndedAt.ShouldBe(House.Now));
        (await House.InboxAsync(aaron)).Select(item => (item.Number, item.State)).ShouldBe([(1, DeliveryState.Acknowledged), (2, DeliveryState.Expired)]);
        (await House.Acknowledge.RunAsync(aaron, 2, Ct)).Count.ShouldBe(0);
        (await House.Attention.ObligationsAsync(House.Owner, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Expiry_and_acknowledgement_that_race_leave_one_truth()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        for (var i = 0; i < 20; i++)
        {
            await House.SendAsync(tesla, new SendInput { To = "aaron", Content = $"{i}", TimeToLive = TimeSpan.FromMinutes(1) });
        }

        House.Clock.Advance(TimeSpan.FromMinutes(2));
        var acknowledge = Task.Run(() => House.Acknowledge.RunAsync(aaron, 20, Ct));
        await Task.WhenAll(Task.Run(() => House.Expire.RunOnceAsync(Ct)), acknowledge, Task.Run(() => House.Expire.RunOnceAsync(Ct))).Within(Patience);
        var deliveries = await House.Database.ReadAsync(
            async unit =>
            {
                var found = new List<Delivery>();
                for (var number = 1; number <= 20; number++)
                {
                    found.Add((await unit.Deliveries.FindAsync(aaron.Id, number))!);
                }

                return found;
            },
            Ct);
        deliveries.Count(delivery => delivery.State == DeliveryState.Acknowledged).ShouldBe((await acknowledge).Count);
        deliveries.ShouldAllBe(delivery => (delivery.State == DeliveryState.Acknowledged) != (delivery.EndedAt != null));
        deliveries.ShouldAllBe(delivery => (delivery.State == DeliveryState.Acknowledged) == (delivery.AcknowledgedAt != null));
    }

    [Fact]
    public async Task A_rejected_message_is_a_dead_letter_of_which_sender_and_people_are_told()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var id = (await House.SayAsync(tesla, "aaron", "poison")).Message.Id;
        await House.StoresNothingAsync(() => House.Reject.RunAsync(aaron, 2, "no such", Ct), ErrorCode.NotFound);
        await House.Reject.RunAsync(aaron, 1, "cannot parse", Ct);
        (await House.DeliveryAsync(id, tesla)).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Dead), d => d.Reason.ShouldBe("cannot parse"));
        (await House.NoticesAsync(tesla)).ShouldHaveSingleItem().Content.ShouldContain("cannot parse");
        (await House.Attention.ListAsync(House.Owner, Ct)).ShouldHaveSingleItem().Kind.ShouldBe("dead_letter");
        (await House.Dead.ListAsync(House.Owner, 10, Ct)).ShouldHaveSingleItem().Message.Id.ShouldBe(id);
        await House.StoresNothingAsync(() => House.Reject.RunAsync(aaron, 1, "again", Ct), ErrorCode.Conflict);
    }

    [Fact]
    public async Task A_dead_letter_is_retried_once_however_many_ask_at_once()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var id = (await House.SayAsync(tesla, "aaron", "poison")).Message.Id;
        await House.Reject.RunAsync(aaron, 1, "not now", Ct);
        var retries = Enumerable.Range(0, 6).Select(_ => Task.Run(() => House.Dead.RetryAsync(House.Owner, id, "aaron", Ct))).ToList();
        await Task.WhenAll(retries).Within(Patience).RefusedAsync(ErrorCode.Conflict);
        retries.Count(retry => retry.IsCompletedSuccessfully).ShouldBe(1);
        (await House.ReadInbox.RunAsync(aaron, 0, 10, Ct)).State.Head.ShouldBe(2);
        (await House.InboxAsync(aaron)).Select(item => (item.Number, item.State)).ShouldBe([(1, DeliveryState.Pending), (2, DeliveryState.Pending)]);
        (await House.Acknowledge.RunAsync(aaron, 2, Ct)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_retried_dead_letter_comes_at_the_end_and_its_old_place_says_where_it_went(int acknowledged)
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var ids = (await House.SayManyAsync(tesla, "aaron", 3)).ConvertAll(receipt => receipt.Message.Id);
        await House.Reject.RunAsync(aaron, 2, "not now", Ct);
        await House.Acknowledge.RunAsync(aaron, acknowledged, Ct);
        await House.Dead.RetryAsync(House.Owner, ids[1], "aaron", Ct);

        var inbox = await House.InboxAsync(aaron);
        inbox.Select(item => item.Number).ShouldBe([1, 2, 3, 4]);
        inbox.Where(item => item.Number != 2).Select(item => item.Message.Content).ShouldBe(["text 1", "text 3", "text 2"]);
        inbox[1].Message.ShouldSatisfyAllConditions(
            notice => notice.Type.ShouldBe(MessageType.System), notice => notice.ParentId.ShouldBe(ids[1]), notice => notice.Content.ShouldContain("as 4"));
        inbox[1].State.ShouldBe(acknowledged >= 2 ? DeliveryState.Acknowledged : DeliveryState.Pending);
        (await House.InboxAsync(aaron, after: acknowledged)).Select(item => item.Number).ShouldBe(Enumerable.Range(acknowledged + 1, 4 - acknowledged).Select(number => (long)number));
        (await House.Acknowledge.RunAsync(aaron, 4, Ct)).Count.ShouldBe(4 - acknowledged);

        // Again and again, as often as it is rejected.
        await House.SayAsync(tesla, "aaron", "text 4");
        await House.Reject.RunAsync(aaron, 5, "not now", Ct);
        await House.Dead.RetryAsync(House.Owner, (await House.InboxAsync(aaron, after: 4))[0].Message.Id, "aaron", Ct);
        (await House.InboxAsync(aaron)).Select(item => item.Number).ShouldBe([1, 2, 3, 4, 5, 6]);
        (await new CheckStore(House.Database, House.Database.Inspector).RunAsync(House.Owner, Ct)).Where(finding => finding.Status == FindingStatus.Fault).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_acknowledged_can_no_longer_be_rejected()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.SayAsync(tesla, "aaron", "fine");
        await House.Acknowledge.RunAsync(aaron, 1, Ct);
        await House.StoresNothingAsync(() => House.Reject.RunAsync(aaron, 1, "late", Ct), ErrorCode.Conflict);
    }

    private async Task<(Caller Tesla, Caller Aaron, Guid Id)> RequestAsync()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var receipt = await House.SendAsync(tesla, new SendInput { To = "aaron", Content = "please", Type = "request", ReplyBy = House.Now.AddHours(1) });
        return (tesla, aaron, receipt.Message.Id);
    }
}

public sealed class SqliteEndingTests() : EndingConformance(new SqliteStore());

public sealed class PostgresEndingTests() : EndingConformance(new PostgresStore());
