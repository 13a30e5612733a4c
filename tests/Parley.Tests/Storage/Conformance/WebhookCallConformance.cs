using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Webhooks;

namespace Parley.Tests.Storage.Conformance;

/// <summary>Webhooks call for what is new and unread, for each burst once, and move nobody's cursor.</summary>
public abstract class WebhookCallConformance(TestStore store) : WebhookConformance(store)
{
    [Fact]
    public async Task A_call_points_to_the_newest_of_a_burst_and_moves_no_cursor()
    {
        await House.SayAsync(Tesla, "aaron", "before the webhook was made");
        await AddAsync();
        await CallAsync();
        Outbound.Calls.ShouldBeEmpty();

        var sent = await House.SayManyAsync(Tesla, "aaron", 3);
        await CallAsync();
        await CallAsync();
        var call = Outbound.Calls.ShouldHaveSingleItem();
        call.Address.ShouldBe(new Uri(Usual.Url!));
        var data = Outbound.Last;
        (data.GetProperty("agent").GetString(), data.GetProperty("from").GetString(), data.GetProperty("message_id").GetGuid()).ShouldBe(("aaron", "tesla", sent[2].Message.Id));
        (data.GetProperty("number").GetInt64(), data.GetProperty("new").GetInt32(), data.GetProperty("unread").GetInt64(), data.GetProperty("preview").GetString()).ShouldBe((4, 3, 4, "text 3"));

        (await House.Database.ReadAsync(unit => unit.Agents.InboxAsync(Aaron.Id), Ct)).Cursor.ShouldBe(0);
        (await House.InboxAsync(Aaron)).Select(item => (item.State, item.Attempts)).ShouldBe(Enumerable.Repeat((DeliveryState.Pending, 0), 4));
        (await ListAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(only => only.State.ShouldBe(WebhookCallState.Delivered), only => only.Status.ShouldBe(204), only => only.Attempts.ShouldBe(1));
    }

    [Fact]
    public async Task The_text_is_nowhere_in_a_call_and_without_a_preview_nothing_of_it_is()
    {
        await AddAsync();
        await AddAsync(Usual with { Name = "bare", Preview = false });
        await House.SayAsync(Tesla, "aaron", "first line " + new string('x', 500) + "secret at the end");
        await CallAsync();
        var bodies = Outbound.Calls.Select(call => System.Text.Encoding.UTF8.GetString(call.Body!)).ToList();
        bodies.Count.ShouldBe(2);
        bodies.ShouldAllBe(body => !body.Contains("secret at the end"));
        bodies.Count(body => body.Contains("first line")).ShouldBe(1);
    }

    [Fact]
    public async Task What_the_agent_has_read_is_not_called_for()
    {
        await AddAsync();
        await House.SayAsync(Tesla, "aaron", "read at once");
        await House.Acknowledge.RunAsync(Aaron, 1, Ct);
        await CallAsync();
        Outbound.Calls.ShouldBeEmpty();

        Outbound.Then(500);
        await House.SayAsync(Tesla, "aaron", "read before the second attempt");
        await CallAsync();
        await House.Acknowledge.RunAsync(Aaron, 2, Ct);
        await PassAsync(TimeSpan.FromSeconds(10));
        Outbound.Calls.Count.ShouldBe(1);
        (await ListAsync())[0].State.ShouldBe(WebhookCallState.Dropped);
        (await DueAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_events_that_were_asked_for_are_called_for()
    {
        await AddAsync(Usual with { Events = ["result"] });
        await House.SayAsync(Tesla, "aaron", "chat");
        await CallAsync();
        Outbound.Calls.ShouldBeEmpty();
        (await DueAsync()).ShouldBeEmpty("it is passed over once and for all");

        await House.SendAsync(Tesla, new SendInput { To = "aaron", Content = "done", Type = "result" });
        await House.SayAsync(Tesla, "aaron", "chat again");
        await CallAsync();
        Outbound.Last.GetProperty("number").GetInt64().ShouldBe(2);
        Outbound.Last.GetProperty("new").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task What_needs_a_person_is_called_for_once_and_a_webhooks_own_failure_does_not_call_it()
    {
        await House.SayAsync(Tesla, "aaron", "one");
        await House.SayAsync(Tesla, "aaron", "two");
        await House.Reject.RunAsync(Aaron, 1, "before", Ct);
        House.Clock.Advance(TimeSpan.FromSeconds(1));
        await AddAsync(new WebhookInput("https://hooks.example.org/people", Name: "hook"));
        await CallAsync();
        Outbound.Calls.ShouldBeEmpty();

        await House.Reject.RunAsync(Aaron, 2, "no idea", Ct);
        await DieAsync();
        Outbound.Calls.Count.ShouldBe(8);
        Outbound.Ids.Distinct().ShouldHaveSingleItem();
        (Outbound.Last.GetProperty("kind").GetString(), Outbound.Last.GetProperty("new").GetInt32()).ShouldBe(("dead_letter", 1));
        (await AttentionAsync()).Count.ShouldBe(1);
        await PassAsync(TimeSpan.FromDays(1));
        Outbound.Calls.Count.ShouldBe(8);
    }
}

public sealed class SqliteWebhookCallTests() : WebhookCallConformance(new SqliteStore());

public sealed class PostgresWebhookCallTests() : WebhookCallConformance(new PostgresStore());
