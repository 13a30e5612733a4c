using System.CommandLine;
using System.Globalization;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley spend</c></summary>
internal static class SpendCommand
{
    private const int BarWidth = 24;
    private static readonly string[] Keys = ["agent", "model", "day", "session", "root", "project"];

    private static readonly Option<string?> By = KeyOption();
    private static readonly Option<int?> Days = new("--days") { Description = "Of the last so many days in UTC, today included (default 7).", HelpName = "COUNT" };
    private static readonly Option<string?> Agent = new("--agent") { Description = "Only of this agent.", HelpName = "NAME", CompletionSources = { Suggestions.Agents } };
    private static readonly Option<int?> Limit = new("--limit") { Description = "How many lines, at most 500.", HelpName = "COUNT" };

    public static Command Build() => new ParleyCommand(
        "spend", "Show what hosted agents' model calls used: tokens and money, added up by agent, model, day, session, chain or project.",
        "parley spend", "parley spend --by day --days 30", "parley spend --by model --agent tesla", "parley spend --by session --json")
    {
        By, Days, Agent, Limit,
    }.Does(RunAsync);

    private static Option<string?> KeyOption()
    {
        var option = new Option<string?>("--by") { Description = "Add it up by this (default agent).", HelpName = string.Join('|', Keys) };
        option.AcceptOnlyFromAmong(Keys);
        return option;
    }

    /// <summary>A bar as long as its share of the greatest, in eighths of a cell.</summary>
    public static string Bar(decimal value, decimal greatest)
    {
        if (value <= 0 || greatest <= 0)
        {
            return "";
        }

        var eighths = Math.Max(1, (int)Math.Round(value / greatest * BarWidth * 8));
        return new string('█', eighths / 8) + (eighths % 8 > 0 ? ((char)('█' + 8 - (eighths % 8))).ToString() : "");
    }

    private static async Task RunAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var spend = await client.Hosting.ReadSpendAsync(invocation.Get(By), invocation.Get(Days), invocation.Get(Agent), invocation.Get(Limit), cancellation).ConfigureAwait(false);
        var screen = invocation.Screen;
        if (screen.IsJson)
        {
            screen.Json(spend, Screen.Wire.SpendView);
            return;
        }

        var money = spend.Lines.Any(line => line.Cost > 0);
        var greatest = spend.Lines.Count == 0 ? 0 : spend.Lines.Max(line => Measure(line, money));
        (string, Func<SpendLineView, string?>)[] columns =
        [
            (spend.By.ToUpperInvariant(), line => line.Key.Length > 0 ? line.Key : "(none)"), ("TURNS", line => Format.Number(line.Turns)), ("CALLS", line => Format.Number(line.Calls)),
            ("TOKENS", line => Format.Number(line.Usage.Input + line.Usage.Output)), ("COST", line => RootsCommand.Money(line.Cost)),
        ];
        screen.Table(
            spend.Lines, string.Create(CultureInfo.InvariantCulture, $"No model was called in the last {spend.Days} days."),
            screen.IsTerminal ? [.. columns, (money ? "SHARE OF COST" : "SHARE OF TOKENS", line => Bar(Measure(line, money), greatest))] : columns);
        if (spend.Lines.Count > 0)
        {
            screen.Line(string.Create(CultureInfo.InvariantCulture, $"{Format.Number(spend.Tokens)} tokens, {RootsCommand.Money(spend.Cost)} in {spend.Days} days"));
        }
    }

    private static decimal Measure(SpendLineView line, bool money) => money ? line.Cost : line.Usage.Input + line.Usage.Output;
}
