using System.Globalization;
using Parley.Core.Budgets;
using Parley.Core.Turns;

namespace Parley.Core.Sessions;

/// <summary>The states of a spawned session and what bounds it. Pure.</summary>
public static class SubagentRules
{
    /// <summary>What the reason of a session begins with that Parley itself has ended over a limit.</summary>
    public const string Guardian = "session guardian: ";

    /// <summary>Whether a session may go from one state to the other. What has ended stays as it is.</summary>
    public static bool MayFollow(SubagentState from, SubagentState to) => (from, to) switch
    {
        (SubagentState.Held, SubagentState.Queued or SubagentState.Running or SubagentState.Killed or SubagentState.Failed) => true,
        (SubagentState.Queued, SubagentState.Running or SubagentState.Killed or SubagentState.Failed) => true,
        (SubagentState.Running, SubagentState.Completed or SubagentState.Failed or SubagentState.Killed or SubagentState.TimedOut) => true,
        _ => false,
    };

    /// <summary>The name of a state as every door tells it.</summary>
    public static string NameOf(SubagentState state) => state == SubagentState.TimedOut ? "timed_out" : state.ToString().ToLowerInvariant();

    /// <summary>How a session ends whose turn did: by a result, by a failure, or by the guardian.</summary>
    public static SubagentState EndOf(bool hasResult, string? reason) =>
        hasResult ? SubagentState.Completed : reason?.StartsWith(Guardian, StringComparison.Ordinal) is true ? SubagentState.Killed : SubagentState.Failed;

    /// <summary>Why the session may not make a model call that may use that much; null where it may.</summary>
    public static string? Refusal(Ceiling ceiling, SessionUse use, Amount next)
    {
        if (use.Usage.Total + next.Tokens > ceiling.Tokens)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Guardian}it has used {use.Usage.Total} of its {ceiling.Tokens} tokens, and the next model call may need {next.Tokens} (maxTokens).");
        }

        return use.Cost + next.Cost > ceiling.Cost
            ? $"{Guardian}it has used {BudgetRules.Dollars(use.Cost)} of its {BudgetRules.Dollars(ceiling.Cost ?? 0)}, and the next model call may cost {BudgetRules.Dollars(next.Cost)} (maxCost)."
            : null;
    }

    /// <summary>A time as people read it: <c>5m 30s</c>.</summary>
    public static string Runtime(TimeSpan time)
    {
        var seconds = (long)Math.Max(0, Math.Round(time.TotalSeconds));
        return seconds switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m {seconds % 60}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h {seconds / 60 % 60}m {seconds % 60}s"),
        };
    }

    /// <summary>What stands in a text that a model was asked to answer with JSON: without the fence that many put around it.</summary>
    public static string Json(string text)
    {
        var trimmed = text.Trim();
        if (!trimmed.StartsWith("```", StringComparison.Ordinal) || !trimmed.EndsWith("```", StringComparison.Ordinal) || trimmed.Length < 6)
        {
            return trimmed;
        }

        var begin = trimmed.IndexOf('\n', StringComparison.Ordinal);
        return begin < 0 ? trimmed : trimmed[(begin + 1)..^3].Trim();
    }

    /// <summary>Whether one more time was asked for a result that follows the schema.</summary>
    public static bool WasAskedAgain(IEnumerable<TurnStep> steps) => steps.Any(step => step.Followup is { Length: > 0 });
}
