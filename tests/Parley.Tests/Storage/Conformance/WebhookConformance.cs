using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Outbound;
using Parley.Core.Webhooks;
using Parley.Runtimes.Keys;
using Parley.Tests.Webhooks;

namespace Parley.Tests.Storage.Conformance;

/// <summary>Webhooks call for what is new and unread, at least once, with one id for each call, and move nobody's cursor.</summary>
public abstract class WebhookConformance(TestStore store) : Conformance(store)
{
    private static readonly WebhookInput Usual = new("https://hooks.example.org/parley", "aaron", "hook");
    private readonly TempFolder keys = new();
    private readonly ScriptedOutbound outbound = new();
    private readonly OpenPolicy policy = new();
    private Caller tesla = null!;
    private Caller aaron = null!;

    private SealingKey Secrets => new(keys.Path);

    private CallWebhooks Calls => new(House.Database, outbound, Secrets, House.Board, House.Clock);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (tesla, aaron, _) = await House.PairAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        keys.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_added_is_read_as_it_was_written()
    {
        var made = await AddAsync(Usual with { Events = ["result"], Preview = false });
        (await FindAsync()).Webhook.ShouldBe(made.Webhook);
        (made.Webhook.AgentName, made.Webhook.Events, made.Webhook.Preview, made.Webhook.CreatedBy).ShouldBe(("aaron", WebhookEvents.Result, false, House.Owner.Name));
        var full = made.Webhook with { OldSecret = "old", OldSecretUntil = House.Now, PausedAt = House.Now, PausedReason = "Tired", Position = 7, Calls = 3, DeadInRow = 2 };
        await WriteAsync(unit => unit.Webhooks.Update(full));
        (await FindAsync()).ShouldBe(new WebhookOverview(full, null, null));
        (await new ListWebhooks(House.Database).RunAsync(House.Owner, Ct)).Select(webhook => webhook.Webhook).ShouldBe([full]);
    }

