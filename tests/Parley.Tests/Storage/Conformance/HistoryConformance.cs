using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Messages;

namespace Parley.Tests.Storage.Conformance;

public abstract class HistoryConformance(TestStore store) : Conformance(store)
{
    [Fact]
    public async Task Pages_go_forward_and_back_without_gap_or_overlap()
    {
        var (tesla, aaron, link) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 500));
        await House.SayManyAsync(tesla, "aaron", 25);
        var forward = new List<long>();
        for (var page = await NumbersAsync(new HistoryQuery(default, link.ConversationId, After: 0, Limit: 10)); page.Count > 0;
            page = await NumbersAsync(new HistoryQuery(default, link.ConversationId, After: forward[^1], Limit: 10)))
        {
            forward.AddRange(page);
        }

        forward.ShouldBe(Enumerable.Range(1, 25).Select(i => (long)i));
        (await NumbersAsync(new HistoryQuery(default, link.ConversationId, Limit: 3))).ShouldBe([25, 24, 23]);
        (await NumbersAsync(new HistoryQuery(default, link.ConversationId, Before: 23, Limit: 3))).ShouldBe([22, 21, 20]);

        async Task<List<long>> NumbersAsync(HistoryQuery query) => [.. (await PageAsync(aaron, query)).Select(message => message.Number)];
    }

    [Fact]
    public async Task All_conversations_page_back_by_message_and_show_an_agent_only_its_own()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var (bea, cy) = (await House.AgentAsync("bea"), await House.AgentAsync("cy"));
        await House.LinkAsync(bea, cy);
        for (var i = 1; i <= 4; i++)
        {
            House.Clock.Advance(TimeSpan.FromSeconds(1));
            await House.SayAsync(tesla, "aaron", $"ours {i}");
            await House.SayAsync(bea, "cy", $"theirs {i}");
        }

        var newest = await PageAsync(aaron, new HistoryQuery(default, Limit: 2));
        newest.Select(message => message.Content).ShouldBe(["ours 4", "ours 3"]);
        (await PageAsync(aaron, new HistoryQuery(default, BeforeId: newest[^1].Id))).Select(message => message.Content).ShouldBe(["ours 2", "ours 1"]);
        (await PageAsync(House.Owner, new HistoryQuery(default))).Count.ShouldBe(8);
        (await PageAsync(aaron, new HistoryQuery(default, Text: "theirs"))).ShouldBeEmpty();
        (await PageAsync(House.Owner, new HistoryQuery(default, Text: "theirs"))).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Filters_narrow_by_type_sender_time_project_and_words()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.SendAsync(tesla, new SendInput { To = "aaron", Content = "Deploy the server", Type = "request" });
        House.Clock.Advance(TimeSpan.FromMinutes(1));
        var middle = House.Now;
        var post = await House.SendAsync(aaron, new SendInput { To = "#general", Content = "Server is deployed", Type = "status" });
        House.Clock.Advance(TimeSpan.FromMinutes(1));
        await House.SendAsync(aaron, new SendInput { To = "tesla", Content = "Done: Überraschung!" });

        (await TextsAsync(new HistoryQuery(default, Type: MessageType.Request))).ShouldBe(["Deploy the server"]);
        (await TextsAsync(new HistoryQuery(default, Sender: "aaron"))).ShouldBe(["Done: Überraschung!", "Server is deployed"]);
        (await TextsAsync(new HistoryQuery(default, Since: middle))).ShouldBe(["Done: Überraschung!", "Server is deployed"]);
        (await TextsAsync(new HistoryQuery(default, Until: middle))).ShouldBe(["Deploy the server"]);
        (await TextsAsync(new HistoryQuery(default, ProjectId: post.Message.ProjectId))).ShouldBe(["Server is deployed"]);
        (await TextsAsync(new HistoryQuery(default, Text: "SERVER deployed"))).ShouldBe(["Server is deployed"]);
        (await TextsAsync(new HistoryQuery(default, Text: "Überraschung"))).ShouldBe(["Done: Überraschung!"]);
        (await TextsAsync(new HistoryQuery(default, Text: "server", Sender: "tesla"))).ShouldBe(["Deploy the server"]);
        (await TextsAsync(new HistoryQuery(default, Text: "server", Since: House.Now))).ShouldBeEmpty();

        async Task<List<string>> TextsAsync(HistoryQuery query) => [.. (await PageAsync(tesla, query)).Select(message => message.Content)];
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("server\"")]
    [InlineData("ser* OR (")]
    [InlineData("NEAR(a b)")]
    [InlineData("-server")]
    [InlineData("content:server")]
    [InlineData("!!!")]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("' or 1=1 --")]
    [InlineData("🙂")]
    public async Task Words_are_words_and_never_operators(string text)
    {
        var (tesla, _, _) = await House.PairAsync();
        await House.SayAsync(tesla, "aaron", "nothing of the kind");
        (await PageAsync(tesla, new HistoryQuery(default, Text: text))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_query_that_cannot_be_stored_text_is_refused()
    {
        var (tesla, _, _) = await House.PairAsync();
        foreach (var bad in (string[])["a\0b", "a\ud83d"])
        {
            await PageAsync(tesla, new HistoryQuery(default, Text: bad)).RefusedAsync(ErrorCode.InvalidRequest);
            await PageAsync(tesla, new HistoryQuery(default, Sender: bad)).RefusedAsync(ErrorCode.InvalidRequest);
            await House.Read.DirectAsync(tesla, bad, null, Ct).RefusedAsync(ErrorCode.NotFound);
            await House.Dead.RetryAsync(House.Owner, Guid.NewGuid(), bad, Ct).RefusedAsync(ErrorCode.NotFound);
        }
    }

    [Fact]
    public async Task A_waiting_text_is_found_only_after_its_release()
    {
        var (tesla, aaron, _) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 1));
        await House.SayAsync(tesla, "aaron", "first");
        await House.SayAsync(tesla, "aaron", "patience");
        (await PageAsync(aaron, new HistoryQuery(default, Text: "patience"))).ShouldBeEmpty();
        await House.PassAsync(TimeSpan.FromHours(6));
        (await PageAsync(aaron, new HistoryQuery(default, Text: "patience"))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Messages_are_counted_in_steps_of_five_seconds_and_what_was_counted_before_stays()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        var rate = new ReadMessageRate(House.Database, House.Clock);
        await House.SayAsync(tesla, "aaron", "one");
        await House.PassAsync(TimeSpan.FromSeconds(60));
        await House.SayAsync(tesla, "aaron", "two");
        await House.SayAsync(aaron, "tesla", "three");
        await CheckAsync((107, 1), (119, 2));
        await House.PassAsync(TimeSpan.FromSeconds(5));
        await House.SayAsync(aaron, "tesla", "four");
        await CheckAsync((106, 1), (118, 2), (119, 1));
        await House.PassAsync(TimeSpan.FromSeconds(540));
        await CheckAsync((10, 2), (11, 1));
        (await rate.RunAsync(House.Owner with { OrganizationId = Guid.NewGuid() }, Ct)).ShouldAllBe(count => count == 0);
        await rate.RunAsync(tesla, Ct).RefusedAsync(ErrorCode.Forbidden);

        async Task CheckAsync(params (int Step, int Count)[] expected) =>
            (await rate.RunAsync(House.Owner, Ct)).Select((count, step) => (step, count)).Where(one => one.count > 0).ShouldBe(expected);
    }

    [Fact]
    public async Task The_direct_conversation_of_two_is_found_by_their_names()
    {
        var (tesla, aaron, link) = await House.PairAsync();
        (await House.Read.DirectAsync(tesla, "@Aaron", null, Ct)).Id.ShouldBe(link.ConversationId);
        (await House.Read.DirectAsync(House.Owner, "aaron", "tesla", Ct)).Id.ShouldBe(link.ConversationId);
        await House.Read.DirectAsync(House.Owner, "aaron", null, Ct).RefusedAsync(ErrorCode.NotFound);
        await House.Read.DirectAsync(aaron, "aaron", null, Ct).RefusedAsync(ErrorCode.NotFound);
        await House.Read.DirectAsync(aaron, "nobody", null, Ct).RefusedAsync(ErrorCode.NotFound);
    }

    private Task<List<Message>> PageAsync(Caller reader, HistoryQuery query) => House.Read.PageAsync(reader, query, Ct);
}

public sealed class SqliteHistoryTests() : HistoryConformance(new SqliteStore());

public sealed class PostgresHistoryTests() : HistoryConformance(new PostgresStore());
