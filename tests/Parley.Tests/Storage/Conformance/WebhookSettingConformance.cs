using Parley.Core;
using Parley.Core.Organizations;
using Parley.Core.Outbound;
using Parley.Core.Webhooks;
using Parley.Runtimes.Keys;

namespace Parley.Tests.Storage.Conformance;

/// <summary>Who may add a webhook to where, and what is kept of it.</summary>
public abstract class WebhookSettingConformance(TestStore store) : WebhookConformance(store)
{
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
    public async Task A_rotated_secret_signs_beside_the_old_one_for_a_day_and_then_alone()
    {
        var made = await AddAsync();
        var rotated = await new RotateWebhook(House.Database, Secrets, House.Clock).RunAsync(House.Owner, "hook", null, Ct);
        rotated.Secret.ShouldNotBe(made.Secret);
        await House.SayAsync(Tesla, "aaron", "one");
        await CallAsync();
        SignedBy().ShouldBe([rotated.Secret, made.Secret]);
        House.Clock.Advance(TimeSpan.FromHours(25));
        await House.SayAsync(Tesla, "aaron", "two");
        await CallAsync();
        SignedBy().ShouldBe([rotated.Secret]);

        IEnumerable<string> SignedBy()
        {
            var call = Outbound.Calls[^1];
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
        await House.SayAsync(Tesla, "aaron", "hello");
        using var elsewhere = new TempFolder();
        var other = new SealingKey(elsewhere.Path);
        other.Seal("x", "y");
        await new CallWebhooks(House.Database, Outbound, other, House.Board, House.Clock).RunOnceAsync(Ct);
        Outbound.Calls.ShouldBeEmpty();
        (await FindAsync()).Open.ShouldBeNull();
        await CallAsync();
        Outbound.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_webhook_of_an_agent_that_was_removed_calls_nobody()
    {
        await AddAsync();
        await House.SayAsync(Tesla, "aaron", "hello");
        await House.RemoveAgent.RunAsync(House.Owner, "aaron", Ct);
        await CallAsync();
        Outbound.Calls.ShouldBeEmpty();
        (await FindAsync()).Webhook.AgentRemoved.ShouldBeTrue();
        await new RemoveWebhook(House.Database, House.Clock).RunAsync(House.Owner, "hook", Ct);
        (await new ListWebhooks(House.Database).RunAsync(House.Owner, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_what_may_be_called_is_added_and_only_by_who_manages_the_agent()
    {
        Policy.Current = new OutboundPolicy();
        (await RefusalAsync(() => AddAsync())).ShouldBe(ErrorCode.OutboundRefused);
        Policy.Current = new OutboundPolicy { Enabled = true };
        (await RefusalAsync(() => AddAsync(Usual with { Url = "http://hooks.example.org" }))).ShouldBe(ErrorCode.OutboundRefused);
        (await RefusalAsync(() => AddAsync(Usual with { Url = "nonsense" }))).ShouldBe(ErrorCode.InvalidRequest);
        (await RefusalAsync(() => AddAsync(Usual with { Events = ["attention"] }))).ShouldBe(ErrorCode.InvalidRequest);
        (await RefusalAsync(() => AddAsync(Usual with { Agent = "nobody" }))).ShouldBe(ErrorCode.NotFound);
        var mallory = TestHouse.Person(House.Owner.OrganizationId, await new AddUser(House.Database, House.Clock).RunAsync(House.Owner, "mallory", Role.Member, Ct));
        (await RefusalAsync(() => AddAsync(Usual, mallory))).ShouldBe(ErrorCode.Forbidden);
        (await RefusalAsync(() => AddAsync(Usual, Aaron))).ShouldBe(ErrorCode.Forbidden);
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
}

public sealed class SqliteWebhookSettingTests() : WebhookSettingConformance(new SqliteStore());

public sealed class PostgresWebhookSettingTests() : WebhookSettingConformance(new PostgresStore());
