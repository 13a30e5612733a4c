using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Parley.Cli.Mcp;

/// <summary>What a client of the older versions follows: each resource has a stream of the newer version to the server.</summary>
internal sealed class McpFollow(McpListen listen, Func<string, Task> write)
{
    private const string Subscribe = "resources/subscribe";
    private const string Unsubscribe = "resources/unsubscribe";
    private readonly ConcurrentDictionary<string, CancellationTokenSource> followed = new(StringComparer.Ordinal);

    /// <summary>Whether it is for this.</summary>
    public static bool Takes(McpLine line) => line is { Version: null, Name: not null, Method: Subscribe or Unsubscribe };

    /// <summary>Begins or ends to follow; the error of the protocol, or null. Throws <see cref="Client.ParleyException"/>.</summary>
    public async Task<JsonNode?> AnswerAsync(McpLine request, CancellationToken cancellation)
    {
        var uri = request.Name!;
        if (followed.TryRemove(uri, out var before))
        {
            await before.CancelAsync().ConfigureAwait(false);
        }

        if (request.Method == Unsubscribe)
        {
            return null;
        }

        var given = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        followed[uri] = given;
        var first = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = ListenAsync(uri, first, given);
        return await first.Task.ConfigureAwait(false);
    }

    private async Task ListenAsync(string uri, TaskCompletionSource<JsonNode?> first, CancellationTokenSource given)
    {
        try
        {
            await listen.RunAsync(Line(uri), TakeAsync, given.Token).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            first.TrySetException(fault);
        }
        finally
        {
            followed.TryRemove(KeyValuePair.Create(uri, given));
            given.Dispose();
        }

        async Task TakeAsync(string text)
        {
            var message = JsonNode.Parse(text)!.AsObject();
            switch (message["method"]?.GetValue<string>())
            {
                case McpListen.Acknowledged:
                    first.TrySetResult(null);
                    break;
                case McpListen.Updated:
                    message["params"]!.AsObject().Remove("_meta");
                    await write(message.ToJsonString()).ConfigureAwait(false);
                    break;
                default:
                    first.TrySetResult(message["error"]?.DeepClone());
                    break;
            }
        }
    }

    private static string Line(string uri) => new JsonObject
    {
        ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = McpListen.Method,
        ["params"] = new JsonObject
        {
            ["notifications"] = new JsonObject { ["resourceSubscriptions"] = new JsonArray(uri) },
            ["_meta"] = new JsonObject { ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28", ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject() },
        },
    }.ToJsonString();
}
