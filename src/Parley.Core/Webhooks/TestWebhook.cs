using System.Text;
using Parley.Core.Organizations;
using Parley.Core.Outbound;

namespace Parley.Core.Webhooks;

/// <summary>What a receiver made of a ping.</summary>
/// <param name="Status">The HTTP status, or null where there was no answer.</param>
/// <param name="Answer">The beginning of what it said, or null.</param>
/// <param name="Reason">Why there was no answer, and what to do; or null.</param>
/// <param name="Took">How long it took.</param>
public sealed record PingAnswer(int? Status, string? Answer, string? Reason, TimeSpan Took);

/// <summary>Calls a webhook once with a ping, also in a pause, and tells what came back. It is kept nowhere. Who made the webhook, or an admin.</summary>
public sealed class TestWebhook(IDatabase database, IOutbound outbound, ISealedSecrets secrets, HaltBoard halts, TimeProvider time)
{
    private const int ShownCharacters = 200;

    /// <summary>Returns what came back. Throws <c>not_found</c>, <c>forbidden</c>, <c>halted</c>, and <c>conflict</c> where the secret cannot be read.</summary>
    public async Task<PingAnswer> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken)
    {
        var webhook = await database.ChangeAsync(caller, time, "webhook.test", nameOrId, Role.Member, (unit, _) => WebhookLookup.ManagedAsync(unit, caller, nameOrId), cancellationToken);
        if (halts.OfAgent(webhook.OrganizationId, webhook.AgentId ?? Guid.Empty) is { } halt)
        {
            throw HaltBoard.Refusal(halt, $"The webhook '{webhook.Name}'");
        }

        var now = time.GetUtcNow();
        var call = WebhookSender.CallOf(webhook, Guid.CreateVersion7(now), WebhookBody.OfPing(webhook, now), secrets, now)
            ?? throw new ParleyError(ErrorCode.Conflict, "The secret of the webhook was sealed on another machine.", $"Copy keys.secret from there, or give it another one: parley webhook rotate {webhook.Name}");
        var began = time.GetTimestamp();
        try
        {
            var answer = await outbound.SendAsync(call, cancellationToken);
            return new PingAnswer(answer.Status, Shown(answer.Body), null, time.GetElapsedTime(began));
        }
        catch (ParleyError fault)
        {
            return new PingAnswer(null, null, $"{fault.Message} {fault.Fix}", time.GetElapsedTime(began));
        }
    }

    private static string? Shown(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        return text.Length > ShownCharacters ? text[..ShownCharacters] + "…" : text.Length > 0 ? text : null;
    }
}
