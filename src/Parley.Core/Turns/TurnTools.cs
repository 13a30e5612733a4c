namespace Parley.Core.Turns;

/// <summary>The tools of one turn: Parley's own and those of the agent's MCP servers.</summary>
public sealed class TurnTools(IEnumerable<ITurnTools> own, IToolbox toolbox)
{
    private readonly IReadOnlyList<ITurnTools> own = [.. own];
    private readonly IReadOnlyList<ToolDefinition> definitions = [.. own.SelectMany(tools => tools.Definitions)];

    /// <summary>What the model may call, and warnings about servers that are not there.</summary>
    internal async Task<ToolListing> ListAsync(HostedAgent hosted, CancellationToken cancellationToken)
    {
        if (hosted.Tools.Count == 0)
        {
            return new ToolListing(definitions, []);
        }

        var others = await toolbox.ListAsync(hosted.AgentId, hosted.Tools, cancellationToken);
        return others with { Tools = [.. definitions, .. others.Tools.Where(tool => OwnerOf(tool.Name) is null)] };
    }

    private ITurnTools? OwnerOf(string name) => own.FirstOrDefault(tools => tools.Definitions.Any(tool => tool.Name == name));

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
            var result = OwnerOf(call.Name) is { } owner
                ? await owner.CallAsync(new ToolContext(run.Caller, run.Agent, run.Facts, run.Lease, TurnKeys.OfCall(run.Turn.Id, step.Number, results.Count)), call, cancellationToken)
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