    [Fact]
    public async Task A_call_points_to_the_newest_of_a_burst_and_moves_no_cursor()
    {
        await House.SayAsync(tesla, "aaron", "before the webhook was made");
        await AddAsync();
        await CallAsync();
        outbound.Calls.ShouldBeEmpty();

        var sent = await House.SayManyAsync(tesla, "aaron", 3);
        await CallAsync();
        await CallAsync();
        var call = outbound.Calls.ShouldHaveSingleItem();
        call.Address.ShouldBe(new Uri(Usual.Url!));
        var data = outbound.Last;
        (data.GetProperty("agent").GetString(), data.GetProperty("from").GetString(), data.GetProperty("message_id").GetGuid()).ShouldBe(("aaron", "tesla", sent[2].Message.Id));
        (data.GetProperty("number").GetInt64(), data.GetProperty("new").GetInt32(), data.GetProperty("unread").GetInt64(), data.GetProperty("preview").GetString()).ShouldBe((4, 3, 4, "text 3"));

        (await House.Database.ReadAsync(unit => unit.Agents.InboxAsync(aaron.Id), Ct)).Cursor.ShouldBe(0);
        (await House.InboxAsync(aaron)).Select(item => (item.State, item.Attempts)).ShouldBe(Enumerable.Repeat((DeliveryState.Pending, 0), 4));
        (await ListAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(only => only.State.ShouldBe(WebhookCallState.Delivered), only => only.Status.ShouldBe(204), only => only.Attempts.ShouldBe(1));
    }

    [Fact]
    public async Task The_text_is_nowhere_in_a_call_and_without_a_preview_nothing_of_it_is()
    {
        await AddAsync();
        await AddAsync(Usual with { Name = "bare", Preview = false });
        await House.SayAsync(tesla, "aaron", "first line " + new string('x', 500) + "secret at the end");
        await CallAsync();
        var bodies = outbound.Calls.Select(call => System.Text.Encoding.UTF8.GetString(call.Body!)).ToList();
        bodies.Count.ShouldBe(2);
        bodies.ShouldAllBe(body => !body.Contains("secret at the end"));
        bodies.Count(body => body.Contains("first line")).ShouldBe(1);
    }

    [Fact]
    public async Task What_the_agent_has_read_is_not_called_for()
    {
        await AddAsync();
        await House.SayAsync(tesla, "aaron", "read at once");
        await House.Acknowledge.RunAsync(aaron, 1, Ct);
        await CallAsync();
        outbound.Calls.ShouldBeEmpty();

        outbound.Then(500);
        await House.SayAsync(tesla, "aaron", "read before the second attempt");
        await CallAsync();
        await House.Acknowledge.RunAsync(aaron, 2, Ct);
        await PassAsync(TimeSpan.FromSeconds(10));
        outbound.Calls.Count.ShouldBe(1);
        (await ListAsync())[0].State.ShouldBe(WebhookCallState.Dropped);
        (await DueAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_events_that_were_asked_for_are_called_for()
    {
        await AddAsync(Usual with { Events = ["result"] });
        await House.SayAsync(tesla, "aaron", "chat");
        await CallAsync();
        outbound.Calls.ShouldBeEmpty();
        (await DueAsync()).ShouldBeEmpty("it is passed over once and for all");

        await House.SendAsync(tesla, new SendInput { To = "aaron", Content = "done", Type = "result" });
        await House.SayAsync(tesla, "aaron", "chat again");
        await CallAsync();
        outbound.Last.GetProperty("number").GetInt64().ShouldBe(2);
        outbound.Last.GetProperty("new").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_call_that_is_not_taken_is_tried_again_with_the_same_id_and_body_and_a_signature_of_its_own_time()
    {
        var made = await AddAsync();
        outbound.Then(500, 302);
        outbound.ThenFails(ErrorCode.OutboundFailed);
        await House.SayAsync(tesla, "aaron", "hello");
        await CallAsync();
        (await DueAsync()).ShouldBeEmpty();
        await PassAsync(TimeSpan.FromSeconds(10));
        await PassAsync(TimeSpan.FromMinutes(7));
        await PassAsync(TimeSpan.FromMinutes(40));

        outbound.Calls.Count.ShouldBe(4);
        outbound.Ids.Distinct().ShouldHaveSingleItem();
        outbound.Calls.Select(call => System.Text.Encoding.UTF8.GetString(call.Body!)).Distinct().ShouldHaveSingleItem();
        outbound.Calls.Select(call => call.Headers["webhook-timestamp"]).ShouldBeUnique();
        foreach (var call in outbound.Calls)
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
        outbound.Then(500);
        await House.SayAsync(tesla, "aaron", "one");
        await CallAsync();
        await House.SayAsync(tesla, "aaron", "two");
        await CallAsync();
        outbound.Calls.Count.ShouldBe(1, "the receiver has its pause");
        await PassAsync(TimeSpan.FromSeconds(10));

        outbound.Ids.Count.ShouldBe(2);
        outbound.Ids.ShouldBeUnique();
        (outbound.Last.GetProperty("number").GetInt64(), outbound.Last.GetProperty("new").GetInt32()).ShouldBe((2, 2));
        (await ListAsync()).Select(call => (call.Number, call.State, call.Attempts)).ShouldBe([(2, WebhookCallState.Delivered, 2), (1, WebhookCallState.Replaced, 1)]);
    }

    [Fact]
    public async Task After_the_last_attempt_a_call_is_dead_a_person_is_told_once_and_the_next_message_calls_again()
    {
        await AddAsync();
        await House.SayAsync(tesla, "aaron", "lost");
        await DieAsync();
        outbound.Calls.Count.ShouldBe(8);
        (await ListAsync())[0].State.ShouldBe(WebhookCallState.Dead);
        (await AttentionAsync()).ShouldHaveSingleItem().ShouldBe("webhook_dead: The webhook 'hook' was not taken after 8 attempts: It answered 500. Try it again: parley webhook retry hook 1");

        await House.SayAsync(tesla, "aaron", "lost too");
        await DieAsync();
        (await AttentionAsync()).Count.ShouldBe(1);

        await House.SayAsync(tesla, "aaron", "found");
        await CallAsync();
        outbound.Last.GetProperty("preview").GetString().ShouldBe("found");
        (await FindAsync()).Webhook.DeadInRow.ShouldBe(0);
    }

    [Fact]
    public async Task A_person_tries_a_dead_call_again_and_a_waiting_one_at_once()
    {
        await AddAsync();
        await House.SayAsync(tesla, "aaron", "hello");
        await DieAsync();
        (await RetryAsync(1)).State.ShouldBe(WebhookCallState.Waiting);
        outbound.Then(500);
        await CallAsync();
        await RetryAsync(null);
        await CallAsync();
        outbound.Ids.Distinct().ShouldHaveSingleItem();
        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(WebhookCallState.Delivered);
        (await RefusalAsync(() => RetryAsync(null))).ShouldBe(ErrorCode.Conflict);
        (await RefusalAsync(() => RetryAsync(9))).ShouldBe(ErrorCode.NotFound);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_pauses_the_webhook_and_resuming_it_tells_what_is_unread()
    {
        await AddAsync();
        outbound.Then(410);
        await House.SayAsync(tesla, "aaron", "one");
        await CallAsync();
        (await FindAsync()).Webhook.PausedReason.ShouldBe("The receiver answered 410 Gone.");
        (await AttentionAsync()).ShouldHaveSingleItem().ShouldStartWith("webhook_gone: ");

        await House.SayAsync(tesla, "aaron", "two");
        await PassAsync(TimeSpan.FromDays(2));
        outbound.Calls.Count.ShouldBe(1);
        await new ResumeWebhook(House.Database, House.Clock).RunAsync(House.Owner, "hook", Ct);
        await CallAsync();
        outbound.Last.GetProperty("new").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task What_the_operator_takes_back_waits_without_an_attempt_until_it_is_allowed_again()
    {
        await AddAsync();
        await House.SayAsync(tesla, "aaron", "hello");
        for (var i = 0; i < 20; i++)
        {
            outbound.ThenFails(ErrorCode.OutboundRefused);
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
        await House.SayAsync(tesla, "aaron", "hello");
        await House.Halt.RunAsync(House.Owner, scope, target, null, Ct);
        await CallAsync();
        (await DueAsync()).ShouldBeEmpty();
        outbound.Calls.ShouldBeEmpty();
        await House.Resume.RunAsync(House.Owner, scope, target, Ct);
        await CallAsync();
        outbound.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_crash_after_the_call_and_before_its_record_repeats_it_with_the_same_id()
    {
        await AddAsync();
        await House.SayAsync(tesla, "aaron", "hello");
        outbound.Answers.Enqueue(() => throw new InvalidOperationException("The process is gone."));
        await Should.ThrowAsync<InvalidOperationException>(CallAsync);
        (await DueAsync()).ShouldBeEmpty("the lease holds");

        await RestartAsync();
        await House.Database.WriteAsync(unit => unit.Webhooks.DropLeasesAsync(), Ct);
        await CallAsync();
        outbound.Ids.Count.ShouldBe(2);
        outbound.Ids.Distinct().ShouldHaveSingleItem();
        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(WebhookCallState.Delivered);
    }

    [Fact]
    public async Task Who_lost_the_lease_writes_nothing()
    {
        await AddAsync();
        await House.SayAsync(tesla, "aaron", "hello");
        outbound.Answers.Enqueue(() =>
        {
            // While this node waits for its answer another one takes the call up and brings it to an end.
            House.Database.WriteAsync(unit => unit.Webhooks.DropLeasesAsync(), Ct).GetAwaiter().GetResult();
            Calls.RunOnceAsync(Ct).GetAwaiter().GetResult();
            return new OutboundAnswer(500, null, []);
        });
        await CallAsync();
        outbound.Ids.Count.ShouldBe(2);
        outbound.Ids.Distinct().ShouldHaveSingleItem();
        (await ListAsync()).ShouldHaveSingleItem().ShouldSatisfyAllConditions(call => call.State.ShouldBe(WebhookCallState.Delivered), call => call.Status.ShouldBe(204));
    }

    [Fact]
    public async Task However_many_nodes_look_a_call_is_made_once()
    {
        await AddAsync();
        await House.SayAsync(tesla, "aaron", "hello");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Calls.RunOnceAsync(Ct)));
        outbound.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_rotated_secret_signs_beside_the_old_one_for_a_day_and_then_alone()
    {
        var made = await AddAsync();
        var rotated = await new RotateWebhook(House.Database, Secrets, House.Clock).RunAsync(House.Owner, "hook", null, Ct);
        rotated.Secret.ShouldNotBe(made.Secret);
        await House.SayAsync(tesla, "aaron", "one");
        await CallAsync();
        SignedBy().ShouldBe([rotated.Secret, made.Secret]);
        House.Clock.Advance(TimeSpan.FromHours(25));
        await House.SayAsync(tesla, "aaron", "two");
        await CallAsync();
        SignedBy().ShouldBe([rotated.Secret]);

        IEnumerable<string> SignedBy()
        {
            var call = outbound.Calls[^1];
            var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(call.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture));
            var of = new[] { rotated.Secret, made.Secret }.ToDictionary(secret => WebhookSignature.Headers(call.Headers["webhook-id"], at, System.Text.Encoding.UTF8.GetString(call.Body!), secret)["webhook-signature"]);
            return [.. call.Headers["webhook-signature"].Split(' ').Select(signature => of[signature])];
        }
    }

    [Fact]
    public async Task A_secret_is_stored_encrypted_and_a_node_without_the_key_leaves_the_call_to_others()
    {
        var made = await AddAsync();
        (await FindAsync()).Webhook.Secret.ShouldNotContain(made.Secret["whsec_".Length..]);
        await House.SayAsync(tesla, "aaron", "hello");
        using var elsewhere = new TempFolder();
        var other = new SealingKey(elsewhere.Path);
        other.Seal("x", "y");
        await new CallWebhooks(House.Database, outbound, other, House.Board, House.Clock).RunOnceAsync(Ct);
        outbound.Calls.ShouldBeEmpty();
        (await FindAsync()).Open.ShouldBeNull();
        await CallAsync();
        outbound.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_needs_a_person_is_called_for_once_and_a_webhooks_own_failure_does_not_call_it()
    {
        await House.SayAsync(tesla, "aaron", "one");
        await House.SayAsync(tesla, "aaron", "two");
        await House.Reject.RunAsync(aaron, 1, "before", Ct);
        House.Clock.Advance(TimeSpan.FromSeconds(1));
        await AddAsync(new WebhookInput("https://hooks.example.org/people", Name: "hook"));
        await CallAsync();
        outbound.Calls.ShouldBeEmpty();

        await House.Reject.RunAsync(aaron, 2, "no idea", Ct);
        await DieAsync();
        outbound.Calls.Count.ShouldBe(8);
        outbound.Ids.Distinct().ShouldHaveSingleItem();
        (outbound.Last.GetProperty("kind").GetString(), outbound.Last.GetProperty("new").GetInt32()).ShouldBe(("dead_letter", 1));
        (await AttentionAsync()).Count.ShouldBe(1);
        await PassAsync(TimeSpan.FromDays(1));
        outbound.Calls.Count.ShouldBe(8);
    }

    [Fact]
    public async Task A_webhook_of_an_agent_that_was_removed_calls_nobody()
    {
        await AddAsync();
        await House.SayAsync(tesla, "aaron", "hello");
        await House.RemoveAgent.RunAsync(House.Owner, "aaron", Ct);
        await CallAsync();
        outbound.Calls.ShouldBeEmpty();
        (await FindAsync()).Webhook.AgentRemoved.ShouldBeTrue();
        await new RemoveWebhook(House.Database, House.Clock).RunAsync(House.Owner, "hook", Ct);
        (await new ListWebhooks(House.Database).RunAsync(House.Owner, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_what_may_be_called_is_added_and_only_by_who_manages_the_agent()
    {
        policy.Current = new OutboundPolicy();
        (await RefusalAsync(() => AddAsync())).ShouldBe(ErrorCode.OutboundRefused);
        policy.Current = new OutboundPolicy { Enabled = true };
        (await RefusalAsync(() => AddAsync(Usual with { Url = "http://hooks.example.org" }))).ShouldBe(ErrorCode.OutboundRefused);
        (await RefusalAsync(() => AddAsync(Usual with { Url = "nonsense" }))).ShouldBe(ErrorCode.InvalidRequest);
        (await RefusalAsync(() => AddAsync(Usual with { Events = ["attention"] }))).ShouldBe(ErrorCode.InvalidRequest);
        (await RefusalAsync(() => AddAsync(Usual with { Agent = "nobody" }))).ShouldBe(ErrorCode.NotFound);
        var mallory = TestHouse.Person(House.Owner.OrganizationId, await new AddUser(House.Database, House.Clock).RunAsync(House.Owner, "mallory", Role.Member, Ct));
        (await RefusalAsync(() => AddAsync(Usual, mallory))).ShouldBe(ErrorCode.Forbidden);
        (await RefusalAsync(() => AddAsync(Usual, aaron))).ShouldBe(ErrorCode.Forbidden);
        await AddAsync();
        (await RefusalAsync(() => AddAsync())).ShouldBe(ErrorCode.Conflict);
        (await RefusalAsync(() => new RemoveWebhook(House.Database, House.Clock).RunAsync(mallory, "hook", Ct))).ShouldBe(ErrorCode.Forbidden);
    }

    [Fact]
    public async Task The_newest_200_calls_are_kept()
    {
        var webhook = (await AddAsync()).Webhook;
        await WriteAsync(unit =>
        {
            for (var number = 1; number <= 205; number++)
            {
                unit.Webhooks.AddCall(
                    new WebhookCall { WebhookId = webhook.Id, Number = number, Id = Guid.CreateVersion7(House.Now), Type = "t", Body = "{}", CreatedAt = House.Now, State = WebhookCallState.Delivered }, WebhookRules.CallsKept);
            }
        });
        (await ListAsync(500)).Select(call => call.Number).ShouldBe(Enumerable.Range(6, 200).Reverse().Select(number => (long)number));
    }

    private async Task DieAsync()
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            outbound.Then(500);
            await PassAsync(TimeSpan.FromHours(13));
        }
    }

    private Task CallAsync() => Calls.RunOnceAsync(Ct);

    private Task PassAsync(TimeSpan time)
    {
        House.Clock.Advance(time);
        return CallAsync();
    }

    private Task<SecretWebhook> AddAsync(WebhookInput? input = null, Caller? by = null) => new AddWebhook(House.Database, policy, Secrets, House.Clock).RunAsync(by ?? House.Owner, input ?? Usual, Ct);

    private Task<WebhookCall> RetryAsync(long? number) => new RetryWebhook(House.Database, House.Clock).RunAsync(House.Owner, "hook", number, Ct);

    private Task<WebhookOverview> FindAsync() => new FindWebhook(House.Database).RunAsync(House.Owner, "hook", Ct);

    private Task<List<WebhookCall>> ListAsync(int limit = 50) => new ReadWebhookCalls(House.Database).RunAsync(House.Owner, "hook", null, limit, Ct);

    private Task<List<Guid>> DueAsync() => Calls.DueAsync(100, Ct);

    private Task<bool> WriteAsync(Action<IUnitOfWork> write) => House.Database.WriteAsync(
        unit =>
        {
            write(unit);
            return ValueTask.FromResult(true);
        },
        Ct);

    private async Task<List<string>> AttentionAsync() =>
        [.. (await House.Attention.ListAsync(House.Owner, Ct)).Where(attention => attention.Kind.StartsWith("webhook_", StringComparison.Ordinal)).Select(attention => $"{attention.Kind}: {attention.Text}")];

    private static async Task<ErrorCode> RefusalAsync(Func<Task> call) => (await Should.ThrowAsync<ParleyError>(call)).Code;
}

public sealed class SqliteWebhookTests() : WebhookConformance(new SqliteStore());

public sealed class PostgresWebhookTests() : WebhookConformance(new PostgresStore());
