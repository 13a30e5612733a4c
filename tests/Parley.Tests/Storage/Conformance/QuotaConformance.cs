using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Messages;

namespace Parley.Tests.Storage.Conformance;

/// <summary>G8 and G11: an empty quota defers, in the order accepted, and no clock grants a credit twice.</summary>
public abstract class QuotaConformance(TestStore store) : Conformance(store)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(6);

    [Fact]
    public async Task An_empty_quota_defers_with_a_time_and_hides_the_message_until_then()
    {
        var (tesla, aaron, _) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 2));
        await House.SayManyAsync(tesla, "aaron", 2);
        var receipt = await House.SayAsync(tesla, "aaron", "wait");
        (receipt.Message.Verdict, receipt.Message.NotBefore, receipt.Message.CreditsLeft).ShouldBe((Verdict.Deferred, TestStore.Start + Window, 0));
        receipt.Deliveries.ShouldHaveSingleItem().ShouldBe(new DeliveryReceipt("aaron", DeliveryState.Deferred, TestStore.Start + Window));
        (await House.TextsAsync(aaron)).ShouldBe(["text 1", "text 2"]);
        (await House.Read.FindAsync(aaron, receipt.Message.Id, Ct)).Content.ShouldBe("");
        (await House.Read.FindAsync(tesla, receipt.Message.Id, Ct)).Content.ShouldBe("wait");

        await House.PassAsync(Window - TimeSpan.FromTicks(10));
        (await House.TextsAsync(aaron)).Count.ShouldBe(2);
        await House.PassAsync(TimeSpan.FromTicks(10));
        (await House.TextsAsync(aaron)).ShouldBe(["text 1", "text 2", "wait"]);
        (await House.Read.FindAsync(aaron, receipt.Message.Id, Ct)).Content.ShouldBe("wait");
        (await House.DeliveryAsync(receipt.Message.Id, tesla)).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Pending), d => d.ReleasedAt.ShouldBe(House.Now));
        House.Wake.Hints[^1].Recipients.ShouldBe([new InboxPosition(aaron.Id, 3)]);
    }

    [Fact]
    public async Task Deferred_messages_of_both_sides_go_in_the_order_accepted_and_nothing_overtakes_them()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 3));
        await House.SayManyAsync(tesla, "aaron", 3, "first");
        for (var i = 1; i <= 8; i++)
        {
            (await House.SayAsync(i % 2 == 0 ? tesla : aaron, i % 2 == 0 ? "aaron" : "tesla", $"{i}")).Message.NotBefore.ShouldBe(TestStore.Start + (((i - 1) / 3) + 1) * Window);
        }

        House.Clock.Advance(Window);
        (await House.SayAsync(tesla, "aaron", "late")).Message.Verdict.ShouldBe(Verdict.Deferred);
        await House.RunLoopsAsync();
        ((await House.TextsAsync(aaron)).Skip(3), await House.TextsAsync(tesla)).ShouldSatisfyAllConditions(
            t => t.Item1.ShouldBe(["2"]), t => t.Item2.ShouldBe(["1", "3"]));
        await House.RunLoopsAsync();
        await House.PassAsync(Window);
        await House.PassAsync(Window);
        (await House.TextsAsync(aaron)).Skip(3).ShouldBe(["2", "4", "6", "8", "late"]);
        (await House.TextsAsync(tesla)).ShouldBe(["1", "3", "5", "7"]);
        (await House.CreditsAsync(link.Id)).ShouldSatisfyAllConditions(s => s.Waiting.ShouldBe(0), s => s.CreditsRemaining.ShouldBe(0));
    }

    [Fact]
    public async Task The_hundred_and_first_waiting_message_is_refused_with_the_time_to_try_again()
    {
        var (tesla, _, _) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 1));
        await House.SayManyAsync(tesla, "aaron", 101);
        (await House.StoresNothingAsync(() => House.SayAsync(tesla, "aaron", "too many"), ErrorCode.QueueFull)).RetryAfter.ShouldBe(Window);
        await House.PassAsync(Window);
        (await House.SayAsync(tesla, "aaron", "a place again")).Message.Verdict.ShouldBe(Verdict.Deferred);
    }

    [Fact]
    public async Task A_clock_that_jumps_back_grants_and_releases_nothing_twice()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 2));
        await House.SayManyAsync(tesla, "aaron", 3);
        await House.PassAsync(Window);
        (await House.CreditsAsync(link.Id)).CreditsRemaining.ShouldBe(1);
        House.Clock.ShiftWallClock(TimeSpan.FromHours(-5));
        await House.RunLoopsAsync();
        await House.SayAsync(tesla, "aaron", "last credit");
        (await House.SayAsync(tesla, "aaron", "none left")).Message.Verdict.ShouldBe(Verdict.Deferred);
        await House.PassAsync(TimeSpan.FromHours(5));
        (await House.TextsAsync(aaron)).ShouldBe(["text 1", "text 2", "text 3", "last credit"]);
        await House.PassAsync(Window);
        (await House.TextsAsync(aaron)).Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_clock_that_jumps_far_forward_fills_the_bucket_once()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 2));
        await House.SayManyAsync(tesla, "aaron", 7);
        await House.PassAsync(TimeSpan.FromDays(300));
        (await House.TextsAsync(aaron)).Count.ShouldBe(4);
        await House.RunLoopsAsync();
        (await House.TextsAsync(aaron)).Count.ShouldBe(4);
        (await House.CreditsAsync(link.Id)).Waiting.ShouldBe(3);
    }

    [Fact]
    public async Task A_raised_quota_releases_at_once_and_a_lowered_one_takes_credits()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 1));
        await House.SayManyAsync(tesla, "aaron", 4);
        await House.EditLink.RunAsync(House.Owner, link.Id, settings => settings with { MessagesPerWindow = 3 }, Ct);
        await House.RunLoopsAsync();
        (await House.TextsAsync(aaron)).ShouldBe(["text 1", "text 2", "text 3"]);
        await House.EditLink.RunAsync(House.Owner, link.Id, settings => settings with { MessagesPerWindow = 10 }, Ct);
        await House.RunLoopsAsync();
        (await House.CreditsAsync(link.Id)).CreditsRemaining.ShouldBe(6);
        await House.EditLink.RunAsync(House.Owner, link.Id, settings => settings with { MessagesPerWindow = 5 }, Ct);
        (await House.CreditsAsync(link.Id)).CreditsRemaining.ShouldBe(1);
    }

    [Fact]
    public async Task Draws_at_once_never_exceed_the_credits_and_never_lose_one()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 10));
        var receipts = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() => (i % 3) switch
        {
            0 => House.SayAsync(tesla, "aaron", $"{i}"),
            1 => House.SayAsync(aaron, "tesla", $"{i}"),
            _ => House.SayAsync(tesla, "agent_chat", $"@aaron {i}"),
        }))).Within(Patience);
        receipts.Count(receipt => receipt.Message.Verdict == Verdict.Accepted).ShouldBe(10);
        (await House.CreditsAsync(link.Id)).ShouldSatisfyAllConditions(s => s.CreditsRemaining.ShouldBe(0), s => s.Waiting.ShouldBe(20), s => s.Turn.ShouldBe(20));
        for (var window = 1; window <= 2; window++)
        {
            House.Clock.Advance(Window);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => House.ReleaseDeferred.RunOnceAsync(Ct)))).Within(Patience);
            ((await House.TextsAsync(tesla)).Count + (await House.TextsAsync(aaron)).Count).ShouldBe(10 * (window + 1));
        }
    }

    [Fact]
    public async Task A_deferred_message_that_expires_frees_its_place_and_is_never_shown()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 1));
        await House.SayAsync(tesla, "aaron", "now");
        var mortal = await House.SendAsync(tesla, new SendInput { To = "aaron", Content = "mortal", TimeToLive = TimeSpan.FromHours(1) });
        await House.SayAsync(tesla, "aaron", "later");
        await House.PassAsync(TimeSpan.FromHours(1));
        (await House.DeliveryAsync(mortal.Message.Id, tesla)).ShouldSatisfyAllConditions(d => d.State.ShouldBe(DeliveryState.Expired), d => d.Reason.ShouldNotBeNullOrEmpty());
        (await House.CreditsAsync(link.Id)).Waiting.ShouldBe(1);
        await House.PassAsync(Window);
        (await House.TextsAsync(aaron)).ShouldBe(["now", "later"]);
        (await House.Read.FindAsync(aaron, mortal.Message.Id, Ct)).Content.ShouldBe("");
    }

    [Fact]
    public async Task A_mention_in_chat_whose_wake_up_expires_stays_readable()
    {
        var (tesla, aaron, _) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 1));
        await House.SayAsync(tesla, "aaron", "now");
        var mention = await House.SendAsync(tesla, new SendInput { To = "agent_chat", Content = "@aaron look", TimeToLive = TimeSpan.FromHours(1) });
        mention.Message.Verdict.ShouldBe(Verdict.Deferred);
        await House.PassAsync(TimeSpan.FromHours(1));
        (await House.DeliveryAsync(mention.Message.Id, tesla)).State.ShouldBe(DeliveryState.Expired);
        (await House.Read.FindAsync(aaron, mention.Message.Id, Ct)).Content.ShouldBe("@aaron look");
    }
}

public sealed class SqliteQuotaTests() : QuotaConformance(new SqliteStore());

public sealed class PostgresQuotaTests() : QuotaConformance(new PostgresStore());
