using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Parley.Server.Mcp;

/// <summary>A tool: how a model sees it, and what it does.</summary>
internal sealed record McpTool(Tool Definition, Func<McpCall, Task<CallToolResult>> RunAsync)
{
    /// <summary>Changes nothing.</summary>
    public static ToolAnnotations Reads() => new() { ReadOnlyHint = true, OpenWorldHint = false };

    /// <summary>Adds something, and nothing is lost by it.</summary>
    public static ToolAnnotations Adds() => new() { DestructiveHint = false, OpenWorldHint = false };

    /// <summary>The tool with its arguments as the properties of a JSON Schema.</summary>
    public static McpTool Of(string name, string description, string properties, string[] required, ToolAnnotations annotations, Func<McpCall, Task<CallToolResult>> run)
    {
        var needed = required.Length == 0 ? "" : $",\"required\":{JsonSerializer.Serialize(required)}";
        var schema = JsonElement.Parse($"{{\"type\":\"object\",\"properties\":{{{properties}}}{needed}}}");
        return new McpTool(new Tool { Name = name, Description = description, InputSchema = schema, Annotations = annotations }, run);
    }
}
