using System.Net;
using System.Text;
using System.Text.Json;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Mcp;

/// <summary>Calls of the address as bytes, without the package's client.</summary>
internal static class RawMcp
{
    public const string Modern = "2026-07-28";
    private static readonly object Meta = new Dictionary<string, object>
    {
        ["io.modelcontextprotocol/protocolVersion"] = Modern, ["io.modelcontextprotocol/clientCapabilities"] = new { }, ["io.modelcontextprotocol/clientInfo"] = new { name = "raw", version = "1" },
    };

    /// <summary>Posts a body with headers beside the usual ones; null takes one away.</summary>
    public static Task<RawAnswer> PostAsync(HttpClient client, string body, params (string Name, string? Value)[] headers) =>
        PostAsync(client, body, TestContext.Current.CancellationToken, headers);

    public static async Task<RawAnswer> PostAsync(HttpClient client, string body, CancellationToken cancellation, params (string Name, string? Value)[] headers)
    {
        using var request = PostRequest(body, headers);
        using var response = await client.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return new RawAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, text, [.. response.Headers.WwwAuthenticate.Select(one => one.Scheme)]);
    }

    /// <summary>A request of 2026-07-28 with everything that it needs.</summary>
    public static Task<RawAnswer> ModernAsync(HttpClient client, string method, object? parameters = null, params (string Name, string? Value)[] headers) =>
        ModernAsync(client, method, parameters, TestContext.Current.CancellationToken, headers);

    public static async Task<RawAnswer> ModernAsync(HttpClient client, string method, object? parameters, CancellationToken cancellation, params (string Name, string? Value)[] headers)
    {
        using var request = ModernRequest(method, parameters, headers);
        using var response = await client.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return new RawAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, text, []);
    }

    public static HttpRequestMessage ModernRequest(string method, object? parameters = null, params (string Name, string? Value)[] headers)
    {
        var given = JsonSerializer.SerializeToNode(parameters ?? new { })!.AsObject();
        given["_meta"] = JsonSerializer.SerializeToNode(Meta);
        (string, string?)[] usual = [("MCP-Protocol-Version", Modern), ("Mcp-Method", method), ("Mcp-Name", (given["name"] ?? given["uri"])?.GetValue<string>())];
        return PostRequest(JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 7, method, @params = given }), [.. usual, .. headers]);
    }

    private static HttpRequestMessage PostRequest(string body, (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    public static string Request(string method, object? parameters = null) => JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 7, method, @params = parameters ?? new { } });
}

internal sealed record RawAnswer(HttpStatusCode Status, string? MediaType, string Body, IReadOnlyList<string> Challenges)
{
    /// <summary>The one message of the answer, out of its event where it comes as one.</summary>
    public JsonElement Message => JsonElement.Parse(MediaType == "text/event-stream" ? Body.Split('\n').Last(line => line.StartsWith("data:", StringComparison.Ordinal))["data:".Length..] : Body);

    public JsonElement Result => Message.GetProperty("result");

    public int ErrorCode => Message.GetProperty("error").GetProperty("code").GetInt32();
}
