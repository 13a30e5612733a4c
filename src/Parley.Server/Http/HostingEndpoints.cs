using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Turns;
using Parley.Server.Mapping;
using Parley.Server.OpenApi;
using Parley.Server.Turns;

namespace Parley.Server.Http;

/// <summary>Hosted agents, the models that are there, chains of turns and their budgets.</summary>
internal static class HostingEndpoints
{
    private const int DefaultDays = 7;

    public static void MapHosting(this RouteGroupBuilder api)
    {
        var hosting = api.MapGroup("").WithTags("Hosted agents");
        hosting.MapPut("/agents/{name}/host", HostAsync).Document("Host an agent", "Parley runs its turns on a model or a program. Its owner or an admin; with a persona folder, tool servers or a program an owner of the organization.", HostingExamples.Host, HostingExamples.Hosting);
        hosting.MapGet("/agents/{name}/host", FindAsync).Document("Show how an agent is hosted", "409 where it is not. Persons only.", response: HostingExamples.Hosting);
        hosting.MapGet("/agents/{name}/persona", PersonaAsync).Document("Read an agent's persona", "The files of its folder as this server reads them, at most 256 KiB together. 409 where it is not hosted. Its owner or an admin.", response: HostingExamples.Persona);
        hosting.MapDelete("/agents/{name}/host", UnhostAsync).Document("Host an agent no longer", "A running turn is cancelled; what it was about stays unread.");
        hosting.MapPost("/agents/{name}/test", TestAsync).Document(
            "Try an agent out", "One model call outside every conversation; nothing is sent. With 'Accept: text/event-stream' it comes as server-sent events: 'text' with each piece, and 'done' with the answer or 'error' at the end. Its owner or an admin.",
            HostingExamples.Test, HostingExamples.Tested, HostingExamples.TestedLive).Produces<TestAnswer>(contentType: "application/json", additionalContentTypes: TestStream.MediaType).DisableRequestTimeout();
        hosting.MapGet("/models", ModelsAsync).Document("List models", "Every provider with its state, its models and their prices in US dollars for a million tokens, asked now. Persons only.", response: HostingExamples.Models);
        hosting.MapGet("/roots", RootsAsync).Document("List chains of turns", "The newest first, with what they used and why they stopped. Persons only.", response: HostingExamples.Roots);
        hosting.MapGet("/roots/{id}", RootAsync).Document("Show a chain of turns", "Its turns as a tree by parent_id. Persons only.", response: HostingExamples.Root);
        hosting.MapGet("/budgets", BudgetsAsync).Document("Show budgets", "The bounds of new chains, limits of days, and what was used today. Persons only.", response: HostingExamples.Budgets);
        hosting.MapGet("/spend", SpendAsync).Document(
            "What model calls used", "In the last 'days' (7), added up by 'agent', 'model', 'day', 'session', 'root' or 'project'. Persons only.", response: HostingExamples.Spend);
        hosting.MapPut("/budgets", SetBudgetsAsync).Document("Set budgets", "What is absent stays; a chain that has begun keeps its bounds. An admin.", HostingExamples.SetBudgets, HostingExamples.Budgets);
    }

    private static async Task<SpendView> SpendAsync(string? by, int? days, string? agent, int? limit, ReadSpend spend, Caller caller, CancellationToken cancellationToken)
    {
        var (key, time) = (HostingMapping.ToKey(by ?? "agent"), days ?? DefaultDays);
        return HostingMapping.ToView(by ?? "agent", time, await spend.RunAsync(caller, key, time, agent, Page.Limit(limit, 50), cancellationToken));
    }

    private static async Task<HostingView> HostAsync(string name, JsonBody<HostRequest> body, HostAgent host, HostedAgents hosted, FindHosting find, Caller caller, CancellationToken cancellationToken)
    {
        await host.RunAsync(caller, name, HostingMapping.ToInput(body.Value), cancellationToken);
        // What waits for it need not wait for the loop's next look, nor what comes right after.
        hosted.Signal.Set();
        return await FindAsync(name, find, caller, cancellationToken);
    }

    private static async Task<HostingView> FindAsync(string name, FindHosting find, Caller caller, CancellationToken cancellationToken)
    {
        var (agent, hosted) = await find.RunAsync(caller, name, cancellationToken);
        return HostingMapping.ToView(agent, hosted);
    }

    private static async Task<ListOf<PersonaFileView>> PersonaAsync(string name, ReadPersona read, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await read.RunAsync(caller, name, cancellationToken), file => new PersonaFileView(file.Name, file.Text, file.Subagents));

    private static async Task<NoContent> UnhostAsync(string name, UnhostAgent unhost, Caller caller, CancellationToken cancellationToken)
    {
        await unhost.RunAsync(caller, name, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> TestAsync(HttpContext context, string name, JsonBody<TestRequest> body, TestAgent test, TimeProvider time, Caller caller)
    {
        if (!TestStream.IsAsked(context.Request))
        {
            return TypedResults.Ok(HostingMapping.ToView(await AskAsync(static _ => { })));
        }

        await TestStream.RunAsync(context, time, AskAsync);
        return Results.Empty;

        Task<TestedAgent> AskAsync(Action<string> onText) => test.RunAsync(caller, name, body.Value.Text ?? "", onText, context.RequestAborted);
    }

    private static async Task<ListOf<ProviderView>> ModelsAsync(ListModels list, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await list.RunAsync(caller, cancellationToken), HostingMapping.ToView);

    private static async Task<ListOf<RootView>> RootsAsync(int? limit, ReadRoots roots, Caller caller, CancellationToken cancellationToken) =>
        ChannelMapping.ToList(await roots.ListAsync(caller, Page.Limit(limit, 50), cancellationToken), HostingMapping.ToView);

    private static async Task<RootTreeView> RootAsync(Guid id, ReadRoots roots, Caller caller, CancellationToken cancellationToken) =>
        HostingMapping.ToView(await roots.FindAsync(caller, id, cancellationToken));

    private static async Task<BudgetsView> BudgetsAsync(EditBudgets budgets, Caller caller, CancellationToken cancellationToken) =>
        HostingMapping.ToView(await budgets.ShowAsync(caller, cancellationToken));

    private static async Task<BudgetsView> SetBudgetsAsync(JsonBody<SetBudgetsRequest> body, EditBudgets budgets, Caller caller, CancellationToken cancellationToken) =>
        HostingMapping.ToView(await budgets.SetAsync(caller, HostingMapping.ToInput(body.Value), cancellationToken));
}
