using Parley.Core;
using Parley.Core.Channels;
using Parley.Core.Messages;

namespace Parley.Tests.Storage.Conformance;

public abstract class ChannelConformance(TestStore store) : Conformance(store)
{
    [Fact]
    public async Task A_post_reaches_every_member_but_its_sender()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var bea = await House.AgentAsync("bea");
        var receipt = await House.SayAsync(tesla, null, "to the default channel");
        (receipt.DeliveryCount, receipt.Message.Channel, receipt.Message.Number).ShouldBe((2, "general", 1));
        (await House.SayAsync(House.Owner, "#General", "from a person")).DeliveryCount.ShouldBe(3);
        (await House.TextsAsync(aaron)).ShouldBe(["to the default channel", "from a person"]);
        (await House.TextsAsync(bea)).ShouldBe(["to the default channel", "from a person"]);
        (await House.TextsAsync(tesla)).ShouldBe(["from a person"]);
    }

    [Fact]
    public async Task Who_joins_later_is_sent_what_is_new_and_may_read_what_was()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var channel = (await House.CreateChannel.RunAsync(House.Owner, "default", "#side", Ct)).Channel;
        await House.Join.RunAsync(tesla, "default", "side", null, Ct);
        await House.SayAsync(tesla, "#side", "before");
        await House.Read.PageAsync(aaron, new HistoryQuery(default, channel.Id), Ct).RefusedAsync(ErrorCode.NotFound);
        (await House.Join.RunAsync(aaron, null, "#side", null, Ct)).Members.ShouldBe(["aaron", "tesla"]);
        await House.SayAsync(tesla, "#side", "after");
        (await House.TextsAsync(aaron)).ShouldBe(["after"]);
        (await House.Read.PageAsync(aaron, new HistoryQuery(default, channel.Id, After: 0), Ct)).Select(message => message.Content).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task Who_leaves_is_sent_nothing_more_and_keeps_what_it_got()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var first = await House.SayAsync(tesla, "#general", "before");
        await House.Leave.RunAsync(House.Owner, null, "general", "aaron", Ct);
        var second = await House.SayAsync(tesla, "#general", "after");
        (await House.TextsAsync(aaron)).ShouldBe(["before"]);
        (await House.Read.FindAsync(aaron, first.Message.Id, Ct)).Content.ShouldBe("before");
        await House.Read.FindAsync(aaron, second.Message.Id, Ct).RefusedAsync(ErrorCode.NotFound);
        await House.StoresNothingAsync(() => House.SayAsync(aaron, "#general", "x"), ErrorCode.UnknownRecipient);
    }

    [Fact]
    public async Task Joining_twice_is_joining_once()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => House.Join.RunAsync(aaron, null, "general", null, Ct)))).Within(Patience);
        (await House.SayAsync(tesla, "#general", "once")).DeliveryCount.ShouldBe(1);
    }

    [Fact]
    public async Task An_agent_knows_only_the_projects_it_is_in()
    {
        var (tesla, _, _) = await House.PairAsync();
        await new Core.Organizations.AddProject(House.Database, House.Clock).RunAsync(House.Owner, "secret", Ct);
        var secret = await House.StoresNothingAsync(() => House.SendAsync(tesla, new SendInput { To = "#general", Project = "secret", Content = "x" }), ErrorCode.UnknownRecipient);
        var nowhere = await House.StoresNothingAsync(() => House.SendAsync(tesla, new SendInput { To = "#general", Project = "nowhere", Content = "x" }), ErrorCode.UnknownRecipient);
        secret.Message.Replace("secret", "nowhere", StringComparison.Ordinal).ShouldBe(nowhere.Message);
        await House.StoresNothingAsync(() => House.Join.RunAsync(tesla, "secret", "general", null, Ct), ErrorCode.NotFound);
        (await new ListChannels(House.Database).RunAsync(tesla, null, Ct)).ShouldHaveSingleItem().Channel.Name.ShouldBe("general");
    }

    [Fact]
    public async Task Members_who_come_and_go_during_posts_have_a_delivery_for_every_number()
    {
        var (tesla, _, _) = await House.PairAsync();
        var guests = new List<Caller>();
        for (var i = 0; i < 6; i++)
        {
            guests.Add(await House.AgentAsync($"guest-{i}"));
        }

        var posts = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await House.SayAsync(tesla, "#general", $"{i}");
            }
        }, Ct);
        await Task.WhenAll([posts, .. guests.Select(guest => Task.Run(async () =>
        {
            while (!posts.IsCompleted)
            {
                await House.Leave.RunAsync(House.Owner, null, "general", guest.Name, Ct);
                await House.Join.RunAsync(House.Owner, null, "general", guest.Name, Ct);
            }
        }))]).Within(Patience);
        foreach (var guest in guests)
        {
            var view = await House.ReadInbox.RunAsync(guest, 0, 500, Ct);
            view.Items.Select(item => item.Number).ShouldBe(Enumerable.Range(1, (int)view.State.Head).Select(i => (long)i));
        }
    }

    [Fact]
    public async Task Overlapping_work_on_files_is_told_to_both_sides()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var bea = await House.AgentAsync("bea");
        await House.Announce.RunAsync(tesla, "default", new LeaseInput(["src/api/**"]), Ct);
        await House.Announce.RunAsync(bea, "default", new LeaseInput(["docs/**"]), Ct);
        var overview = await House.Announce.RunAsync(aaron, "default", new LeaseInput(["src/*/users.cs"]), Ct);
        overview.Overlaps.ShouldHaveSingleItem().Lease.AgentName.ShouldBe("tesla");
        (await House.NoticesAsync(tesla)).ShouldHaveSingleItem().Content.ShouldContain("aaron");
        (await House.NoticesAsync(aaron)).ShouldHaveSingleItem().Content.ShouldContain("tesla");
        (await House.NoticesAsync(bea)).ShouldBeEmpty();
        await new ReleaseFiles(House.Database, House.Clock).RunAsync(aaron, "default", overview.Lease.Id, Ct);
        (await new ListFiles(House.Database, House.Clock).RunAsync(bea, "default", Ct)).Count.ShouldBe(2);
        House.Clock.Advance(TimeSpan.FromMinutes(15));
        (await new ListFiles(House.Database, House.Clock).RunAsync(bea, "default", Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_announcements_at_once_see_each_other()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        for (var i = 0; i < 5; i++)
        {
            var path = $"src/{i}/**";
            var overviews = await Task.WhenAll(new[] { tesla, aaron }.Select(agent => Task.Run(() => House.Announce.RunAsync(agent, "default", new LeaseInput([path]), Ct)))).Within(Patience);
            overviews.Sum(overview => overview.Overlaps.Count).ShouldBe(1);
        }

        (await House.NoticesAsync(tesla)).Count.ShouldBe(5);
        (await House.NoticesAsync(aaron)).Count.ShouldBe(5);
    }
}

public sealed class SqliteChannelTests() : ChannelConformance(new SqliteStore());

public sealed class PostgresChannelTests() : ChannelConformance(new PostgresStore());
