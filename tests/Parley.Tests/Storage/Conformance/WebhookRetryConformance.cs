using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Outbound;
using Parley.Core.Webhooks;

namespace Parley.Tests.Storage.Conformance;

/// <summary>A webhook is called at least once, with one id for each call, until it is taken, dead or not wanted any more.</summary>
public abstract class WebhookRetryConformance(TestStore store) : WebhookConformance(store)
{
    [Fact]
    public async Task A_call_that_is_not_taken_is_tried_again_with_the_same_id_and_body_and_a_signature_of_its_own_time()
    {
        var made = await AddAsync();
        Outbound.Then(500, 302);
        Outbound.ThenFails(ErrorCode.OutboundFailed);
        await House.SayAsync(Tesla, "aaron", "hello");
        await CallAsync();
        (await DueAsync()).ShouldBeEmpty();
        await PassAsync(TimeSpan.FromSeconds(10));
        await PassAsync(TimeSpan.FromMinutes(7));
        await PassAsync(TimeSpan.FromMinutes(40));

        Outbound.Calls.Count.ShouldBe(4);
        Outbound.Ids.Distinct().ShouldHaveSingleItem();
        Outbound.Calls.Select(call => System.Text.Encoding.UTF8.GetString(call.Body!)).Distinct().ShouldHaveSingleItem();
        Outbound.Calls.Select(call => call.Headers["webhook-timestamp"]).ShouldBeUnique();
        foreach (var call in Outbound.Calls)
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(call.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture));
            call.Headers.ShouldBe(WebhookSignature.Headers(call.Headers["webhook-id"], at, System.Text.Encoding.UTF8.GetString(call.Body!), made.Secret));
        }

        (await ListAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(call => call.State.ShouldBe(WebhookCallState.Delivered), call => call.Attempts.ShouldBe(4));
    }

    [Fact]
    public async Task What_comes_while_a_call_waits_is_told_by_one_that_takes_its_place_and_its_attempts()
    {
        await AddAsync();
        Outbound.Then(500);
        await House.SayAsync(Tesla, "aaron", "one");
        await CallAsync();
        await House.SayAsync(Tesla, "aaron", "two");
        await CallAsync();
        Outbound.Calls.Count.ShouldBe(1, "the receiver has its pause");
        await PassAsync(TimeSpan.FromSeconds(10));

        Outbound.Ids.Count.ShouldBe(2);
        Outbound.Ids.ShouldBeUnique();
        (Outbound.Last.GetProperty("number").GetInt64(), Outbound.Last.GetProperty("new").GetInt32()).ShouldBe((2, 2));
        (await ListAsync()).Select(call => (call.Number, call.State, call.Attempts)).ShouldBe([(2, WebhookCallState.Delivered, 2), (1, WebhookCallState.Replaced, 1)]);
    }

    [Fact]
    public async Task After_the_last_attempt_a_call_is_dead_a_person_is_told_once_and_the_next_message_calls_again()
    {
        await AddAsync();
        await House.SayAsync(Tesla, "aaron", "lost");
        await DieAsync();
        Outbound.Calls.Count.ShouldBe(8);
        (await ListAsync())[0].State.ShouldBe(WebhookCallState.Dead);
        (await AttentionAsync()).ShouldHaveSingleItem().ShouldBe("webhook_dead: The webhook 'hook' was not taken after 8 attempts: It answered 500. Try it again: parley webhook retry hook 1");

        await House.SayAsync(Tesla, "aaron", "lost too");
        await DieAsync();
        (await AttentionAsync()).Count.ShouldBe(1);

        await House.SayAsync(Tesla, "aaron", "found");
        await CallAsync();
        Outbound.Last.GetProperty("preview").GetString().ShouldBe("found");
        (await FindAsync()).Webhook.DeadInRow.ShouldBe(0);
    }

    [Fact]
    public async Task A_person_tries_a_dead_call_again_and_a_waiting_one_at_once()
    {
        await AddAsync();
        await House.SayAsync(Tesla, "aaron", "hello");
        await DieAsync();
        (await RetryAsync(1)).State.ShouldBe(WebhookCallState.Waiting);
        Outbound.Then(500);
        await CallAsync();
        await RetryAsync(null);
        await CallAsync();
        Outbound.Ids.Distinct().ShouldHaveSingleItem();
        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(WebhookCallState.Delivered);
        (await RefusalAsync(() => RetryAsync(null))).ShouldBe(ErrorCode.Conflict);
        (await RefusalAsync(() => RetryAsync(9))).ShouldBe(ErrorCode.NotFound);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_pauses_the_webhook_and_resuming_it_tells_what_is_unread()
    {
        await AddAsync();
        Outbound.Then(410);
        await House.SayAsync(Tesla, "aaron", "one");
        await CallAsync();
        (await FindAsync()).Webhook.PausedReason.ShouldBe("The receiver answered 410 Gone.");
        (await AttentionAsync()).ShouldHaveSingleItem().ShouldStartWith("webhook_gone: ");

        await House.SayAsync(Tesla, "aaron", "two");
        await PassAsync(TimeSpan.FromDays(2));
        Outbound.Calls.Count.ShouldBe(1);
        await new ResumeWebhook(House.Database, House.Clock).RunAsync(House.Owner, "hook", Ct);
        await CallAsync();
        Outbound.Last.GetProperty("new").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task What_the_operator_takes_back_waits_without_an_attempt_until_it_is_allowed_again()
    {
        await AddAsync();
        await House.SayAsync(Tesla, "aaron", "hello");
        for (var i = 0; i < 20; i++)
        {
            Outbound.ThenFails(ErrorCode.OutboundRefused);
            await PassAsync(TimeSpan.FromMinutes(2));
        }

        (await FindAsync()).Open.ShouldNotBeNull().Attempts.ShouldBe(0);
        await PassAsync(TimeSpan.FromMinutes(2));
        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(WebhookCallState.Delivered);
    }

    [Theory]
    [InlineData(HaltScope.Agent, "aaron")]
    [InlineData(HaltScope.Organization, null)]
    [InlineData(HaltScope.Server, null)]
    public async Task A_halt_stops_calls_and_its_release_lets_them_go_on(HaltScope scope, string? target)
    {
        await AddAsync();
        await House.SayAsync(Tesla, "aaron", "hello");
        await House.Halt.RunAsync(House.Owner, scope, target, null, Ct);
        await CallAsync();
        (await DueAsync()).ShouldBeEmpty();
        Outbound.Calls.ShouldBeEmpty();
        await House.Resume.RunAsync(House.Owner, scope, target, Ct);
        await CallAsync();
        Outbound.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_crash_after_the_call_and_before_its_record_repeats_it_with_the_same_id()
    {
        await AddAsync();
        await House.SayAsync(Tesla, "aaron", "hello");
        Outbound.Answers.Enqueue(() => throw new InvalidOperationException("The process is gone."));
        await Should.ThrowAsync<InvalidOperationException>(CallAsync);
        (await DueAsync()).ShouldBeEmpty("the lease holds");

        await RestartAsync();
        await House.Database.WriteAsync(unit => unit.Webhooks.DropLeasesAsync(), Ct);
        await CallAsync();
        Outbound.Ids.Count.ShouldBe(2);
        Outbound.Ids.Distinct().ShouldHaveSingleItem();
        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(WebhookCallState.Delivered);
    }

    [Fact]
    public async Task Who_lost_the_lease_writes_nothing()
    {
        await AddAsync();
        await House.SayAsync(Tesla, "aaron", "hello");
        Outbound.Answers.Enqueue(() =>
        {
            // While this node waits for its answer another one takes the call up and brings it to an end.
            House.Database.WriteAsync(unit => unit.Webhooks.DropLeasesAsync(), Ct).GetAwaiter().GetResult();
            Calls.RunOnceAsync(Ct).GetAwaiter().GetResult();
            return new OutboundAnswer(500, null, []);
        });
        await CallAsync();
        Outbound.Ids.Count.ShouldBe(2);
        Outbound.Ids.Distinct().ShouldHaveSingleItem();
        (await ListAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(call => call.State.ShouldBe(WebhookCallState.Delivered), call => call.Status.ShouldBe(204));
    }

    [Fact]
    public async Task However_many_nodes_look_a_call_is_made_once()
    {
        await AddAsync();
        await House.SayAsync(Tesla, "aaron", "hello");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Calls.RunOnceAsync(Ct)));
        Outbound.Calls.Count.ShouldBe(1);
    }
}

public sealed class SqliteWebhookRetryTests() : WebhookRetryConformance(new SqliteStore());

public sealed class PostgresWebhookRetryTests() : WebhookRetryConformance(new PostgresStore());
