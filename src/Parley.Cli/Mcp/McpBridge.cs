using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Parley.Client;

namespace Parley.Cli.Mcp;

/// <summary>
/// Carries the client's lines to the server and its answers back. It keeps nothing, so that a server which was started again, or a client that begins where it likes,
/// changes nothing.
/// </summary>
internal sealed class McpBridge(McpForward forward, Stream output, TimeProvider time) : IDisposable
{
    private const int ParseError = -32700;
    private const int ServerError = -32000;

    /// <summary>What is under way when the client has closed its side still gets so long.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, CancellationTokenSource> running = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly List<Task> tasks = [];
    private Task ordered = Task.CompletedTask;

    public async Task RunAsync(TextReader input, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // A terminal's or pipe's read cannot be interrupted; the program ends without it.
        while (await input.ReadLineAsync(cancellation).AsTask().WaitAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                await TakeAsync(line, end.Token).ConfigureAwait(false);
                tasks.RemoveAll(task => task.IsCompleted);
            }
        }

        await Task.WhenAll(tasks).WaitAsync(LastWord, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => writing.Dispose();

    private async Task TakeAsync(string line, CancellationToken cancellation)
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
            var task = AnswerAsync(line, message, before, cancellation);
            tasks.Add(task);
            ordered = message.IsOrdered ? task : ordered;
        }
    }

    private async Task AnswerAsync(string line, McpLine request, Task before, CancellationToken cancellation)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        running[request.Id!] = given;
        try
        {
            await before.WaitAsync(given.Token).ConfigureAwait(false);
            await forward.RunAsync(line, request, WriteAsync, given.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (given.IsCancellationRequested)
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
