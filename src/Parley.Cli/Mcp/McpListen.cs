using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Client;

namespace Parley.Cli.Mcp;

/// <summary>Keeps a stream of changes open, also over a restart of the server.</summary>
internal sealed class McpListen(McpForward forward, TimeProvider time)
{
    public const string Method = "subscriptions/listen";
    public const string Updated = "notifications/resources/updated";
    public const string Acknowledged = "notifications/subscriptions/acknowledged";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Listens until it is given up or refused. After a restart everything that is followed is told as changed, since it may be. Throws <see cref="ParleyException"/> where
    /// it does not come to a stream.
    /// </summary>
    public async Task RunAsync(string line, Func<string, Task> write, CancellationToken cancellation)
    {
        var (begun, refused) = (false, false);
        while (true)
        {
            try
            {
                await forward.RunAsync(line, McpLine.Parse(line)!, TakeAsync, cancellation).ConfigureAwait(false);
            }
            catch (ParleyException away) when (begun && away.Code is ParleyException.Unreachable or ParleyException.OutcomeUnknown or "shutting_down")
            {
                // It is looked for again.
            }

            if (refused)
            {
                return;
            }

            await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
        }

        async Task TakeAsync(string text)
        {
            var message = JsonNode.Parse(text)!.AsObject();
            var method = message["method"]?.GetValue<string>();
            if (method == Acknowledged && begun)
            {
                await TellAllAsync(message["params"]!.AsObject(), write).ConfigureAwait(false);
            }
            else if (!message.ContainsKey("result"))
            {
                // A result says that the server stops; another begins.
                (begun, refused) = (begun || method == Acknowledged, refused || message.ContainsKey("error"));
                await write(text).ConfigureAwait(false);
            }
        }
    }

    private static async Task TellAllAsync(JsonObject acknowledged, Func<string, Task> write)
    {
        foreach (var uri in acknowledged["notifications"]?["resourceSubscriptions"] as JsonArray ?? [])
        {
            var parameters = new JsonObject { ["uri"] = uri!.DeepClone(), ["_meta"] = acknowledged["_meta"]?.DeepClone() };
            await write(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = Updated, ["params"] = parameters }.ToJsonString()).ConfigureAwait(false);
        }
    }
}
