using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Parley.Tests.Runtimes;

/// <summary>A small MCP server over Streamable HTTP with one tool. A session lives until the site is restarted.</summary>
internal sealed class StubToolSite : IAsyncDisposable
{
    private const string SessionHeader = "Mcp-Session-Id";
    private readonly WebApplication _app;
    private string _session = Guid.NewGuid().ToString("N");

    private StubToolSite(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First() + "/mcp");

    public static async Task<StubToolSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var site = new StubToolSite(app);
        app.Run(site.HandleAsync);
        await app.StartAsync();
        return site;
    }

    /// <summary>Forgets its session, as a server that was started again.</summary>
    public Task RestartAsync()
    {
        _session = Guid.NewGuid().ToString("N");
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Method != "POST")
        {
            context.Response.StatusCode = context.Request.Method == "DELETE" ? 200 : 405;
            return;
        }

        var request = await JsonNode.ParseAsync(context.Request.Body);
        var method = request!["method"]!.GetValue<string>();
        if (method is not ("initialize" or "server/discover") && context.Request.Headers[SessionHeader] != _session)
        {
            context.Response.StatusCode = 404;
            return;
        }

        if (request["id"] is null)
        {
            context.Response.StatusCode = 202;
            return;
        }

        var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = request["id"]!.DeepClone() };
        if (Answer(method, request["params"]) is { } result)
        {
            answer["result"] = result;
        }
        else
        {
            answer["error"] = new JsonObject { ["code"] = -32601, ["message"] = "unknown method" };
        }

        context.Response.Headers[SessionHeader] = method == "initialize" ? _session : default;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private static JsonNode? Answer(string method, JsonNode? parameters) => method switch
    {
        "initialize" => JsonNode.Parse($$$"""{"protocolVersion":"{{{parameters!["protocolVersion"]}}}","capabilities":{"tools":{}},"serverInfo":{"name":"site","version":"1"}}"""),
        "ping" => new JsonObject(),
        "tools/list" => JsonNode.Parse("""{"tools":[{"name":"greet","description":"Greets.","inputSchema":{"type":"object","properties":{"name":{"type":"string"}}}}]}"""),
        "tools/call" => JsonNode.Parse($$"""{"content":[{"type":"text","text":"Hello {{parameters!["arguments"]!["name"]}}."}]}"""),
        _ => null,
    };
}
