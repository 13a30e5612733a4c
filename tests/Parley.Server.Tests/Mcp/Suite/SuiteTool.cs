using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Parley.Server.Tests.Mcp.Suite;

/// <summary>A tool that the conformance suite calls.</summary>
internal sealed record SuiteTool(string Name, string Schema, Func<RequestContext<CallToolRequestParams>, CancellationToken, Task<CallToolResult>> RunAsync)
{
    private const string NoArguments = """{"type":"object","properties":{}}""";

    public Tool Definition => new() { Name = Name, Description = "For the conformance suite.", InputSchema = JsonElement.Parse(Schema) };

    public static SuiteTool Of(string name, Func<RequestContext<CallToolRequestParams>, CancellationToken, Task<CallToolResult>> run, string schema = NoArguments) => new(name, schema, run);

    public static SuiteTool Fixed(string name, string result) => Of(name, (_, _) => Task.FromResult(JsonSerializer.Deserialize<CallToolResult>(result, McpJsonUtilities.DefaultOptions)!));

    public static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };

    /// <summary>Tells the client something while the call runs.</summary>
    public static Task TellAsync(McpServer server, string method, JsonObject parameters, CancellationToken cancellation) =>
        server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters }, cancellation);

    /// <summary>Asks the client something while the call runs.</summary>
    public static async Task<JsonObject> AskAsync(McpServer server, string method, JsonObject parameters, CancellationToken cancellation) =>
        (await server.SendRequestAsync(new JsonRpcRequest { Method = method, Params = parameters }, cancellation)).Result!.AsObject();
}
