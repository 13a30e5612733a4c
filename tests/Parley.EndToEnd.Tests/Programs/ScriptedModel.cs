using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Parley.EndToEnd.Tests.Programs;

/// <summary>
/// A model for coding agents, over real HTTP: Anthropic's messages and OpenAI's responses. It does what the words "CALL tool {arguments} END" in a prompt say, reads
/// its messages where something tells it that there are some, and acknowledges what it has read.
/// </summary>
internal sealed partial class ScriptedModel : IAsyncDisposable
{
    private readonly WebApplication app;

    private ScriptedModel(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    /// <summary>What was new in each request: prompts, results of tools, what hooks said.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    public static async Task<ScriptedModel> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var model = new ScriptedModel(app);
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception fault) when (!context.RequestAborted.IsCancellationRequested)
            {
                // Programs ask again and again; the test says why.
                model.Heard.Enqueue($"FAULT {fault}");
                throw;
            }
        });
        app.MapPost("/v1/messages", model.AnswerMessagesAsync);
        app.MapPost("/v1/responses", model.AnswerResponsesAsync);
        app.MapFallback(() => Results.Json(new JsonObject()));
        await app.StartAsync();
        return model;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private (string Tool, string Arguments)? Decide(string heard)
    {
        Heard.Enqueue(heard);
        if (Call().Match(heard) is { Success: true } call)
        {
            return (call.Groups[1].Value, call.Groups[2].Value);
        }

        if (Read().Match(heard) is { Success: true } read)
        {
            return ("check_messages", new JsonObject { ["cursor"] = read.Groups[1].Value }.ToJsonString());
        }

        return heard.Contains("Parley's tool check_messages", StringComparison.Ordinal) ? ("check_messages", "{}") : null;
    }

    private async Task AnswerMessagesAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body))!;
        var said = request["messages"]!.AsArray();
        var last = said.Select((message, at) => message!["role"]!.GetValue<string>() == "assistant" ? at : -1).Max();
        var heard = string.Join('\n', said.Skip(last + 1).SelectMany(message => message!["content"] is JsonArray parts ? parts.Select(TextOf) : [message["content"]!.GetValue<string>()]));
        var name = Decide(heard) is { } call ? $"mcp__parley__{call.Tool}" : null;
        var knows = name is not null && request["tools"]?.AsArray().Any(tool => tool!["name"]!.GetValue<string>() == name) == true;
        var block = knows
            ? new JsonObject { ["type"] = "tool_use", ["id"] = $"toolu_{Guid.NewGuid():n}", ["name"] = name, ["input"] = new JsonObject() }
            : new JsonObject { ["type"] = "text", ["text"] = "" };
        var delta = knows
            ? new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = Decide(heard)!.Value.Arguments }
            : new JsonObject { ["type"] = "text_delta", ["text"] = "Done." };
        var message = new JsonObject { ["id"] = $"msg_{Guid.NewGuid():n}", ["type"] = "message", ["role"] = "assistant", ["model"] = request["model"]!.DeepClone(), ["content"] = new JsonArray(), ["usage"] = new JsonObject { ["input_tokens"] = 1, ["output_tokens"] = 1 } };
        await StreamAsync(
            context,
            ("message_start", new JsonObject { ["message"] = message }), ("content_block_start", new JsonObject { ["index"] = 0, ["content_block"] = block }),
            ("content_block_delta", new JsonObject { ["index"] = 0, ["delta"] = delta }), ("content_block_stop", new JsonObject { ["index"] = 0 }),
            ("message_delta", new JsonObject { ["delta"] = new JsonObject { ["stop_reason"] = knows ? "tool_use" : "end_turn" }, ["usage"] = new JsonObject { ["output_tokens"] = 1 } }), ("message_stop", []));
    }

    private async Task AnswerResponsesAsync(HttpContext context)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body))!;
        var said = request["input"]!.AsArray();
        var last = said.Select((item, at) => item!["role"]?.GetValue<string>() == "assistant" || item["type"]?.GetValue<string>() == "function_call" ? at : -1).Max();
        var heard = string.Join('\n', said.Skip(last + 1).SelectMany(item => (item!["content"] ?? item["output"]) is JsonArray parts ? parts.Select(TextOf) : [item["output"]?.ToString() ?? ""]));
        var item = Decide(heard) is { } call
            ? new JsonObject { ["type"] = "function_call", ["id"] = "f1", ["call_id"] = $"call_{Guid.NewGuid():n}", ["namespace"] = "mcp__parley", ["name"] = call.Tool, ["arguments"] = call.Arguments }
            : new JsonObject { ["type"] = "message", ["role"] = "assistant", ["id"] = "m1", ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = "Done." }) };
        var usage = new JsonObject { ["input_tokens"] = 1, ["output_tokens"] = 1, ["total_tokens"] = 2 };
        await StreamAsync(
            context,
            ("response.created", new JsonObject { ["response"] = new JsonObject { ["id"] = "r1" } }), ("response.output_item.done", new JsonObject { ["item"] = item }),
            ("response.completed", new JsonObject { ["response"] = new JsonObject { ["id"] = "r1", ["usage"] = usage } }));
    }

    private static string TextOf(JsonNode? part) => part?["text"]?.GetValue<string>() ?? (part?["content"] is JsonArray parts ? string.Join('\n', parts.Select(TextOf)) : part?["content"]?.ToString() ?? "");

    private static async Task StreamAsync(HttpContext context, params (string Name, JsonObject Data)[] events)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var (name, data) in events)
        {
            data["type"] = name;
            await context.Response.WriteAsync($"event: {name}\ndata: {data.ToJsonString()}\n\n");
        }
    }

    [GeneratedRegex(@"CALL (\w+) (\{.*?\}) END")]
    private static partial Regex Call();

    /// <summary>An answer of check_messages that has messages.</summary>
    [GeneratedRegex(@"\{""messages"":\[\{.*""cursor"":""([^""]+)""")]
    private static partial Regex Read();
}
