using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary>How webhooks are printed.</summary>
internal static class WebhookText
{
    /// <summary>A sentence, and the secret that is shown once.</summary>
    public static void Tell(Screen screen, SecretWebhookView made, string sentence)
    {
        if (screen.IsJson)
        {
            screen.Json(made, Screen.Wire.SecretWebhookView);
            return;
        }

        screen.Line(sentence);
        screen.Line($"Secret, shown once: {made.Secret}");
    }

    public static void List(Screen screen, ListOf<WebhookView> webhooks)
    {
        if (screen.IsJson)
        {
            screen.Json(webhooks, Screen.Wire.ListOfWebhookView);
            return;
        }

        screen.Table(
            webhooks.Items, "There are no webhooks: 'parley webhook add URL --agent AGENT' makes one.",
            ("NAME", webhook => webhook.Name), ("STATE", webhook => webhook.State), ("AGENT", webhook => webhook.Agent), ("EVENTS", webhook => string.Join(",", webhook.Events)),
            ("LAST CALL", webhook => webhook.LastCall is { } call ? Outcome(call) : ""), ("URL", webhook => webhook.Url));
    }

    public static void Show(Screen screen, WebhookView webhook)
    {
        if (screen.IsJson)
        {
            screen.Json(webhook, Screen.Wire.WebhookView);
            return;
        }

        screen.Facts(
            ("name", webhook.Name), ("id", webhook.Id.ToString()), ("state", StateOf(webhook)), ("agent", webhook.Agent), ("url", webhook.Url), ("events", string.Join(", ", webhook.Events)),
            ("preview", Format.YesNo(webhook.Preview)), ("old secret until", screen.Time(webhook.OldSecretUntil)), ("last call", webhook.LastCall is { } call ? $"{Format.Number(call.Number)}, {Outcome(call)}" : null),
            ("reason", webhook.LastCall?.Reason), ("made by", webhook.CreatedBy), ("made", screen.Time(webhook.CreatedAt)));
    }

    public static void Test(Screen screen, WebhookTestView answer)
    {
        if (screen.IsJson)
        {
            screen.Json(answer, Screen.Wire.WebhookTestView);
            return;
        }

        var took = Format.Duration(TimeSpan.FromMilliseconds(answer.Milliseconds));
        screen.Line(answer.Status is { } status ? $"It answered {status} after {took}{(answer.Ok ? "." : ", which is no success.")}" : $"There was no answer: {SafeText.Line(CommandName.In(answer.Reason ?? ""))}");
        if (answer.Answer is { } text)
        {
            screen.Line($"  {SafeText.Line(text)}");
        }
    }

    public static void Calls(Screen screen, WebhookCallPage page)
    {
        if (screen.IsJson)
        {
            screen.Json(page, Screen.Wire.WebhookCallPage);
            return;
        }

        screen.Table(
            page.Items, "It has called nobody yet.",
            ("CALL", call => Format.Number(call.Number)), ("AT", call => screen.Time(call.AttemptedAt ?? call.CreatedAt)), ("STATE", call => call.State), ("ATTEMPTS", call => Format.Number(call.Attempts)),
            ("STATUS", call => call.Status is { } status ? Format.Number(status) : ""), ("NEW", call => Format.Number(call.Count)), ("NEXT", call => screen.Time(call.NextAt)), ("TYPE", call => call.Type),
            ("REASON", call => call.Reason));
    }

    private static string StateOf(WebhookView webhook) => webhook.State switch
    {
        "paused" when webhook.PausedReason is { } reason => $"paused: {reason}",
        "no_key" => "no_key: its secret was sealed on another machine. Copy keys.secret from there, or rotate it",
        _ => webhook.State,
    };

    private static string Outcome(WebhookCallView call) => call.Status is { } status ? $"{call.State} ({status})" : call.State;
}
