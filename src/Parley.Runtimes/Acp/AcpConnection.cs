using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Acp;

/// <summary>JSON-RPC 2.0 with a program: one message a line, in both directions.</summary>
internal sealed class AcpConnection : IDisposable
{
    private const int MethodNotFound = -32601;

    private static readonly byte[] s_lineEnd = "\n"u8.ToArray();
    private readonly Stream _input;
    private readonly Action<string, JsonElement> _told;
    private readonly Func<string, JsonElement, CancellationToken, Task<JsonObject?>> _asked;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _waiting = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private Exception? _ended;
    private long _last;

    /// <param name="input">What the program reads.</param>
    /// <param name="output">What it prints.</param>
    /// <param name="told">Takes its notifications, in their order.</param>
    /// <param name="asked">Answers its requests; null where it knows no such method.</param>
    public AcpConnection(Stream input, Stream output, Action<string, JsonElement> told, Func<string, JsonElement, CancellationToken, Task<JsonObject?>> asked)
    {
        (_input, _told, _asked) = (input, told, asked);
        _ = Task.Run(() => ReadAsync(output));
    }

    /// <summary>Asks and returns the result. Throws <see cref="AcpRefusal"/> for an error, <see cref="AcpEnd"/> where the program ends before it answers.</summary>
    public async Task<JsonElement> AskAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        if (Volatile.Read(ref _ended) is { } ended)
        {
            answer.TrySetException(ended);
        }

        await WriteAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters }, cancellationToken).ConfigureAwait(false);
        try
        {
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Tells without an answer.</summary>
    public Task TellAsync(string method, JsonObject parameters, CancellationToken cancellationToken) =>
        WriteAsync(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = parameters }, cancellationToken);

    /// <summary>Answers nothing more. It goes on reading until the program is gone, which is the business of whoever has started it.</summary>
    public void Dispose() => _closing.Cancel();

    private async Task WriteAsync(JsonObject message, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(message.ToJsonString());
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _input.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            await _input.WriteAsync(s_lineEnd, cancellationToken).ConfigureAwait(false);
            await _input.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It reads no more; the end of its output says the rest.
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadAsync(Stream output)
    {
        Exception end = new AcpEnd("ended");
        try
        {
            using var reader = new StreamReader(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: false);
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                Take(line);
            }
        }
        catch (JsonException)
        {
            end = new AcpEnd("wrote what is no message of the protocol, or stopped in the middle of one");
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            end = fault is Core.Turns.RuntimeFault ? fault : end;
        }

        Volatile.Write(ref _ended, end);
        foreach (var waiting in _waiting.Values)
        {
            waiting.TrySetException(end);
        }
    }

    private void Take(string line)
    {
        // Some programs print a word of their own first, or empty lines.
        if (!line.AsSpan().TrimStart().StartsWith("{"))
        {
            return;
        }

        using var json = JsonDocument.Parse(line);
        var message = json.RootElement.Clone();
        if (message.Word("method") is { } method)
        {
            var parameters = message.At("params") ?? default;
            if (message.At("id") is { } id)
            {
                _ = Task.Run(() => AnswerAsync(id, method, parameters));
            }
            else
            {
                _told(method, parameters);
            }
        }
        else if (message.At("id") is { ValueKind: JsonValueKind.Number } answered && answered.TryGetInt64(out var number) && _waiting.TryGetValue(number, out var waiting))
        {
            if (message.At("error") is { } error)
            {
                waiting.TrySetException(AcpRefusal.Of(error));
            }
            else
            {
                waiting.TrySetResult(message.At("result") ?? default);
            }
        }
    }

    private async Task AnswerAsync(JsonElement id, string method, JsonElement parameters)
    {
        try
        {
            var result = await _asked(method, parameters, _closing.Token).ConfigureAwait(false);
            var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = JsonNode.Parse(id.GetRawText()) };
            if (result is null)
            {
                answer["error"] = new JsonObject { ["code"] = MethodNotFound, ["message"] = string.Create(CultureInfo.InvariantCulture, $"Parley has no method '{method}'.") };
            }
            else
            {
                answer["result"] = result;
            }

            await WriteAsync(answer, _closing.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            // The step has ended.
        }
    }
}

/// <summary>The program ended, or cannot be understood any more.</summary>
internal sealed class AcpEnd(string how) : Exception(how);

/// <summary>The program answered with an error.</summary>
internal sealed class AcpRefusal(int code, string message) : Exception(message)
{
    /// <summary>It wants somebody to log in first.</summary>
    public const int LogIn = -32000;

    public int Code => code;

    public static AcpRefusal Of(JsonElement error)
    {
        var detail = error.At("data") switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { ValueKind: JsonValueKind.Object } data => data.Word("details") ?? data.Word("message"),
            _ => null,
        };
        var message = error.Word("message") ?? "it does not say why";
        return new AcpRefusal(error.At("code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt32(out var number) ? number : 0, detail is null ? message : $"{message}: {detail}");
    }
}
