using System.Text;
using Parley.Core.Outbound;
using Parley.Core.Webhooks;

namespace Parley.Core.Tasks;

/// <summary>Writes an event as the protocol of a door has it; null for what nobody is told.</summary>
public interface IPushBody
{
    /// <summary>The JSON of an event.</summary>
    string? Of(TaskRecord task, TaskStep step);
}

/// <summary>
/// Tells addresses what becomes of tasks: every event once it was taken, in order, signed. One node at a time tries a call, under a lease; a call that was not taken is made again, with the
/// same id, after the pauses of webhooks, and given up after the last of them.
/// </summary>
public sealed class CallPushes(IDatabase database, IOutbound outbound, PushForms forms, IPushBody bodies, TimeProvider time)
{
    private const int AtOnce = 32;

    /// <summary>Makes every call that is due and waits for the answers; true where more may be due.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(unit => unit.Tasks.DuePushesAsync(time.GetUtcNow(), AtOnce), cancellationToken);
        await Task.WhenAll(due.Select(push => RunAsync(push, cancellationToken)));
        return due.Count > 0;
    }

    private async Task RunAsync(TaskPush due, CancellationToken cancellationToken)
    {
        if (forms.Open(due) is not { } secret)
        {
            await database.WriteAsync(unit => unit.Tasks.SavePushAsync(due with { NextAt = time.GetUtcNow() + WebhookRules.RefusedPause }), cancellationToken);
            return;
        }

        var claimed = due with { NextAt = time.GetUtcNow() + WebhookRules.LeaseTime, Fence = due.Fence + 1 };
        if (!await database.WriteAsync(unit => unit.Tasks.ClaimPushAsync(claimed), cancellationToken))
        {
            return;
        }

        var (task, step, body) = await NextAsync(due, cancellationToken);
        var after = task is null ? claimed with { NextAt = null }
            : body is null ? claimed with { Told = step?.Event.Number ?? task.Events, NextAt = time.GetUtcNow() }
            : await SendAsync(claimed, secret, task, step!, body, cancellationToken);
        await database.WriteAsync(unit => unit.Tasks.SavePushAsync(after), CancellationToken.None);
    }

    /// <summary>The next event that somebody is to be told of, with what to say; else what may be passed over.</summary>
    private Task<(TaskRecord? Task, TaskStep? Step, string? Body)> NextAsync(TaskPush push, CancellationToken cancellationToken) => database.ReadAsync(
        async unit =>
        {
            var task = await unit.Tasks.LockAsync(push.TaskId);
            if (task is null)
            {
                return (null, null, null);
            }

            foreach (var made in await unit.Tasks.EventsAsync(task.Id, push.Told))
            {
                var step = new TaskStep(made, made.MessageId is { } id ? await unit.Messages.FindAsync(task.OrganizationId, id) : null);
                if (bodies.Of(task, step) is { } body)
                {
                    return (task, step, body);
                }
            }

            return ((TaskRecord?)task, (TaskStep?)null, (string?)null);
        },
        cancellationToken);

    private async Task<TaskPush> SendAsync(TaskPush push, (string Token, string? Authorization) secret, TaskRecord task, TaskStep step, string body, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var attempts = push.Attempts + 1;
        var headers = WebhookSignature.Headers($"{task.Id:n}-{push.Id}-{step.Event.Number}", now, body, KeyOf(secret.Token));
        headers["X-A2A-Notification-Token"] = secret.Token;
        if (secret.Authorization is { } authorization)
        {
            headers["Authorization"] = authorization;
        }

        try
        {
            var answer = await outbound.SendAsync(new OutboundCall("POST", new Uri(push.Url)) { Body = Encoding.UTF8.GetBytes(body), Headers = headers }, cancellationToken);
            if (answer.IsSuccess)
            {
                return push with { Told = step.Event.Number, Attempts = 0, NextAt = time.GetUtcNow() };
            }
        }
        catch (ParleyError fault) when (fault.Code == ErrorCode.OutboundRefused)
        {
            return push with { NextAt = now + WebhookRules.RefusedPause };
        }
        catch (ParleyError)
        {
            // There was no answer: it is tried again like one that was refused.
        }

        return push with { Attempts = attempts, NextAt = attempts > WebhookRules.Pauses.Count ? null : now + WebhookRules.Pauses[attempts - 1] };
    }

    /// <summary>What signs: the token, as the secret of Standard Webhooks that it is or is made into.</summary>
    private static string KeyOf(string token) => token.StartsWith(WebhookSignature.Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(token[WebhookSignature.Prefix.Length..], new byte[token.Length], out _)
        ? token
        : WebhookSignature.Prefix + Convert.ToBase64String(Encoding.UTF8.GetBytes(token));
}
