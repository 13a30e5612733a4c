using Parley.Core;
using Parley.Core.Channels;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using static Parley.Tests.UseCases.TestHouse;

namespace Parley.Tests.UseCases;

public sealed class ChannelTests
{
    [Fact]
    public async Task An_agent_moves_only_itself_and_only_within_its_projects()
    {
        await using var house = await OpenAsync();
        var (tesla, aaron) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"));
        await new CreateChannel(house.Database, house.Clock).RunAsync(house.Owner, null, "#Build", Stop);
        await new AddProject(house.Database, house.Clock).RunAsync(house.Owner, "secret", Stop);
        var join = new JoinChannel(house.Database, house.Clock);

        (await join.RunAsync(tesla, null, "build", null, Stop)).Members.ShouldBe(["tesla"]);
        (await join.RunAsync(house.Owner, "default", "#build", "aaron", Stop)).Members.ShouldBe(["aaron", "tesla"]);
        await RefusedAsync(ErrorCode.Forbidden, () => join.RunAsync(tesla, null, "build", "aaron", Stop));
        await RefusedAsync(ErrorCode.Forbidden, () => join.RunAsync(tesla with { Scopes = Scopes.Read }, null, "build", null, Stop));
        await RefusedAsync(ErrorCode.NotFound, () => join.RunAsync(tesla, "secret", "general", null, Stop));
        await RefusedAsync(ErrorCode.NotFound, () => join.RunAsync(tesla, "unknown", "general", null, Stop));
        await RefusedAsync(ErrorCode.NotFound, () => join.RunAsync(tesla, null, "nowhere", null, Stop));
        await RefusedAsync(ErrorCode.InvalidRequest, () => join.RunAsync(house.Owner, null, "general", "tesla", Stop));
        (await new ListChannels(house.Database).RunAsync(tesla, null, Stop)).Select(channel => channel.Channel.Name).ShouldBe(["build", "general"]);
        (await new ListChannels(house.Database).RunAsync(house.Owner, null, Stop)).Count.ShouldBe(3);

        (await new LeaveChannel(house.Database, house.Clock).RunAsync(aaron, null, "build", null, Stop)).Members.ShouldBe(["tesla"]);
        (await house.SendAsync(tesla, "#build", "hello")).DeliveryCount.ShouldBe(0);
    }

    [Fact]
    public async Task Both_sides_read_of_an_overlap_and_are_woken()
    {
        await using var house = await OpenAsync();
        var (tesla, aaron) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"));
        var announce = new AnnounceFiles(house.Database, house.Board, house.Wake, house.Clock);
        (await announce.RunAsync(tesla, null, new LeaseInput(["src/api/**"]), Stop)).Overlaps.ShouldBeEmpty();
        (await announce.RunAsync(tesla, null, new LeaseInput(["src/api/a.cs"]), Stop)).Overlaps.ShouldBeEmpty();
        house.Wake.Woken.ShouldBeEmpty();
        var found = await announce.RunAsync(aaron, "default", new LeaseInput(["docs/*", "src/**/*.cs"], Note: "tidy"), Stop);

        found.Overlaps.Select(overlap => string.Join(',', overlap.Paths)).ShouldBe(["src/api/**", "src/api/a.cs"]);
        house.Wake.Woken.Select(position => position.AgentId).ShouldBe([tesla.Id, aaron.Id], ignoreOrder: true);
        foreach (var agent in new[] { tesla, aaron })
        {
            var item = (await house.Database.ReadAsync(unit => unit.Deliveries.PageAsync(agent.Id, 0, 10), Stop)).ShouldHaveSingleItem();
            item.Message.Type.ShouldBe(MessageType.System);
            item.Message.Content.ShouldContain("src/api/**");
        }
    }

    [Fact]
    public async Task Shared_expired_and_released_announcements_overlap_with_nothing()
    {
        await using var house = await OpenAsync();
        var (tesla, aaron) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"));
        var announce = new AnnounceFiles(house.Database, house.Board, house.Wake, house.Clock);
        await announce.RunAsync(tesla, null, new LeaseInput(["a"], Exclusive: false), Stop);
        (await announce.RunAsync(aaron, null, new LeaseInput(["a"], Exclusive: false), Stop)).Overlaps.ShouldBeEmpty();
        var released = (await announce.RunAsync(tesla, null, new LeaseInput(["b"]), Stop)).Lease;
        await RefusedAsync(ErrorCode.NotFound, () => new ReleaseFiles(house.Database, house.Clock).RunAsync(aaron, null, released.Id, Stop));
        await new ReleaseFiles(house.Database, house.Clock).RunAsync(tesla, null, released.Id, Stop);
        (await announce.RunAsync(aaron, null, new LeaseInput(["b"]), Stop)).Overlaps.ShouldBeEmpty();
        var longer = (await announce.RunAsync(tesla, null, new LeaseInput(["c"]), Stop)).Lease;
        await new ExtendFiles(house.Database, house.Clock).RunAsync(tesla, null, longer.Id, TimeSpan.FromHours(1), Stop);
        house.Clock.Now = house.Clock.Now.AddMinutes(16);

        (await new ListFiles(house.Database, house.Clock).RunAsync(aaron, null, Stop)).ShouldHaveSingleItem().Id.ShouldBe(longer.Id);
        (await announce.RunAsync(aaron, null, new LeaseInput(["a"]), Stop)).Overlaps.ShouldBeEmpty();
        await RefusedAsync(ErrorCode.NotFound, () => new ExtendFiles(house.Database, house.Clock).RunAsync(tesla, null, released.Id, null, Stop));
    }

    [Fact]
    public async Task Features_users_and_the_audit_log_are_for_admins()
    {
        await using var house = await OpenAsync();
        var member = await house.UserAsync("ben", Role.Member);
        var set = new SetFeatures(house.Database, house.Clock);
        (await set.RunAsync(house.Owner, features => features & ~Features.PeerMessaging, Stop)).HasFlag(Features.PeerMessaging).ShouldBeFalse();
        (await new ReadFeatures(house.Database).RunAsync(member, Stop)).ShouldBe(Features.All & ~Features.PeerMessaging);

        await RefusedAsync(ErrorCode.Forbidden, () => set.RunAsync(member, features => features, Stop));
        await RefusedAsync(ErrorCode.Forbidden, () => new AddUser(house.Database, house.Clock).RunAsync(member, "eve", Role.Member, Stop));
        await RefusedAsync(ErrorCode.Conflict, () => house.UserAsync("ben", Role.Member));
        Should.Throw<ParleyError>(() => new ListAudit(house.Database).RunAsync(member, 10, Stop)).Code.ShouldBe(ErrorCode.Forbidden);
        var admin = await house.UserAsync("ada", Role.Admin);
        await RefusedAsync(ErrorCode.Forbidden, () => new AddUser(house.Database, house.Clock).RunAsync(admin, "eve", Role.Owner, Stop));
        (await new ListUsers(house.Database).RunAsync(member, Stop)).Select(user => user.Name).ShouldBe(["ada", "ben", "owner"]);
    }
}
