using System.Globalization;
using System.Text.Json;
using Parley.Core.Turns;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Acp;

/// <summary>What a program tells of a prompt while it works. Until the prompt begins it only repeats what was before.</summary>
internal sealed class AcpUpdates(ProgramReport report)
{
    private const string PlanId = "parley:plan";
    private volatile bool _live;
    private bool _between;
    private decimal? _cost;

    /// <summary>What its session has cost by its own count, in US dollars; null where it does not say.</summary>
    public decimal? SessionCost => _cost;

    /// <summary>What comes now belongs to the prompt.</summary>
    public void Begin() => _live = true;

    public void Take(string method, JsonElement parameters)
    {
        if (method != "session/update" || parameters.At("update") is not { } update)
        {
            return;
        }

        switch (update.Word("sessionUpdate"))
        {
            case "usage_update":
                Cost(update);
                break;
            case "agent_message_chunk" when _live:
                Say(update.At("content"));
                break;
            case "tool_call" or "tool_call_update" when _live:
                // What it said before it took up a tool is thinking aloud; what it says last is the answer.
                _between = true;
                report.Call(update.Word("toolCallId") ?? "", update.Word("title"), update.Word("status"));
                break;
            case "plan" when _live:
                Plan(update);
                break;
            default:
                break;
        }
    }

    private void Say(JsonElement? content)
    {
        if (content.Word("type") != "text" || content.Word("text") is not { Length: > 0 } text)
        {
            return;
        }

        if (_between)
        {
            _between = false;
            report.Restart();
        }

        report.Say(text);
    }

    private void Plan(JsonElement update)
    {
        var entries = ((JsonElement?)update).List("entries").ToList();
        var done = entries.Count(entry => entry.Word("status") == "completed");
        report.Call(
            PlanId, "plan: " + string.Join("; ", entries.Select(entry => entry.Word("content"))), string.Create(CultureInfo.InvariantCulture, $"{done} of {entries.Count} done"));
    }

    private void Cost(JsonElement update)
    {
        if (update.At("cost") is { } cost && cost.Word("currency") == "USD")
        {
            _cost = cost.Money("amount") ?? _cost;
        }
    }

    /// <summary>The tokens of the prompt, where the answer to it counts them.</summary>
    public static Usage? UsageOf(JsonElement answer)
    {
        if (answer.At("usage") is not { } usage)
        {
            return null;
        }

        var (cached, written) = (usage.Count("cachedReadTokens"), usage.Count("cachedWriteTokens"));
        return new Usage(usage.Count("inputTokens") + cached + written, cached, usage.Count("outputTokens") + usage.Count("thoughtTokens"), written);
    }
}
