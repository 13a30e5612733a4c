using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley webhook add|list|show|test|pause|resume|rotate|remove|deliveries|retry</c></summary>
internal static class WebhookCommand
{
    private static readonly Argument<string> Webhook = new("webhook") { Description = "The webhook by its name or id.", HelpName = "webhook", CompletionSources = { Suggestions.Webhooks } };
    private static readonly Argument<string> Url = new("url") { Description = "Whom it calls; outbound in parley.json has to allow it.", HelpName = "url" };
    private static readonly Argument<long?> Call = new("call") { Description = "The number of the call; default the one that waits, else the newest.", HelpName = "call", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Agent = new("--agent") { Description = "The agent whose inbox it watches; without it the webhook calls when something needs a person.", HelpName = "AGENT", CompletionSources = { Suggestions.Agents } };
    private static readonly Option<string?> Name = new("--name") { Description = "What it is called; default webhook-1, webhook-2, …", HelpName = "NAME" };
    private static readonly Option<string[]> Events = new("--events") { Description = "What it calls for: message, result; attention without an agent (default all).", HelpName = "EVENT", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Secret = new("--secret") { Description = "What signs its calls, whsec_…; '-' reads standard input (default a new one).", HelpName = "SECRET" };
    private static readonly Option<bool> NoPreview = new("--no-preview") { Description = "Leave the first line of the text out of its calls." };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Remove without asking." };
    private static readonly Option<int?> Limit = new("--limit") { Description = "At most so many calls, 1 to 500 (default 50).", HelpName = "N" };
    private static readonly Option<long?> Before = new("--before") { Description = "Only calls before that number.", HelpName = "NUMBER" };

    static WebhookCommand() => Events.CompletionSources.Add("message", "result", "attention");

    public static Command Build() =>
        new ParleyCommand(
            "webhook", "Call an address when something came into an agent's inbox or needs a person.", "parley webhook add https://hooks.example.org/parley --agent tesla", "parley webhook test webhook-1")
        {
            new ParleyCommand(
                "add", "Make a webhook; its secret is shown once.", "parley webhook add https://hooks.example.org/parley --agent tesla", "parley webhook add https://hooks.example.org/people --name people --events attention",
                "parley webhook add https://hooks.example.org/done --agent tesla --events result --no-preview")
            {
                Url, Agent, Name, Events, Secret, NoPreview,
            }.Does(AddAsync),
            new ParleyCommand("list", "List the webhooks.", "parley webhook list", "parley webhook list --json").Does(ListAsync),
            new ParleyCommand("show", "Show a webhook and its newest call.", "parley webhook show webhook-1") { Webhook }.Does(ShowAsync),
            new ParleyCommand("test", "Call it once with a ping, and show what came back.", "parley webhook test webhook-1") { Webhook }.Does(TestAsync),
            new ParleyCommand("pause", "Let it call nobody.", "parley webhook pause webhook-1") { Webhook }.Does(PauseAsync),
            new ParleyCommand("resume", "End a pause; one call tells of all that is unread.", "parley webhook resume webhook-1") { Webhook }.Does(ResumeAsync),
            new ParleyCommand("rotate", "Give it another secret; for a day the old one signs too.", "parley webhook rotate webhook-1", "parley webhook rotate webhook-1 --secret - < secret.txt") { Webhook, Secret }.Does(RotateAsync),
            new ParleyCommand("deliveries", "Show its calls and what became of them, newest first; the newest 200 are kept.", "parley webhook deliveries webhook-1", "parley webhook deliveries webhook-1 --limit 5 --json")
            {
                Webhook, Limit, Before,
            }.Does(DeliveriesAsync),
            new ParleyCommand("retry", "Try a call now that waits or was given up.", "parley webhook retry webhook-1", "parley webhook retry webhook-1 12") { Webhook, Call }.Does(RetryAsync),
            new ParleyCommand("remove", "Remove a webhook and its calls.", "parley webhook remove webhook-1 --yes") { Webhook, Yes }.Does(RemoveAsync),
        };

    private static async Task AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var request = new AddWebhookRequest(
            invocation.Get(Url), invocation.Get(Agent), invocation.Get(Name), invocation.Get(Events) is { Length: > 0 } events ? [.. events.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries))] : null,
            await SecretAsync(invocation, cancellation).ConfigureAwait(false), invocation.Get(NoPreview) ? false : null);
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var made = await client.Webhooks.AddAsync(request, cancellation).ConfigureAwait(false);
        WebhookText.Tell(invocation.Screen, made, $"Added the webhook {made.Webhook.Name}{(made.Webhook.Agent is { } agent ? $" of {agent}" : "")}.");
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        WebhookText.List(invocation.Screen, await client.Webhooks.ListAsync(cancellation).ConfigureAwait(false));
    }

    private static async Task ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        WebhookText.Show(invocation.Screen, await client.Webhooks.FindAsync(invocation.Get(Webhook)!, cancellation).ConfigureAwait(false));
    }

    private static async Task<int> TestAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var answer = await client.Webhooks.TestAsync(invocation.Get(Webhook)!, cancellation).ConfigureAwait(false);
        WebhookText.Test(invocation.Screen, answer);
        return answer.Ok ? ExitCode.Ok : ExitCode.Failure;
    }

    private static async Task PauseAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var webhook = await client.Webhooks.PauseAsync(invocation.Get(Webhook)!, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Paused {webhook.Name}; go on with: parley webhook resume {webhook.Name}", ("paused", webhook.Name));
    }

    private static async Task ResumeAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var webhook = await client.Webhooks.ResumeAsync(invocation.Get(Webhook)!, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Resumed {webhook.Name}.", ("resumed", webhook.Name));
    }

    private static async Task RotateAsync(Invocation invocation, CancellationToken cancellation)
    {
        var request = new RotateWebhookRequest(await SecretAsync(invocation, cancellation).ConfigureAwait(false));
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var made = await client.Webhooks.RotateAsync(invocation.Get(Webhook)!, request, cancellation).ConfigureAwait(false);
        WebhookText.Tell(invocation.Screen, made, $"Gave {made.Webhook.Name} another secret; until {invocation.Screen.Time(made.Webhook.OldSecretUntil)} the old one signs too.");
    }

    private static async Task DeliveriesAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        WebhookText.Calls(invocation.Screen, await client.Webhooks.CallsAsync(invocation.Get(Webhook)!, invocation.Get(Before), invocation.Get(Limit), cancellation).ConfigureAwait(false));
    }

    private static async Task RetryAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var call = await client.Webhooks.RetryAsync(invocation.Get(Webhook)!, new RetryWebhookRequest(invocation.Get(Call)), cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Call {call.Number} is tried now. Look at it: parley webhook deliveries {invocation.Get(Webhook)}", ("retried", Format.Number(call.Number)));
    }

    private static async Task RemoveAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var webhook = await client.Webhooks.FindAsync(invocation.Get(Webhook)!, cancellation).ConfigureAwait(false);
        if (!invocation.Get(Yes))
        {
            throw Refusal.Wrong("Removing a webhook deletes its secret and its calls.", $"Repeat it with --yes: parley webhook remove {webhook.Name} --yes, or let it rest: parley webhook pause {webhook.Name}", "yes");
        }

        await client.Webhooks.RemoveAsync(webhook.Name, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Removed the webhook {webhook.Name}.", ("removed", webhook.Name));
    }

    private static async Task<string?> SecretAsync(Invocation invocation, CancellationToken cancellation) =>
        invocation.Get(Secret) is { } given ? (await TextInput.ReadAsync(given, cancellation).ConfigureAwait(false)).Trim() : null;
}
