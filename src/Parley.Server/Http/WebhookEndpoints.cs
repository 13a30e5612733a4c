using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Outbound;
using Parley.Core.Webhooks;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;
using Parley.Server.Outbound;

namespace Parley.Server.Http;

/// <summary>Webhooks.</summary>
internal static class WebhookEndpoints
{
    private const int DefaultPage = 50;

    public static void MapWebhooks(this RouteGroupBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks");
        webhooks.MapPost("/", AddAsync).Document(
            "Make a webhook", "It calls when something comes into the agent's inbox, or without an agent when something needs a person. Its secret is shown once. Persons only.", WebhookExamples.Add, WebhookExamples.Made);
        webhooks.MapGet("/", ListAsync).Document("List webhooks", "All of the organization, by name. Persons only.", response: WebhookExamples.Webhooks);
        webhooks.MapGet("/{webhook}", FindAsync).Document("Read a webhook", "With its newest call. Persons only.", response: WebhookExamples.Webhook);
        webhooks.MapDelete("/{webhook}", RemoveAsync).Document("Remove a webhook", "With its calls. Who made it, or an admin.");
        webhooks.MapPost("/{webhook}/test", TestAsync).Document("Try a webhook", "Calls it once with a ping, also in a pause, and tells what came back. Who made it, or an admin.", response: WebhookExamples.Test);
        webhooks.MapPost("/{webhook}/pause", PauseAsync).Document("Pause a webhook", "It calls nobody until it is resumed. Who made it, or an admin.", response: WebhookExamples.Paused);
        webhooks.MapPost("/{webhook}/resume", ResumeAsync).Document("Resume a webhook", "One call tells of all that came meanwhile and is unread. Who made it, or an admin.", response: WebhookExamples.Webhook);
        webhooks.MapPost("/{webhook}/rotate", RotateAsync).Document("Rotate the secret of a webhook", "For a day the old one signs too. Who made it, or an admin.", WebhookExamples.Rotate, WebhookExamples.Rotated);
        webhooks.MapPost("/{webhook}/retry", RetryAsync).Document("Try a call of a webhook now", "One that waits or was given up. Who made it, or an admin.", WebhookExamples.Retry, WebhookExamples.Waiting);
        webhooks.MapGet("/{webhook}/calls", CallsAsync).Document("Read the calls of a webhook", "Newest first; the newest 200 are kept. Persons only.", response: WebhookExamples.Calls);
    }

    private static async Task<Created<SecretWebhookView>> AddAsync(JsonBody<AddWebhookRequest> body, AddWebhook add, ISealedSecrets secrets, Caller caller, CancellationToken cancellationToken)
    {
        var made = await add.RunAsync(caller, WebhookMapping.ToInput(body.Value), cancellationToken);
        return TypedResults.Created($"/api/v1/webhooks/{made.Webhook.Name}", WebhookMapping.ToView(made, secrets));
    }

    private static async Task<ListOf<WebhookView>> ListAsync(ListWebhooks list, ISealedSecrets secrets, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, cancellationToken), webhook => WebhookMapping.ToView(webhook, secrets));

    private static async Task<WebhookView> FindAsync(string webhook, FindWebhook find, ISealedSecrets secrets, Caller caller, CancellationToken cancellationToken) =>
        WebhookMapping.ToView(await find.RunAsync(caller, webhook, cancellationToken), secrets);

    private static async Task<NoContent> RemoveAsync(string webhook, RemoveWebhook remove, Caller caller, CancellationToken cancellationToken)
    {
        await remove.RunAsync(caller, webhook, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<WebhookTestView> TestAsync(string webhook, TestWebhook test, Caller caller, CancellationToken cancellationToken) =>
        WebhookMapping.ToView(await test.RunAsync(caller, webhook, cancellationToken));

    private static async Task<WebhookView> PauseAsync(string webhook, PauseWebhook pause, ISealedSecrets secrets, Caller caller, CancellationToken cancellationToken) =>
        WebhookMapping.ToView(await pause.RunAsync(caller, webhook, cancellationToken), secrets);

    private static async Task<WebhookView> ResumeAsync(string webhook, ResumeWebhook resume, WebhookLoop loop, ISealedSecrets secrets, Caller caller, CancellationToken cancellationToken)
    {
        var resumed = await resume.RunAsync(caller, webhook, cancellationToken);
        loop.Signal.Set();
        return WebhookMapping.ToView(resumed, secrets);
    }

    private static async Task<SecretWebhookView> RotateAsync(
        string webhook, JsonBody<RotateWebhookRequest> body, RotateWebhook rotate, ISealedSecrets secrets, Caller caller, CancellationToken cancellationToken) =>
        WebhookMapping.ToView(await rotate.RunAsync(caller, webhook, body.Value.Secret, cancellationToken), secrets);

    private static async Task<WebhookCallView> RetryAsync(
        string webhook, JsonBody<RetryWebhookRequest> body, RetryWebhook retry, WebhookLoop loop, Caller caller, CancellationToken cancellationToken)
    {
        var call = await retry.RunAsync(caller, webhook, body.Value.Call, cancellationToken);
        loop.Signal.Set();
        return WebhookMapping.ToView(call);
    }

    private static async Task<WebhookCallPage> CallsAsync(string webhook, long? before, int? limit, ReadWebhookCalls read, Caller caller, CancellationToken cancellationToken)
    {
        var rows = Page.Limit(limit, DefaultPage);
        var page = await read.RunAsync(caller, webhook, before, rows, cancellationToken);
        return new WebhookCallPage([.. page.Select(WebhookMapping.ToView)], page.Count == rows ? page[^1].Number : null);
    }
}
