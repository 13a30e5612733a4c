using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Outbound;

namespace Parley.Core.Webhooks;

/// <summary>
/// Makes the calls of webhooks. A call is written before it is made, with the id that it keeps however often it is tried; one node at a time tries it, under a lease. What
/// comes while a call waits is told by one that takes its place.
/// </summary>
public sealed class CallWebhooks(IDatabase database, IOutbound outbound, ISealedSecrets secrets, HaltBoard halts, TimeProvider time)
{
    private const int AtOnce = 100;

    /// <summary>Makes every call that is due here and waits for the answers; true where more may be due.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await DueAsync(AtOnce, cancellationToken);
        await Task.WhenAll(due.Select(id => RunAsync(id, cancellationToken)));
        return due.Count == AtOnce;
    }

    /// <summary>The webhooks that have something to do that this node can do, at most so many.</summary>
    public async Task<List<Guid>> DueAsync(int limit, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(unit => unit.Webhooks.DueAsync(time.GetUtcNow(), limit), cancellationToken);
        return due.FindAll(webhook => secrets.IsOurs(webhook.Secret)).ConvertAll(webhook => webhook.Id);
    }

    /// <summary>Makes the call that is due of one webhook and stores what became of it; nothing where none is, or another node makes it.</summary>
    public async Task RunAsync(Guid webhookId, CancellationToken cancellationToken)
    {
        var seen = await database.ReadAsync(unit => LookAsync(unit, webhookId), cancellationToken);
        if (seen is null || halts.OfAgent(seen.Webhook.OrganizationId, seen.Webhook.AgentId ?? Guid.Empty) is not null)
        {
            return;
        }

        var claimed = await database.WriteAsync(unit => ClaimAsync(unit, seen, time.GetUtcNow()), cancellationToken);
        if (claimed is null)
        {
            return;
        }

        var (answer, fault) = await SendAsync(seen.Webhook, claimed, cancellationToken);
        await database.WriteAsync(unit => RecordAsync(unit, claimed, answer, fault, time.GetUtcNow()), CancellationToken.None);
    }

    private static async ValueTask<Look?> LookAsync(IUnitOfWork unit, Guid id)
    {
        if (await unit.Webhooks.FindAsync(id) is not { PausedAt: null, AgentRemoved: false } webhook)
        {
            return null;
        }

        var news = await unit.Webhooks.NewsAsync(webhook);
        var newest = news.Newest is { } number ? (await unit.Deliveries.PageAsync(webhook.AgentId!.Value, number - 1, 1)).Find(item => item.Number == number) : null;
        return new Look(webhook, await unit.Webhooks.OpenCallAsync(id), news, newest);
    }

    /// <summary>The call that is to be made now, claimed; null where there is none, or what was seen is not so any more.</summary>
    private static async ValueTask<WebhookCall?> ClaimAsync(IUnitOfWork unit, Look seen, DateTimeOffset now)
    {
        if (await unit.Webhooks.FindAsync(seen.Webhook.Id) is not { PausedAt: null } webhook || webhook.Position != seen.Webhook.Position || webhook.Calls != seen.Webhook.Calls)
        {
            return null;
        }

        var open = await unit.Webhooks.OpenCallAsync(webhook.Id);
        if (open?.Fence != seen.Open?.Fence || open?.NextAt > now || (open is not null && !await unit.Webhooks.ClaimAsync(open, WebhookRules.LeaseTime)))
        {
            return null;
        }

        if (NextOf(webhook, open, seen, now) is { } next)
        {
            if (open is not null)
            {
                unit.Webhooks.UpdateCall(open with { State = WebhookCallState.Replaced, NextAt = null, EndedAt = now });
            }

            unit.Webhooks.Update(webhook with { Calls = next.Number });
            unit.Webhooks.Note(webhook.Id, [.. seen.News.Attention.Select(attention => attention.Id)]);
            unit.Webhooks.AddCall(next, WebhookRules.CallsKept);
            open = await unit.Webhooks.ClaimAsync(next, WebhookRules.LeaseTime) ? next : null;
        }
        else if (open is null || (open.UpTo > 0 && open.UpTo <= seen.News.Cursor))
        {
            Settle(unit, webhook, open, seen.News, now);
            return null;
        }

        return open is null ? null : open with { Attempts = open.Attempts + 1, AttemptedAt = now, Fence = open.Fence + 1 };
    }

    /// <summary>The call that tells of what is new, in place of the one that waits; null where nothing is.</summary>
    private static WebhookCall? NextOf(Webhook webhook, WebhookCall? open, Look seen, DateTimeOffset now)
    {
        var call = new WebhookCall { WebhookId = webhook.Id, Number = webhook.Calls + 1, Id = Guid.CreateVersion7(now), Type = "", Body = "", Attempts = open?.Attempts ?? 0, CreatedAt = now, NextAt = now };
        if (seen is { Newest: { } newest, News: var news } && newest.Number > (open?.UpTo ?? 0))
        {
            return call with { Type = WebhookBody.InboxType, Body = WebhookBody.OfInbox(webhook, newest, news, now), UpTo = news.Head, Count = news.Count };
        }

        if (seen.News.Attention is [.., var last])
        {
            var count = seen.News.Attention.Count + (open?.Count ?? 0);
            return call with { Type = WebhookBody.AttentionType, Body = WebhookBody.OfAttention(webhook, last, count, now), Count = count };
        }

        return null;
    }

    /// <summary>Nothing is to be told: what came was read already, or the webhook is not for it.</summary>
    private static void Settle(IUnitOfWork unit, Webhook webhook, WebhookCall? open, WebhookNews news, DateTimeOffset now)
    {
        unit.Webhooks.Update(webhook with { Position = webhook.AgentId is null ? 0 : news.Head });
        if (open is not null)
        {
            unit.Webhooks.UpdateCall(open with { State = WebhookCallState.Dropped, NextAt = null, EndedAt = now, Reason = "The agent has read it." });
        }
    }

    private async Task<(OutboundAnswer? Answer, ParleyError? Fault)> SendAsync(Webhook webhook, WebhookCall call, CancellationToken cancellationToken)
    {
        try
        {
            var signed = WebhookSender.CallOf(webhook, call.Id, call.Body, secrets, time.GetUtcNow()) ?? throw new ParleyError(ErrorCode.OutboundRefused, "The secret cannot be read here.", "Rotate it.");
            return (await outbound.SendAsync(signed, cancellationToken), null);
        }
        catch (ParleyError fault)
        {
            return (null, fault);
        }
    }

    private static async ValueTask<bool> RecordAsync(IUnitOfWork unit, WebhookCall call, OutboundAnswer? answer, ParleyError? fault, DateTimeOffset now)
    {
        // Whoever took it up after the lease had ended writes what became of it.
        if (await unit.Webhooks.FindAsync(call.WebhookId) is not { } webhook || await unit.Webhooks.FindCallAsync(call.WebhookId, call.Number) is not { } stored || stored.Fence != call.Fence)
        {
            return false;
        }

        var after = WebhookRules.After(call, answer, fault, now, Random.Shared.NextDouble());
        unit.Webhooks.UpdateCall(after);
        if (after.State == WebhookCallState.Waiting)
        {
            return true;
        }

        var dead = after.State == WebhookCallState.Dead;
        var gone = dead && WebhookRules.IsGone(answer);
        if (gone || (dead && webhook.DeadInRow == 0))
        {
            Tell(unit, webhook, after, gone, now);
        }

        unit.Webhooks.Update(webhook with
        {
            // What a receiver that is gone was not told is told when a person resumes the webhook.
            Position = gone ? webhook.Position : Math.Max(webhook.Position, after.UpTo), DeadInRow = dead ? webhook.DeadInRow + 1 : 0, PausedAt = gone ? webhook.PausedAt ?? now : webhook.PausedAt,
            PausedReason = gone ? "The receiver answered 410 Gone." : webhook.PausedReason,
        });
        return true;
    }

    private static void Tell(IUnitOfWork unit, Webhook webhook, WebhookCall call, bool gone, DateTimeOffset now)
    {
        var text = gone
            ? $"The webhook '{webhook.Name}' is paused: its receiver answered 410 Gone. Go on with: parley webhook resume {webhook.Name}"
            : $"The webhook '{webhook.Name}' was not taken after {call.Attempts} attempts: {call.Reason} Try it again: parley webhook retry {webhook.Name} {call.Number}";
        var attention = new Attention(Guid.CreateVersion7(now), webhook.OrganizationId, gone ? "webhook_gone" : "webhook_dead", text, MessageId: null, now, ResolvedAt: null);
        unit.Obligations.Raise(attention);
        if (webhook.AgentId is null)
        {
            // A webhook for what needs a person does not call for its own failure.
            unit.Webhooks.Note(webhook.Id, [attention.Id]);
        }
    }

    private sealed record Look(Webhook Webhook, WebhookCall? Open, WebhookNews News, InboxItem? Newest);
}
