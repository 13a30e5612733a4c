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
    private static readonly Option<Bound?> Tokens = Bound.Option("--tokens", "The most tokens; 'none' removes the limit.", "COUNT", whole: true);
    private static readonly Option<Bound?> Cost = Bound.Option("--cost", "The most US dollars; 'none' removes the limit.", "DOLLARS", whole: false);
    private static readonly Option<int?> Depth = new("--depth") { Description = "How many turns may follow one another in a chain (default 4).", HelpName = "COUNT" };
    private static readonly Option<int?> Turns = new("--turns") { Description = "How many turns a chain may have (default 50).", HelpName = "COUNT" };

    public static Command Build() =>
        new ParleyCommand("budget", "Show and set what hosted agents may use.", "parley budget show", "parley budget set --depth 6 --cost 1.50", "parley budget set --agent tesla --tokens 200000")
        {
            new ParleyCommand("show", "Show the budgets and what was used today.", "parley budget show").Does(ShowAsync),
            new ParleyCommand(
                "set", "Set the bounds of new chains, or with --day, --agent or --project the limit of a day; a limit of a day without --tokens and --cost ends.",
                "parley budget set --turns 30 --tokens 100000", "parley budget set --tokens none", "parley budget set --day --cost 5", "parley budget set --agent tesla")
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
        var budgets = await client.Hosting.ReadBudgetsAsync(cancellation).ConfigureAwait(false);
        var (tokens, cost) = (invocation.Get(Tokens), invocation.Get(Cost));
        var change = DayOf(invocation) is { } day ? new SetBudgetsRequest(Day: Limited(day, budgets, tokens, cost)) : new SetBudgetsRequest(new RootBounds(
            invocation.Get(Depth) ?? budgets.Root.MaxDepth, invocation.Get(Turns) ?? budgets.Root.MaxTurns, Whole(tokens, budgets.Root.MaxTokens), Part(cost, budgets.Root.MaxCost)));
        Show(invocation.Screen, await client.Hosting.SetBudgetsAsync(change, cancellation).ConfigureAwait(false));
    }

    private static DayView? DayOf(Invocation invocation) => invocation.Get(Agent) is { } agent ? new DayView("agent", agent)
        : invocation.Get(Project) is { } project ? new DayView("project", project)
        : invocation.Get(Day) ? new DayView("organization") : null;

    /// <summary>Of a limit's two numbers the one that is not named stays; where none is named the limit ends.</summary>
    private static DayView Limited(DayView day, BudgetsView budgets, Bound? tokens, Bound? cost)
    {
        var before = tokens is null && cost is null ? null
            : budgets.Days.FirstOrDefault(known => known.Scope == day.Scope && (day.Target is null || string.Equals(known.Target, day.Target, StringComparison.OrdinalIgnoreCase)));
        return day with { MaxTokens = Whole(tokens, before?.MaxTokens), MaxCost = Part(cost, before?.MaxCost) };
    }

    private static long? Whole(Bound? bound, long? before) => bound is { } given ? (long?)given.Most : before;

    private static decimal? Part(Bound? bound, decimal? before) => bound is { } given ? given.Most : before;

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
