using System.Text.Json;
using Parley.Core.Agents;
using Parley.Core.Links;

namespace Parley.Core.Messages;

/// <summary>What the rules need to know of one recipient.</summary>
/// <param name="Agent">The recipient.</param>
/// <param name="Link">The link that is used, or null where the sender is a person or the conversation a channel.</param>
/// <param name="State">The link's credits, locked; null where there is no link.</param>
public sealed record RecipientFacts(Agent Agent, Link? Link, LinkState? State);

/// <summary>What becomes of a message for one recipient.</summary>
/// <param name="State">Pending, deferred or held.</param>
/// <param name="Credits">The link's bucket afterwards, to be stored; null where there is none.</param>
/// <param name="NotBefore">When a deferred one is due.</param>
/// <param name="Turn">Its place in the link's queue.</param>
public sealed record Decision(DeliveryState State, LinkState? Credits, DateTimeOffset? NotBefore = null, long Turn = 0);

/// <summary>Decides a send. Pure: everything it needs is handed in, and it refuses by throwing <see cref="ParleyError"/>.</summary>
public static class SendRules
{
    /// <summary>Whether a message with the sender's key is the same message; another content under the same key is refused.</summary>
    public static bool IsSame(Message first, Draft again) =>
        first.Content == again.Content && first.Type == again.Type && first.ParentId == again.ReplyTo && SameMetadata(first.Metadata, again.Metadata)
            ? true
            : throw new ParleyError(ErrorCode.KeyReused, "That key was used before for another content.", "Use a new key for a new message; repeat a call with exactly what it had.");

    /// <summary>Since when an identical text to the same peer is the same message; null where the debounce is off.</summary>
    public static DateTimeOffset? TwinsSince(LinkSettings settings, DateTimeOffset now) =>
        settings.DebounceSeconds == 0 ? null : now - TimeSpan.FromSeconds(settings.DebounceSeconds);

    /// <summary>Decides for one recipient, in the order hold, strict debounce, credits.</summary>
    public static Decision Decide(RecipientFacts facts, bool senderIsHeld, DateTimeOffset now)
    {
        if (facts.Link is not { Settings: var settings } link)
        {
            return new Decision(senderIsHeld ? DeliveryState.Held : DeliveryState.Pending, Credits: null);
        }

        var state = facts.State ?? Quota.Open(link.Id, settings, now);
        CheckStrictDebounce(settings, state, now);
        if (settings.Hold || senderIsHeld)
        {
            return new Decision(DeliveryState.Held, Quota.Roll(state, settings, now) with { LastMessageAt = now });
        }

        return Draw(state, settings, now);
    }

    /// <summary>Uses the link's credits for a message that nothing else keeps back.</summary>
    public static Decision Draw(LinkState state, LinkSettings settings, DateTimeOffset now)
    {
        var (after, draw) = Quota.Draw(state, settings, now);
        return draw.Verdict switch
        {
            QuotaVerdict.Go => new Decision(DeliveryState.Pending, after),
            QuotaVerdict.Wait => new Decision(DeliveryState.Deferred, after, draw.Until, draw.Turn),
            _ => throw new ParleyError(ErrorCode.QueueFull, $"{Limits.DeferredPerLink} messages already wait on this link.", "Batch what you have to say and send it after retry_after, or ask a person to raise the quota.")
            {
                RetryAfter = draw.Until > now ? draw.Until - now : TimeSpan.FromSeconds(1),
            },
        };
    }

    /// <summary>The verdict on the whole message: the slowest of its recipients'.</summary>
    public static Verdict VerdictOf(IEnumerable<Decision> decisions)
    {
        var verdict = Verdict.Accepted;
        foreach (var decision in decisions)
        {
            verdict = decision.State switch
            {
                DeliveryState.Held => Verdict.Held,
                DeliveryState.Deferred when verdict == Verdict.Accepted => Verdict.Deferred,
                _ => verdict,
            };
        }

        return verdict;
    }

    private static void CheckStrictDebounce(LinkSettings settings, LinkState state, DateTimeOffset now)
    {
        if (!settings.StrictDebounce || state.LastMessageAt is not { } last)
        {
            return;
        }

        var wait = last + TimeSpan.FromSeconds(settings.DebounceSeconds) - now;
        if (wait > TimeSpan.Zero && last <= now)
        {
            throw new ParleyError(ErrorCode.Debounced, "The last message on this link is too recent.", "Batch what you have to say and send it after retry_after.") { RetryAfter = wait };
        }
    }

    private static bool SameMetadata(string one, string other)
    {
        if (one == other)
        {
            return true;
        }

        using var first = JsonDocument.Parse(OfSender(one));
        using var second = JsonDocument.Parse(OfSender(other));
        return JsonElement.DeepEquals(first.RootElement, second.RootElement);
    }

    /// <summary>What the sender handed in, without what Parley added.</summary>
    private static string OfSender(string metadata)
    {
        if (!metadata.Contains(Draft.Reserved, StringComparison.Ordinal))
        {
            return metadata;
        }

        using var all = JsonDocument.Parse(metadata);
        var own = all.RootElement.EnumerateObject().Where(member => !member.Name.StartsWith(Draft.Reserved, StringComparison.Ordinal));
        return "{" + string.Join(',', own.Select(member => $"{JsonSerializer.Serialize(member.Name)}:{member.Value.GetRawText()}")) + "}";
    }
}
