using System.Globalization;
using System.Text.Json;
using Parley.Core.Agents;

namespace Parley.Core.Turns;

/// <summary>Tools that Parley itself gives to every hosted agent.</summary>
public interface ITurnTools
{
    /// <summary>The tools as a model sees them.</summary>
    IReadOnlyList<ToolDefinition> Definitions { get; }

    /// <summary>Runs a call of one of them. Refusals are results.</summary>
    Task<ToolResult> CallAsync(ToolContext context, ToolCall call, CancellationToken cancellationToken);
}

/// <summary>Who calls a tool, and from where.</summary>
/// <param name="Caller">The agent, with its turn as origin.</param>
/// <param name="Agent">The agent.</param>
/// <param name="Facts">What the turn is about.</param>
/// <param name="Lease">What owns the turn; every write checks it.</param>
/// <param name="Key">The key of what the call sends: a repetition after a crash finds the first.</param>
public sealed record ToolContext(Caller Caller, Agent Agent, TurnFacts Facts, Lease Lease, string Key);

/// <summary>The arguments of a tool call, as a model wrote them.</summary>
public static class ToolArguments
{
    /// <summary>Reads the arguments and runs the call; what is not an object of JSON and what Parley refuses becomes a result that says so.</summary>
    public static async Task<ToolResult> RunAsync(ToolCall call, Func<JsonElement, Task<ToolResult>> run)
    {
        try
        {
            using var document = JsonDocument.Parse(call.Arguments.Length == 0 ? "{}" : call.Arguments);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? await run(document.RootElement)
                : new ToolResult("refused: the arguments are not a JSON object.", Failed: true);
        }
        catch (JsonException fault)
        {
            return new ToolResult($"refused: the arguments are not JSON: {fault.Message}", Failed: true);
        }
        catch (ParleyError error) when (TurnWrites.IsRefusal(error))
        {
            var wait = error.RetryAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $" Not before {Math.Ceiling(after.TotalSeconds)} s from now.") : "";
            return new ToolResult($"refused ({error.Code.Name}): {error.Message} {error.Fix}{wait}", Failed: true);
        }
    }

    /// <summary>A text of the arguments, or null.</summary>
    public static string? Text(this JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
