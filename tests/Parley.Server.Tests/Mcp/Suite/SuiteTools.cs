using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Parley.Core;

namespace Parley.Server.Tests.Mcp.Suite;

/// <summary>The tools that the conformance suite wants of every server, as its scenarios describe them.</summary>
internal static class SuiteTools
{
    /// <summary>One pixel.</summary>
    public const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGMQaHAAAAF0ANHYEaEaAAAAAElFTkSuQmCC";

    /// <summary>One sample of silence.</summary>
    private const string Wav = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQIAAAAAAA==";

    private const string Image = $$"""{"type":"image","data":"{{Png}}","mimeType":"image/png"}""";

    private const string Defaults = """
        {"type":"object","properties":{"name":{"type":"string","default":"John Doe"},"age":{"type":"integer","default":30},"score":{"type":"number","default":95.5},
         "status":{"type":"string","enum":["active","inactive","pending"],"default":"active"},"verified":{"type":"boolean","default":true}}}
        """;

    private const string Enums = """
        {"type":"object","properties":{
         "untitledSingle":{"type":"string","enum":["option1","option2","option3"]},
         "titledSingle":{"type":"string","oneOf":[{"const":"value1","title":"First Option"},{"const":"value2","title":"Second Option"},{"const":"value3","title":"Third Option"}]},
         "legacyEnum":{"type":"string","enum":["opt1","opt2","opt3"],"enumNames":["Option One","Option Two","Option Three"]},
         "untitledMulti":{"type":"array","items":{"type":"string","enum":["option1","option2","option3"]}},
         "titledMulti":{"type":"array","items":{"anyOf":[{"const":"value1","title":"First Choice"},{"const":"value2","title":"Second Choice"},{"const":"value3","title":"Third Choice"}]}}}}
        """;

    private const string User = """
        {"type":"object","properties":{"username":{"type":"string","description":"User's response"},"email":{"type":"string","description":"User's email address"}},"required":["username","email"]}
        """;

    private const string NewerSchema = """
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
         "$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
         "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"}},
         "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
         "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},"then":{"required":["phone"]},"else":{"required":["email"]},
         "additionalProperties":false}
        """;

    public static IReadOnlyList<SuiteTool> All { get; } =
    [
        SuiteTool.Fixed("test_simple_text", """{"content":[{"type":"text","text":"This is a simple text response for testing."}]}"""),
        SuiteTool.Fixed("test_image_content", $$"""{"content":[{{Image}}]}"""),
        SuiteTool.Fixed("test_audio_content", $$"""{"content":[{"type":"audio","data":"{{Wav}}","mimeType":"audio/wav"}]}"""),
        SuiteTool.Fixed("test_embedded_resource", """{"content":[{"type":"resource","resource":{"uri":"test://embedded-resource","mimeType":"text/plain","text":"This is an embedded resource content."}}]}"""),
        SuiteTool.Fixed(
            "test_multiple_content_types",
            $$$"""{"content":[{"type":"text","text":"Multiple content types test:"},{{{Image}}},{"type":"resource","resource":{"uri":"test://mixed-content-resource","mimeType":"application/json","text":"{\"test\":\"data\",\"value\":123}"}}]}"""),
        SuiteTool.Fixed("test_error_handling", """{"isError":true,"content":[{"type":"text","text":"This tool intentionally returns an error for testing"}]}"""),
        SuiteTool.Of("test_tool_with_logging", LogAsync),
        SuiteTool.Of("test_tool_with_progress", ProgressAsync),
        SuiteTool.Of("test_sampling", SampleAsync, """{"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]}"""),
        SuiteTool.Of("test_elicitation", (call, cancellation) => ElicitAsync(call, call.Params.Arguments!["message"].GetString()!, User, cancellation), """{"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}"""),
        SuiteTool.Of("test_elicitation_sep1034_defaults", (call, cancellation) => ElicitAsync(call, "Please look at the defaults", Defaults, cancellation)),
        SuiteTool.Of("test_elicitation_sep1330_enums", (call, cancellation) => ElicitAsync(call, "Please choose", Enums, cancellation)),
        SuiteTool.Of("json_schema_2020_12_tool", (_, _) => Task.FromResult(SuiteTool.Text("ok")), NewerSchema),
        SuiteTool.Of("test_missing_capability", MissingAsync),
        SuiteTool.Of("test_logging_tool", (_, _) => Task.FromResult(SuiteTool.Text("Nothing was logged."))),
    ];

    private static async Task<CallToolResult> LogAsync(RequestContext<CallToolRequestParams> call, CancellationToken cancellation)
    {
        foreach (var text in new[] { "Tool execution started", "Tool processing data", "Tool execution completed" })
        {
            await SuiteTool.TellAsync(call.Server, "notifications/message", new JsonObject { ["level"] = "info", ["logger"] = "suite", ["data"] = text }, cancellation);
        }

        return SuiteTool.Text("Logged.");
    }

    private static async Task<CallToolResult> ProgressAsync(RequestContext<CallToolRequestParams> call, CancellationToken cancellation)
    {
        if (call.Params.ProgressToken is { } token)
        {
            foreach (var progress in new[] { 0, 50, 100 })
            {
                await call.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = progress, Total = 100 }, cancellationToken: cancellation);
            }
        }

        return SuiteTool.Text("Done.");
    }

    private static async Task<CallToolResult> SampleAsync(RequestContext<CallToolRequestParams> call, CancellationToken cancellation)
    {
        var question = new JsonObject
        {
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = new JsonObject { ["type"] = "text", ["text"] = call.Params.Arguments!["prompt"].GetString() } }), ["maxTokens"] = 100,
        };
        var answer = await SuiteTool.AskAsync(call.Server, "sampling/createMessage", question, cancellation);
        return SuiteTool.Text($"LLM response: {answer["content"]!["text"]}");
    }

    private static async Task<CallToolResult> ElicitAsync(RequestContext<CallToolRequestParams> call, string message, string schema, CancellationToken cancellation)
    {
        var answer = await SuiteTool.AskAsync(call.Server, "elicitation/create", new JsonObject { ["message"] = message, ["requestedSchema"] = JsonNode.Parse(schema) }, cancellation);
        return SuiteTool.Text($"Elicitation completed: action={answer["action"]}, content={answer["content"]?.ToJsonString() ?? "{}"}");
    }

    private static Task<CallToolResult> MissingAsync(RequestContext<CallToolRequestParams> call, CancellationToken cancellation) =>
        throw new MissingRequiredClientCapabilityException(JsonSerializer.Deserialize<ClientCapabilities>("""{"sampling":{}}""", McpJsonUtilities.DefaultOptions)!);
}
