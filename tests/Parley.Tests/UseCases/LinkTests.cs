using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using static Parley.Tests.UseCases.TestHouse;

namespace Parley.Tests.UseCases;

public sealed class LinkTests
{
    [Fact]
    public async Task A_pair_that_is_linked_again_goes_on_in_its_conversation()
    {
        await using var house = await OpenAsync();
        var (tesla, aaron) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"));
        var first = await house.LinkAsync(tesla, aaron);
        await house.SendAsync(tesla, "aaron", "one");
        await RefusedAsync(ErrorCode.Conflict, () => house.LinkAsync(aaron, tesla));
        await RefusedAsync(ErrorCode.InvalidRequest, () => house.LinkAsync(tesla, tesla));
        await new RemoveLink(house.Database, house.Wake, house.Clock).RunAsync(house.Owner, first.Link.Id, Stop);
        await RefusedAsync(ErrorCode.NotLinked, () => house.SendAsync(tesla, "aaron", "two"));

        var again = await house.LinkAsync(aaron, tesla);
        again.Link.ConversationId.ShouldBe(first.Link.ConversationId);
        (await house.SendAsync(aaron, "tesla", "three")).Message.Number.ShouldBe(2);
    }

    [Fact]
    public async Task What_waits_on_a_removed_link_is_refused_and_says_why()
    {
        await using var house = await OpenAsync();
        var (tesla, aaron) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"));
        var link = await house.LinkAsync(tesla, aaron, new LinkSettings(MessagesPerWindow: 1));
        await house.SendAsync(tesla, "aaron", "one");
        var waiting = await house.SendAsync(tesla, "aaron", "two");
        waiting.Message.Verdict.ShouldBe(Verdict.Deferred);
        await new RemoveLink(house.Database, house.Wake, house.Clock).RunAsync(house.Owner, link.Link.Id, Stop);

        var delivery = await house.Database.ReadAsync(unit => unit.Deliveries.FindAsync(waiting.Message.Id, aaron.Id), Stop);
        delivery!.State.ShouldBe(DeliveryState.Refused);
        delivery.Reason.ShouldBe("The link was removed.");
        (await house.Database.ReadAsync(unit => unit.Messages.FindAsync(tesla.OrganizationId, waiting.Message.Id), Stop))!.Withheld.ShouldBe(Withheld.Refused);
    }

    [Fact]
    public async Task A_higher_quota_is_granted_at_once()
    {
        await using var house = await OpenAsync();
        var (tesla, aaron) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"));
        var link = await house.LinkAsync(tesla, aaron, new LinkSettings(MessagesPerWindow: 1));
        await house.SendAsync(tesla, "aaron", "one");
        var edit = new EditLink(house.Database, house.Clock);
        var edited = await edit.RunAsync(house.Owner, link.Link.Id, settings => settings with { MessagesPerWindow = 3 }, Stop);

        edited.State!.CreditsRemaining.ShouldBe(2);
        (await house.SendAsync(aaron, "tesla", "two")).Message.Verdict.ShouldBe(Verdict.Accepted);
        await RefusedAsync(ErrorCode.InvalidRequest, () => edit.RunAsync(house.Owner, link.Link.Id, settings => settings with { WindowHours = 0 }, Stop));
        (await new FindLink(house.Database, house.Clock).RunAsync(house.Owner, link.Link.Id, Stop)).State!.CreditsRemaining.ShouldBe(1);
    }

    [Fact]
    public async Task Each_caller_sees_and_changes_only_what_is_theirs()
    {
        await using var house = await OpenAsync();
        var member = await house.UserAsync("ben", Role.Member);
        var (tesla, aaron, bens) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"), await house.AgentAsync("bens", member));
        var own = await house.LinkAsync(tesla, aaron);
        var mixed = await house.LinkAsync(tesla, bens);
        var list = new ListLinks(house.Database, house.Clock);

        (await list.RunAsync(house.Owner, null, Stop)).Count.ShouldBe(2);
        (await list.RunAsync(house.Owner, "aaron", Stop)).ShouldHaveSingleItem().PeerName.ShouldBe("tesla");
        (await list.RunAsync(aaron, null, Stop)).ShouldHaveSingleItem().AgentName.ShouldBe("aaron");
        (await list.RunAsync(aaron, "bens", Stop)).ShouldBeEmpty();
        (await list.RunAsync(member, null, Stop)).ShouldHaveSingleItem().Link.Id.ShouldBe(mixed.Link.Id);
        var find = new FindLink(house.Database, house.Clock);
        await RefusedAsync(ErrorCode.NotFound, () => find.RunAsync(aaron, mixed.Link.Id, Stop));
        await RefusedAsync(ErrorCode.NotFound, () => find.RunAsync(house.Owner with { OrganizationId = Guid.NewGuid() }, own.Link.Id, Stop));
        await RefusedAsync(ErrorCode.NotFound, () => new RemoveLink(house.Database, house.Wake, house.Clock).RunAsync(member, own.Link.Id, Stop));
        await RefusedAsync(ErrorCode.Forbidden, () => new RemoveLink(house.Database, house.Wake, house.Clock).RunAsync(member, mixed.Link.Id, Stop));
        await RefusedAsync(ErrorCode.Forbidden, () => new CreateLink(house.Database, house.Clock).RunAsync(member, "bens", "aaron", new LinkSettings(), Stop));
        await RefusedAsync(ErrorCode.Forbidden, () => new CreateLink(house.Database, house.Clock).RunAsync(bens, "bens", "aaron", new LinkSettings(), Stop));
    }

    [Fact]
    public async Task A_removed_agent_is_gone_from_links_channels_and_lists()
    {
        await using var house = await OpenAsync();
        var (tesla, aaron) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"));
        await house.LinkAsync(tesla, aaron);
        await house.RemoveAgent.RunAsync(house.Owner, "aaron", Stop);

        (await new ListLinks(house.Database, house.Clock).RunAsync(tesla, null, Stop)).ShouldBeEmpty();
        (await new ListAgents(house.Database, house.Board).RunAsync(tesla, new AgentQuery(), Stop)).Select(agent => agent.Agent.Name).ShouldBe(["tesla"]);
        await RefusedAsync(ErrorCode.UnknownRecipient, () => house.SendAsync(tesla, "aaron", "hello"));
        (await house.SendAsync(tesla, "#general", "hello")).DeliveryCount.ShouldBe(0);
        (await house.AgentAsync("aaron")).Id.ShouldNotBe(aaron.Id);
    }

    [Fact]
    public async Task Unread_counts_are_for_the_agent_itself_and_for_persons()
    {
        await using var house = await OpenAsync();
        var (tesla, aaron) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"));
        await house.LinkAsync(tesla, aaron);
        await house.SendAsync(tesla, "aaron", "one");
        var find = new FindAgent(house.Database, house.Board);

        foreach (var nobody in new[] { "nobody", "", "aa\0ron", new string('a', 1_000), Guid.NewGuid().ToString() })
        {
            await RefusedAsync(ErrorCode.NotFound, () => find.RunAsync(tesla, nobody, Stop));
        }

        (await find.RunAsync(aaron, "aaron", Stop)).Unread.ShouldBe(1);
        (await find.RunAsync(tesla, "@Aaron", Stop)).Unread.ShouldBeNull();
        (await new ListAgents(house.Database, house.Board).RunAsync(house.Owner, new AgentQuery(), Stop)).Select(agent => agent.Unread).ShouldBe([1L, 0L]);
    }
}
