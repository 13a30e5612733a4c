using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.Conformance;

/// <summary>What waits on a link that is switched off, halted or removed: nothing accepted is dropped, and every state stays true.</summary>
public abstract class WaitingConformance(TestStore store) : Conformance(store)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(6);

    [Fact]
    public async Task What_waits_on_a_disabled_link_goes_on_waiting_and_is_released_in_order_when_it_is_enabled()
    {
        var (tesla, aaron, link, _) = await WithWaitingAsync();
        await EnableAsync(link, false);
        await House.PassAsync(Window);
        (await House.TextsAsync(aaron)).ShouldBe(["now"]);
        (await House.ReleaseDeferred.RunOnceAsync(Ct)).ShouldBeFalse();
        await EnableAsync(link, true);
        (await House.SayAsync(tesla, "aaron", "late")).Message.Verdict.ShouldBe(Verdict.Deferred);
        await House.RunLoopsAsync();
        await House.PassAsync(Window);
        await House.PassAsync(Window);
        (await House.TextsAsync(aaron)).ShouldBe(["now", "text 1", "text 2", "late"]);
    }

    [Theory]
    [InlineData(HaltScope.Link)]
    [InlineData(HaltScope.Organization)]
    [InlineData(HaltScope.Server)]
    public async Task What_waits_under_a_halt_goes_on_waiting_until_it_is_released(HaltScope scope)
    {
        var (_, aaron, link, _) = await WithWaitingAsync();
        var target = scope == HaltScope.Link ? link.Id.ToString() : null;
        await House.Halt.RunAsync(House.Owner, scope, target, null, Ct);
        await House.PassAsync(Window);
        (await House.TextsAsync(aaron)).ShouldBe(["now"]);
        await House.Resume.RunAsync(House.Owner, scope, target, Ct);
        await House.RunLoopsAsync();
        (await House.TextsAsync(aaron)).ShouldBe(["now", "text 1"]);
    }

    [Fact]
    public async Task Links_that_may_not_release_do_not_keep_others_from_it()
    {
        var tesla = await House.AgentAsync("tesla");
        var links = new List<Link>();
        for (var i = 0; i < 101; i++)
        {
            links.Add(await House.LinkAsync(tesla, await House.AgentAsync($"peer-{i}"), new LinkSettings(MessagesPerWindow: 1)));
            await House.SayManyAsync(tesla, $"peer-{i}", 2);
        }

        foreach (var link in links.Take(100))
        {
            await House.Halt.RunAsync(House.Owner, HaltScope.Link, link.Id.ToString(), null, Ct);
        }

        House.Clock.Advance(Window);
        (await House.ReleaseDeferred.RunOnceAsync(Ct)).ShouldBeFalse();
        (await House.CreditsAsync(links[100].Id)).Waiting.ShouldBe(0);
        (await House.CreditsAsync(links[0].Id)).Waiting.ShouldBe(1);
    }

    [Fact]
    public async Task What_waits_on_a_removed_link_ends_refused_and_its_sender_is_told()
    {
        var (tesla, aaron, link, waiting) = await WithWaitingAsync();
        await House.RemoveLink.RunAsync(House.Owner, link.Id, Ct);
        await RefusedAndToldAsync(tesla, waiting);
        House.Wake.Hints[^1].Recipients.ShouldContain(position => position.AgentId == tesla.Id);
        await House.LinkAsync(tesla, aaron);
        await House.PassAsync(Window);
        (await House.TextsAsync(aaron)).ShouldBe(["now"]);
        (await House.Read.FindAsync(aaron, waiting[0].Message.Id, Ct)).Content.ShouldBe("");
    }

    [Fact]
    public async Task What_waits_for_a_removed_agent_ends_refused_and_its_sender_is_told()
    {
        var (tesla, _, _, waiting) = await WithWaitingAsync();
        await House.RemoveAgent.RunAsync(House.Owner, "aaron", Ct);
        await RefusedAndToldAsync(tesla, waiting);
        await House.PassAsync(Window);
        (await House.DeliveryAsync(waiting[0].Message.Id, tesla)).State.ShouldBe(DeliveryState.Refused);
    }

    [Fact]
    public async Task What_a_removed_agent_had_waiting_ends_refused()
    {
        var (tesla, aaron, _, waiting) = await WithWaitingAsync();
        await House.RemoveAgent.RunAsync(House.Owner, "tesla", Ct);
        await House.PassAsync(Window);
        (await House.DeliveryAsync(waiting[0].Message.Id)).State.ShouldBe(DeliveryState.Refused);
        (await House.TextsAsync(aaron)).ShouldBe(["now"]);
        (await House.InboxAsync(tesla)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("removed")]
    public async Task A_held_message_cannot_be_approved_over_a_link_that_is_off_and_stays_held_until_it_is_decided(string how)
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(Hold: true));
        var held = (await House.SayAsync(tesla, "aaron", "held")).Message.Id;
        if (how == "removed")
        {
            await House.RemoveLink.RunAsync(House.Owner, link.Id, Ct);
        }
        else
        {
            await EnableAsync(link, false);
        }

        await House.StoresNothingAsync(() => House.Holds.ApproveAsync(House.Owner, held, null, Ct), ErrorCode.NotLinked);
        (await House.Holds.ListAsync(House.Owner, Ct)).ShouldHaveSingleItem();
        await House.Holds.RefuseAsync(House.Owner, held, "link is off", Ct);
        (await House.DeliveryAsync(held, tesla)).State.ShouldBe(DeliveryState.Refused);
        (await House.InboxAsync(aaron)).ShouldBeEmpty();
    }

    private Task<LinkOverview> EnableAsync(Link link, bool enabled) => House.EditLink.RunAsync(House.Owner, link.Id, settings => settings with { Enabled = enabled }, Ct);

    private async Task<(Caller Tesla, Caller Aaron, Link Link, List<SendReceipt> Waiting)> WithWaitingAsync()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 1));
        await House.SayAsync(tesla, "aaron", "now");
        var waiting = await House.SayManyAsync(tesla, "aaron", 2);
        waiting.ShouldAllBe(receipt => receipt.Message.Verdict == Verdict.Deferred);
        return (tesla, aaron, link, waiting);
    }

    private async Task RefusedAndToldAsync(Caller sender, List<SendReceipt> waiting)
    {
        foreach (var receipt in waiting)
        {
            (await House.DeliveryAsync(receipt.Message.Id, sender)).ShouldSatisfyAllConditions(
                d => d.State.ShouldBe(DeliveryState.Refused), d => d.Reason.ShouldNotBeNullOrEmpty(), d => d.EndedAt.ShouldBe(House.Now));
        }

        (await House.NoticesAsync(sender)).Select(notice => notice.ParentId).ShouldBe(waiting.Select(receipt => (Guid?)receipt.Message.Id));
    }
}

public sealed class SqliteWaitingTests() : WaitingConformance(new SqliteStore());

public sealed class PostgresWaitingTests() : WaitingConformance(new PostgresStore());
