using System.Net;
using System.Text;
using Parley.Bench.Processes;

namespace Parley.Bench.Systems.Parley;

/// <summary>A language model that answers every call with the same words, streamed piece by piece in OpenAI's format.</summary>
sealed class StubModel : IDisposable
{
    const int Pieces = 20;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    static readonly byte[] Piece = Event("""{"id":"stub","object":"chat.completion.chunk","created":1,"model":"stub","choices":[{"index":0,"delta":{"role":"assistant","content":"word "},"finish_reason":null}]}""");
    static readonly byte[] End =
    [
        .. Event("""{"id":"stub","object":"chat.completion.chunk","created":1,"model":"stub","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""),
        .. Event("""{"id":"stub","object":"chat.completion.chunk","created":1,"model":"stub","choices":[],"usage":{"prompt_tokens":500,"completion_tokens":20,"total_tokens":520}}"""),
        .. Event("[DONE]"),
    ];

    readonly HttpListener listener = new();
    int calls;

    StubModel(int port)
    {
        Address = $"http://127.0.0.1:{port}/v1";
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
    }

    public string Address { get; }

    /// <summary>How often it was asked.</summary>
    public int Calls => Volatile.Read(ref calls);

    public static StubModel Start()
    {
        var model = new StubModel(ServerProcess.FreePort());
        model.listener.Start();
        _ = model.ListenAsync();
        return model;
    }

    public void Dispose() => listener.Close();

    async Task ListenAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await listener.GetContextAsync());
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // How it ends.
        }
    }

    async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            await context.Request.InputStream.CopyToAsync(Stream.Null);
            Interlocked.Increment(ref calls);
            context.Response.ContentType = "text/event-stream";
            context.Response.SendChunked = true;
            for (var piece = 0; piece < Pieces; piece++)
            {
                await Task.Delay(Pause, TimeProvider.System);
                await context.Response.OutputStream.WriteAsync(Piece);
                await context.Response.OutputStream.FlushAsync();
            }

            await context.Response.OutputStream.WriteAsync(End);
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The caller has left; what it lost is counted at the end.
        }
    }

    static byte[] Event(string data) => Encoding.UTF8.GetBytes($"data: {data}\n\n");
}
