using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Messages;

namespace Parley.Tests.Storage.Conformance;

/// <summary>G4 and G5: conversations and inboxes count 1, 2, 3… without gaps, and cursors only go forward.</summary>
public abstract class NumberConformance(TestStore store) : Conformance(store)
{
    private const int Senders = 32;

    [Fact]
    public async Task Numbers_have_no_gaps_under_32_senders_at_once_and_keep_each_senders_order()
    {
        const int each = 12;
        var hub = await House.AgentAsync("hub");
        var senders = await SendersAsync(hub);
        await Task.WhenAll(senders.Select(sender => Task.Run(async () =>
        {
            for (var i = 1; i <= each; i++)
            {
                await SayAsync(sender, i % 2 == 0 ? "#general" : "hub", $"{sender.Name}: {i}");
            }
        }))).Within(Patience);

        var inbox = await House.InboxAsync(hub);
        inbox.Select(item => item.Number).ShouldBe(Enumerable.Range(1, Senders * each).Select(i => (long)i));
        foreach (var conversation in inbox.GroupBy(item => item.Message.ConversationId))
        {
            conversation.Select(item => item.Message.Number).ShouldBe(Enumerable.Range(1, conversation.Count()).Select(i => (long)i));
        }

        foreach (var sender in senders)
        {
            inbox.Select(item => item.Message.Content).Where(text => text.StartsWith(sender.Name + ":", StringComparison.Ordinal))
                .ShouldBe(Enumerable.Range(1, each).Select(i => $"{sender.Name}: {i}"));
        }
    }

    [Fact]
    public async Task As_many_sends_as_the_pipeline_is_deep_keep_the_order_of_the_calls()
    {
        var (tesla, aaron, _) = await House.PairAsync(new LinkSettings(MessagesPerWindow: 500));
        var depth = Math.Min(House.Database.PipelineDepth, 64);
        var sent = 0;
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, depth).Select(_ => House.SayAsync(tesla, "aaron", $"{++sent}")).ToList()).Within(Patience);
        }

        (await House.TextsAsync(aaron)).ShouldBe(Enumerable.Range(1, sent).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_refused_send_leaves_no_gap_among_accepted_ones()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Task.Run(async () =>
        {
            if (i % 2 == 0)
            {
                await House.SayAsync(tesla, "aaron", $"{i}");
            }
            else
            {
                await House.SendAsync(tesla, new SendInput { To = "aaron", Content = $"{i}", ReplyTo = Guid.NewGuid() }).RefusedAsync(ErrorCode.NotFound);
            }
        }))).Within(Patience);
        (await House.InboxAsync(aaron)).Select(item => (item.Number, item.Message.Number)).ShouldBe(Enumerable.Range(1, 10).Select(i => ((long)i, (long)i)));
    }

    [Fact]
    public async Task Reading_goes_on_from_any_number_and_from_the_cursor_where_none_is_given()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.SayManyAsync(tesla, "aaron", 7);
        (await House.ReadInbox.RunAsync(aaron, 2, 3, Ct)).Items.Select(item => item.Number).ShouldBe([3, 4, 5]);
        (await House.ReadInbox.RunAsync(aaron, null, 100, Ct)).Items.Count.ShouldBe(7);
        await House.Acknowledge.RunAsync(aaron, 5, Ct);
        var view = await House.ReadInbox.RunAsync(aaron, null, 100, Ct);
        view.Items.Select(item => item.Number).ShouldBe([6, 7]);
        (view.State.Head, view.State.Cursor).ShouldBe((7, 5));
        (await House.ReadInbox.RunAsync(aaron, 0, 100, Ct)).Items.Count.ShouldBe(7);
        (await House.ReadInbox.RunAsync(aaron, 7, 100, Ct)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_cursor_never_goes_back_and_never_beyond_the_head()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.SayManyAsync(tesla, "aaron", 3);
        (await House.Acknowledge.RunAsync(aaron, 2, Ct)).ShouldSatisfyAllConditions(r => r.Count.ShouldBe(2), r => r.State.Cursor.ShouldBe(2));
        (await House.Acknowledge.RunAsync(aaron, 1, Ct)).ShouldSatisfyAllConditions(r => r.Count.ShouldBe(0), r => r.State.Cursor.ShouldBe(2));
        var error = await House.StoresNothingAsync(() => House.Acknowledge.RunAsync(aaron, 4, Ct), ErrorCode.CursorAhead);
        error.Details.ShouldNotBeNull()["head"].ShouldBe(3L);
        await House.ReadInbox.RunAsync(aaron, 4, 10, Ct).RefusedAsync(ErrorCode.CursorAhead);
    }

    [Fact]
    public async Task Acknowledgements_at_once_leave_the_highest_and_count_each_delivery_once()
    {
        var (tesla, aaron, _) = await House.PairAsync();
        await House.SayManyAsync(tesla, "aaron", 20);
        var results = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Task.Run(() => House.Acknowledge.RunAsync(aaron, i, Ct)))).Within(Patience);
        results.Sum(result => result.Count).ShouldBe(20);
        (await House.ReadInbox.RunAsync(aaron, null, 1, Ct)).State.Cursor.ShouldBe(20);
    }

    [Fact]
    public void A_cursor_of_another_epoch_is_refused_and_a_plain_number_belongs_to_this_one()
    {
        var epoch = House.Database.Epoch;
        Cursor.Parse(new Cursor(epoch, 42).ToString(), epoch).Number.ShouldBe(42);
        Cursor.Parse("42", epoch).ShouldBe(new Cursor(epoch, 42));
        Should.Throw<ParleyError>(() => Cursor.Parse("another-42", epoch)).Code.ShouldBe(ErrorCode.EpochChanged);
        foreach (var bad in (string[])["", "-", "-1", "x", $"{epoch}-", $"{epoch}-x", $"{epoch}--1", "99999999999999999999", " 1", "1 "])
        {
            Should.Throw<ParleyError>(() => Cursor.Parse(bad, epoch)).Code.ShouldBeOneOf(ErrorCode.InvalidRequest, ErrorCode.EpochChanged);
        }
    }

    /// <summary>A database of few connections may be busy for longer than a sender waits; then nothing was stored.</summary>
    private async Task SayAsync(Caller sender, string to, string text)
    {
        while (await Record.ExceptionAsync(() => House.SayAsync(sender, to, text)) is { } failure)
        {
            failure.ShouldBeOfType<ParleyError>().Code.ShouldBe(ErrorCode.Busy);
        }
    }

    private async Task<List<Caller>> SendersAsync(Caller hub)
    {
        var senders = new List<Caller>();
        for (var i = 0; i < Senders; i++)
        {
            senders.Add(await House.AgentAsync($"sender-{i}"));
            await House.LinkAsync(hub, senders[i]);
        }

        return senders;
    }
}

public sealed class SqliteNumberTests() : NumberConformance(new SqliteStore());

public sealed class PostgresNumberTests() : NumberConformance(new PostgresStore());
