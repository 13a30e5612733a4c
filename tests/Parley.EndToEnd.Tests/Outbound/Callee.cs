using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Parley.EndToEnd.Tests.Outbound;

/// <summary>Whom Parley calls: a webhook's address at <c>/hook</c>, and an agent of another vendor whose card is at <c>/card.json</c>.</summary>
internal sealed class Callee : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<string> calls = Channel.CreateUnbounded<string>();

    private Callee(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    /// <summary>What the address of the webhook is answered with.</summary>
    public int Status { get; set; } = StatusCodes.Status204NoContent;

    /// <summary>Whether the agent refuses what it is told.</summary>
    public bool Refuses { get; set; }

    public static async Task<Callee> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var callee = new Callee(app);
        app.MapPost("/hook", callee.HookAsync);
        app.MapGet("/card.json", () => Results.Text(callee.Card().ToJsonString(), "application/json"));
        app.MapPost("/rpc", callee.AnswerAsync);
        await app.StartAsync();
        return callee;
    }

    /// <summary>The body of the next call, a message's or a webhook's.</summary>
    public async Task<JsonNode> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return JsonNode.Parse(await calls.Reader.ReadAsync(limit.Token))!;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task HookAsync(HttpContext context)
    {
        await TakeAsync(context);
        context.Response.StatusCode = Status;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var call = await TakeAsync(context);
        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = call["id"]!.DeepClone() };
        if (Refuses)
        {
            answer["error"] = new JsonObject { ["code"] = -32602, ["message"] = "I do not translate that." };
        }
        else
        {
            var text = call["params"]!["message"]!["parts"]![0]!["text"]!.GetValue<string>().ToUpperInvariant();
            answer["result"] = new JsonObject { ["message"] = new JsonObject { ["messageId"] = "m-1", ["role"] = "ROLE_AGENT", ["parts"] = new JsonArray(new JsonObject { ["text"] = text }) } };
        }

        await context.Response.WriteAsJsonAsync(answer);
    }

    private async Task<JsonNode> TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        await calls.Writer.WriteAsync(body);
        return JsonNode.Parse(body)!;
    }

    private JsonObject Card() => new()
    {
        ["name"] = "Other Vendor", ["description"] = "Shouts.", ["version"] = "7", ["capabilities"] = new JsonObject(), ["defaultInputModes"] = new JsonArray("text/plain"),
        ["defaultOutputModes"] = new JsonArray("text/plain"), ["skills"] = new JsonArray(),
        ["supportedInterfaces"] = new JsonArray(new JsonObject { ["url"] = Address + "/rpc", ["protocolBinding"] = "JSONRPC", ["protocolVersion"] = "1.0" }),
    };
}
