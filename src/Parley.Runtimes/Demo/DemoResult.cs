using System.Globalization;
using System.Text.RegularExpressions;

namespace Parley.Runtimes.Demo;

/// <summary>The end of a session that <c>demo/ghost</c> has spawned, as its prompt tells it.</summary>
internal sealed partial record DemoResult(string Agent, string Status, string Runtime, long Tokens, decimal Cost, string Text)
{
    public bool IsDone => Status == "completed";

    /// <summary>What Parley measured, in words.</summary>
    public string Facts => string.Create(CultureInfo.InvariantCulture, $"{Status} after {Runtime}, {Tokens} tokens, {Dollars(Cost)}");

    private long Seconds => Part().Matches(Runtime).Sum(part => long.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture) * part.Groups[2].Value switch { "h" => 3600, "m" => 60, _ => 1 });

    /// <summary>The result in a block, or null where the block is something else.</summary>
    public static DemoResult? Read(DemoBlock block) => block.Head.TryGetValue("sessionKey", out var key) && key.Split(':') is ["agent", var agent, ..]
        ? new DemoResult(
            agent, block.Head.GetValueOrDefault("status", "ended"), block.Head.GetValueOrDefault("runtime", "0s"), Number(block.Head.GetValueOrDefault("tokens", "")),
            Money(block.Head.GetValueOrDefault("cost", "")), block.Text.Replace(DemoReply.Signature, "", StringComparison.Ordinal).Trim())
        : null;

    /// <summary>Results as a line that <see cref="Listed"/> reads again.</summary>
    public static string List(IEnumerable<DemoResult> results) => string.Join("; ", results.Select(result => $"{result.Agent} ({result.Facts})"));

    /// <summary>What such a line says; without the texts.</summary>
    public static IEnumerable<DemoResult> Listed(string line) => Entry().Matches(line).Select(entry => new DemoResult(
        entry.Groups["agent"].Value, entry.Groups["status"].Value, entry.Groups["runtime"].Value, Number(entry.Groups["tokens"].Value), Money(entry.Groups["cost"].Value), ""));

    /// <summary>What they took together.</summary>
    public static string Total(IReadOnlyList<DemoResult> results) => string.Create(
        CultureInfo.InvariantCulture,
        $"{results.Count} {(results.Count == 1 ? "session" : "sessions")}, {results.Sum(result => result.Tokens)} tokens, {Dollars(results.Sum(result => result.Cost))}; the longest took {Words(results.Max(result => result.Seconds))}, all together {Words(results.Sum(result => result.Seconds))}.");

    private static string Words(long seconds) => Core.Sessions.SubagentRules.Runtime(TimeSpan.FromSeconds(seconds));

    private static string Dollars(decimal cost) => Core.Budgets.BudgetRules.Dollars((long)(cost * 1_000_000));

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static decimal Money(string text) => decimal.TryParse(text.TrimStart('$'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var money) ? money : 0;

    [GeneratedRegex(@"(\d{1,9})([hms])", RegexOptions.CultureInvariant)]
    private static partial Regex Part();

    [GeneratedRegex(@"(?<agent>[\w.-]+) \((?<status>\w+) after (?<runtime>[\dhms ]+), (?<tokens>\d+) tokens, (?<cost>\$[\d.]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Entry();
}
