using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.Conformance;

/// <summary>Two nodes on one PostgreSQL database.</summary>
public sealed class TwoNodeTests() : Conformance(new PostgresStore())
{
    private TestHouse other = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        other = await TestHouse.OpenAsync(Store, House.Clock);
    }

    public override async ValueTask DisposeAsync()
    {
        if (other is not null)
        {
            await other.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    [Fact]
    public async Task Sends_through_both_nodes_are_numbered_without_gaps_and_draw_each_credit_once()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 50));
        var receipts = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => (i % 2 == 0 ? House : other).SayAsync(i % 4 < 2 ? tesla : aaron, i % 4 < 2 ? "aaron" : "tesla", $"{i}"))))
            .Within(Patience);
        receipts.Select(receipt => receipt.Message.Number).Order().ShouldBe(Enumerable.Range(1, 60).Select(i => (long)i));
        receipts.Count(receipt => receipt.Message.Verdict == Verdict.Accepted).ShouldBe(50);
        House.Clock.Advance(TimeSpan.FromHours(6));
        await Task.WhenAll(House.ReleaseDeferred.RunOnceAsync(Ct), other.ReleaseDeferred.RunOnceAsync(Ct)).Within(Patience);
        ((await House.InboxAsync(tesla)).Count + (await other.InboxAsync(aaron)).Count).ShouldBe(60);
        (await other.CreditsAsync(link.Id)).ShouldSatisfyAllConditions(s => s.Waiting.ShouldBe(0), s => s.CreditsRemaining.ShouldBe(40));
    }

    [Fact]
    public async Task The_same_key_through_both_nodes_is_one_message()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        for (var round = 0; round < 10; round++)
        {
            var receipts = await Task.WhenAll(new[] { House, other }.Select(node => Task.Run(() => node.SayAsync(tesla, "aaron", $"{round}", $"k{round}")))).Within(Patience);
            receipts.Count(receipt => receipt.Duplicate).ShouldBe(1);
        }

        (await House.InboxAsync(aaron)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Reminders_and_escalations_happen_once()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.SendAsync(tesla, new SendInput { To = "aaron", Content = "please", ReplyBy = House.Now.AddHours(1) });
        foreach (var minutes in (int[])[50, 10])
        {
            House.Clock.Advance(TimeSpan.FromMinutes(minutes));
            await Task.WhenAll(House.Watch.RunOnceAsync(Ct), other.Watch.RunOnceAsync(Ct)).Within(Patience);
        }

        (await House.NoticesAsync(aaron)).Count.ShouldBe(1);
        (await House.NoticesAsync(tesla)).Count.ShouldBe(1);
        (await other.Attention.ListAsync(House.Owner, Ct)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_halt_pulled_on_one_node_stops_the_other_with_its_next_refresh()
    {
        var (tesla, _, _) = await House.PairAsync();
        await House.Halt.RunAsync(House.Owner, HaltScope.Agent, "tesla", null, Ct);
        await other.RefreshHalts.RunOnceAsync(Ct);
        await other.StoresNothingAsync(() => other.SayAsync(tesla, "aaron", "x"), ErrorCode.Halted);
        await other.Resume.RunAsync(House.Owner, HaltScope.Agent, "tesla", Ct);
        await House.RefreshHalts.RunOnceAsync(Ct);
        await House.SayAsync(tesla, "aaron", "x");
    }
}
