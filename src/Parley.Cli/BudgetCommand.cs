using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley budget show|set</c></summary>
internal static class BudgetCommand
{
    private static readonly Option<string?> Agent = new("--agent") { Description = "Limit a day of this agent.", HelpName = "NAME", CompletionSources = { Suggestions.Agents } };
    private static readonly Option<string?> Project = new("--project") { Description = "Limit a day of this project's channels.", HelpName = "NAME", CompletionSources = { Suggestions.Projects } };
    private static readonly Option<bool> Day = new("--day") { Description = "Limit a day of the whole organization." };
    private static readonly Option<long?> Tokens = new("--tokens") { Description = "The most tokens.", HelpName = "COUNT" };
    private static readonly Option<decimal?> Cost = new("--cost") { Description = "The most US dollars.", HelpName = "DOLLARS" };
    private static readonly Option<int?> Depth = new("--depth") { Description = "How many turns may follow one another in a chain (default 4).", HelpName = "COUNT" };
    private static readonly Option<int?> Turns = new("--turns") { Description = "How many turns a chain may have (default 50).", HelpName = "COUNT" };

    public static Command Build() =>
        new ParleyCommand("budget", "Show and set what hosted agents may use.", "parley budget show", "parley budget set --depth 6 --cost 1.50", "parley budget set --agent tesla --tokens 200000")
        {
            new ParleyCommand("show", "Show the budgets and what was used today.", "parley budget show").Does(ShowAsync),
            new ParleyCommand(
                "set", "Set the bounds of new chains, or with --day, --agent or --project the limit of a day; a limit of a day without --tokens and --cost ends.",
                "parley budget set --turns 30 --tokens 100000", "parley budget set --day --cost 5", "parley budget set --agent tesla")
            {
                Depth, Turns, Tokens, Cost, Day, Agent, Project,
            }.Does(SetAsync),
        };

    private static async Task ShowAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        Show(invocation.Screen, await client.Hosting.ReadBudgetsAsync(cancellation).ConfigureAwait(false));
    }

    private static async Task SetAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var (tokens, cost) = (invocation.Get(Tokens), invocation.Get(Cost));
        var day = invocation.Get(Agent) is { } agent ? new DayView("agent", agent, tokens, cost)
            : invocation.Get(Project) is { } project ? new DayView("project", project, tokens, cost)
            : invocation.Get(Day) ? new DayView("organization", null, tokens, cost) : null;
        var before = (await client.Hosting.ReadBudgetsAsync(cancellation).ConfigureAwait(false)).Root;
        var change = day is not null ? new SetBudgetsRequest(Day: day)
            : new SetBudgetsRequest(new RootBounds(invocation.Get(Depth) ?? before.MaxDepth, invocation.Get(Turns) ?? before.MaxTurns, tokens ?? before.MaxTokens, cost ?? before.MaxCost));
        Show(invocation.Screen, await client.Hosting.SetBudgetsAsync(change, cancellation).ConfigureAwait(false));
    }

    private static void Show(Screen screen, BudgetsView budgets)
    {
        if (screen.IsJson)
        {
            screen.Json(budgets, Screen.Wire.BudgetsView);
            return;
        }

        var root = budgets.Root;
        screen.Facts(
            ("chain depth", Format.Number(root.MaxDepth ?? 0)), ("chain turns", Format.Number(root.MaxTurns ?? 0)), ("chain tokens", root.MaxTokens is { } tokens ? Format.Number(tokens) : "no limit"),
            ("chain cost", RootsCommand.Money(root.MaxCost) ?? "no limit"));
        screen.Table(
            budgets.Days, "Nothing was used today.", ("TODAY", day => day.Scope), ("NAME", day => day.Target), ("TOKENS", day => Format.Number(day.Tokens ?? 0)),
            ("OF", day => day.MaxTokens is { } most ? Format.Number(most) : ""), ("COST", day => RootsCommand.Money(day.Cost)), ("OF", day => RootsCommand.Money(day.MaxCost)));
    }
}
