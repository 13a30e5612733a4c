namespace Parley.Core.Turns;

/// <summary>The tools of MCP servers that a person configured for an agent.</summary>
public interface IToolbox
{
    /// <summary>
    /// The tools of the servers, named <c>server_tool</c>. A server that cannot be reached is left out and named in <c>Warnings</c>; it is tried
    /// again the next time.
    /// </summary>
    Task<ToolListing> ListAsync(Guid agentId, IReadOnlyList<ToolServer> servers, CancellationToken cancellationToken);

    /// <summary>Calls a tool that <see cref="ListAsync"/> named and returns its text, at most 64 KiB; a failure is an answer too, never an exception.</summary>
    Task<ToolResult> CallAsync(Guid agentId, IReadOnlyList<ToolServer> servers, ToolCall call, CancellationToken cancellationToken);
}

/// <summary>An MCP server of an agent: a program (stdio) or an address (Streamable HTTP).</summary>
/// <param name="Name">Letters and digits; begins the tools' names.</param>
/// <param name="Command">The program and its arguments, or null.</param>
/// <param name="Url">The address, or null.</param>
/// <param name="Environment">Names of environment variables of the server that are handed to the program; values are never stored.</param>
public sealed record ToolServer(string Name, IReadOnlyList<string>? Command, Uri? Url, IReadOnlyList<string>? Environment = null);

/// <summary>The tools that can be called now.</summary>
public sealed record ToolListing(IReadOnlyList<ToolDefinition> Tools, IReadOnlyList<string> Warnings);

/// <summary>What a tool answered.</summary>
public sealed record ToolResult(string Text, bool Failed);
