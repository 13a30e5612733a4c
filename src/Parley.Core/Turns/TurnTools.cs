namespace Parley.Core.Turns;

/// <summary>The tools of one turn: Parley's own and those of the agent's MCP servers.</summary>
public sealed class TurnTools(BuiltInTools builtIn, IToolbox toolbox)
{
    /// <summary>What the model may call, and warnings about servers that are not there.</summary>
    internal async Task<ToolListing> ListAsync(HostedAgent hosted, CancellationToken cancellationToken)
    {
        if (hosted.Tools.Count == 0)
        {
            return new ToolListing(BuiltInTools.All, []);
        }

        var others = await toolbox.ListAsync(hosted.AgentId, hosted.Tools, cancellationToken);
        return others with { Tools = [.. BuiltInTools.All, .. others.Tools.Where(tool => !BuiltInTools.Has(tool.Name))] };
    }

    /// <summary>
    /// Runs the calls of a step one after the other. After a crash they are run again: what Parley sends is sent once, a tool of a server may run twice.
    /// </summary>
    internal async Task<IReadOnlyList<ToolResult>> CallAsync(TurnRun run, TurnStep step, ToolListing listing, Action<string> calling, CancellationToken cancellationToken)
    {
        var results = new List<ToolResult>(step.Answer.ToolCalls.Count);
        foreach (var call in step.Answer.ToolCalls)
        {
            cancellationToken.ThrowIfCancellationRequested();
            calling(call.Name);
            var result = BuiltInTools.Has(call.Name)
                ? await builtIn.CallAsync(run, call, TurnKeys.OfCall(run.Turn.Id, step.Number, results.Count), cancellationToken)
                : listing.Tools.Any(tool => tool.Name == call.Name)
                    ? await toolbox.CallAsync(run.Hosted.AgentId, run.Hosted.Tools, call, cancellationToken)
                    : new ToolResult($"refused: there is no tool '{call.Name}'. There are: {string.Join(", ", listing.Tools.Select(tool => tool.Name))}.", Failed: true);
            results.Add(Cut(result, run.Hosted));
        }

        return results;
    }

    /// <summary>One result takes at most a quarter of the context.</summary>
    private static ToolResult Cut(ToolResult result, HostedAgent hosted)
    {
        var most = hosted.ContextTokens * TurnPrompt.CharactersPerToken / 4;
        return result.Text.Length <= most ? result : result with { Text = Blocks.Whole(result.Text, most) + "\n[cut by Parley]" };
    }
}
