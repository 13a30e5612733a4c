using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Parley.Client;

namespace Parley.Cli.Mcp;

/// <summary>
/// Carries the client's lines to the server and its answers back. It keeps nothing, so that a server which was started again, or a client that begins where it likes,
/// changes nothing.
/// </summary>
internal sealed class McpBridge : IDisposable
{
    private const int ParseError = -32700;
    private const int ServerError = -32000;

    /// <summary>What is under way when the client has closed its side still gets so long.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, CancellationTokenSource> running = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly List<Task> tasks = [];
    private readonly McpForward forward;
    private readonly McpListen listen;
    private readonly McpFollow follow;
    private readonly Stream output;
    private readonly TimeProvider time;
    private Task ordered = Task.CompletedTask;

    public McpBridge(McpForward forward, Stream output, TimeProvider time)
    {
        (this.forward, this.output, this.time) = (forward, output, time);
        listen = new McpListen(forward, time);
        follow = new McpFollow(listen, WriteAsync);
    }

    public async Task RunAsync(TextReader input, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // What is followed ends with the client; what was asked is answered first.
        using var left = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        // A terminal's or pipe's read cannot be interrupted; the program ends without it.
        while (await input.ReadLineAsync(cancellation).AsTask().WaitAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                await TakeAsync(line, end.Token, left.Token).ConfigureAwait(false);
                tasks.RemoveAll(task => task.IsCompleted);
            }
        }

        await left.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(tasks).WaitAsync(LastWord, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => writing.Dispose();

    private async Task TakeAsync(string line, CancellationToken cancellation, CancellationToken left)
    {
        if (McpLine.Parse(line) is not { } message)
        {
            await WriteAsync(Error("null", ParseError, "The line is not a JSON object.")).ConfigureAwait(false);
        }
        else if (message.Cancelled is { } id)
        {
            // One that was answered already is not there any more, and that is well.
            if (running.TryGetValue(id, out var given))
            {
                await given.CancelAsync().ConfigureAwait(false);
            }
        }
        else if (message is { Id: not null, Method: not null })
        {
            var before = message.IsOrdered ? ordered : Task.CompletedTask;
            var task = AnswerAsync(line, message, before, message.Method == McpListen.Method ? left : cancellation, left);
            tasks.Add(task);
            ordered = message.IsOrdered ? task : ordered;
        }
    }

    private async Task AnswerAsync(string line, McpLine request, Task before, CancellationToken cancellation, CancellationToken left)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        running[request.Id!] = given;
        try
        {
            await before.WaitAsync(given.Token).ConfigureAwait(false);
            await (McpFollow.Takes(request) ? FollowAsync(request, left)
                : request.Method == McpListen.Method ? listen.RunAsync(line, WriteAsync, given.Token)
                : forward.RunAsync(line, request, WriteAsync, given.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (given.IsCancellationRequested || left.IsCancellationRequested)
        {
            // Given up by the client: it wants no answer.
        }
        catch (ParleyException refusal)
        {
            await WriteAsync(request.IsCall ? Refused(request, refusal) : Error(request.Id!, ServerError, $"{refusal.Message} {refusal.Fix}")).ConfigureAwait(false);
        }
        finally
        {
            running.TryRemove(KeyValuePair.Create(request.Id!, given));
        }
    }

    private async Task FollowAsync(McpLine request, CancellationToken left)
    {
        var error = await follow.AnswerAsync(request, left).ConfigureAwait(false);
        await WriteAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = JsonNode.Parse(request.Id!), [error is null ? "result" : "error"] = error ?? new JsonObject() }.ToJsonString()).ConfigureAwait(false);
    }

    private static string Error(string id, int code, string message) =>
        new JsonObject { ["jsonrpc"] = "2.0", ["id"] = JsonNode.Parse(id), ["error"] = new JsonObject { ["code"] = code, ["message"] = message } }.ToJsonString();

    /// <summary>The answer to a call that a model reads, as the server writes it.</summary>
    private static string Refused(McpLine request, ParleyException refusal)
    {
        var text = new JsonObject { ["code"] = refusal.Code, ["message"] = refusal.Message, ["fix"] = refusal.Fix }.ToJsonString();
        var result = new JsonObject { ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }), ["isError"] = true };
        if (request.Version is not null)
        {
            result["resultType"] = "complete";
        }

        return new JsonObject { ["jsonrpc"] = "2.0", ["id"] = JsonNode.Parse(request.Id!), ["result"] = result }.ToJsonString();
    }

    private async Task WriteAsync(string line)
    {
        await writing.WaitAsync().ConfigureAwait(false);
        try
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n")).ConfigureAwait(false);
            await output.FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            writing.Release();
        }
    }
}
