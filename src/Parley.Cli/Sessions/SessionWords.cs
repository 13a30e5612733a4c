using System.Globalization;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli.Sessions;

/// <summary>Spawned sessions in words, and what an end means to who called the program.</summary>
internal static class SessionWords
{
    /// <summary>The exit code of a command that waited for the session.</summary>
    public static int ExitCodeOf(string status) => status switch
    {
        "completed" => ExitCode.Ok,
        "failed" => ExitCode.Failure,
        _ => ExitCode.TryLater,
    };

    public static string Status(SessionView session) => $"{Words(session.Status)}{(session.Runtime is { } runtime ? (session.EndedAt is null ? " for " : " after ") + runtime : "")}";

    /// <summary>A state as people say it.</summary>
    public static string Words(string status) => status.Replace('_', ' ');

    /// <summary>What it used of what it may use.</summary>
    public static string Tokens(SessionView session) => session.MaxTokens is { } most ? $"{Format.Number(session.Tokens)} of {Format.Number(most)}" : Format.Number(session.Tokens);

    public static string? Cost(SessionView session) => session.MaxCost is { } most ? $"{RootsCommand.Money(session.Cost)} of {RootsCommand.Money(most)}" : RootsCommand.Money(session.Cost);

    /// <summary>One thing of a log as a single line.</summary>
    public static string Line(SessionLogEntryView entry) => SafeText.Line(entry switch
    {
        { Kind: "tool" } => $"{entry.Tool} {entry.Text}{(entry.Answer is { } answer ? $" -> {answer}" : "")}",
        { Kind: "message" } => $"{entry.From} ({entry.Type}): {entry.Text}",
        _ => entry.Text,
    });

    /// <summary>The document's success metrics, with what it aims at.</summary>
    public static (string Name, string? Value)[] Facts(SessionStatsView stats)
    {
        var ended = stats.Completed + stats.Failed + stats.Killed + stats.TimedOut;
        return
        [
            ("spawned", $"{stats.Spawned} in {stats.Days} days: {stats.Completed} completed, {stats.Failed} failed, {stats.Killed} killed, {stats.TimedOut} timed out, {stats.Running} running, {stats.Waiting} waiting"),
            ("spawn success rate", stats.SpawnSuccessRate is { } rate ? $"{Percent(rate)} of {ended} ended (aim: 94% or more)" : "none has ended yet"),
            ("result delivery", stats.ResultDelivery is { } delivered ? $"{Percent(delivered)} (aim: 100%)" : "none has ended yet"),
            ("concurrent capacity", $"{stats.ConcurrentCapacity} agents"),
            ("average response time", stats.Completed > 0 ? Seconds(stats.AverageResponseSeconds) : "none has completed yet"),
            ("cost per spawn", RootsCommand.Money(stats.CostPerSpawn)),
        ];
    }

    private static string Percent(double share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture) + " seconds";
}
