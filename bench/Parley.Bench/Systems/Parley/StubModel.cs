using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Parley.Bench.Processes;

namespace Parley.Bench.Systems.Parley;

/// <summary>A language model that answers every call with the same words, streamed piece by piece in OpenAI's format.</summary>
sealed class StubModel : IAsyncDisposable
{
    const int Pieces = 20;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    readonly int pieces;
    readonly TimeSpan pause;
    static readonly byte[] Piece = Event("""{"id":"stub","object":"chat.completion.chunk","created":1,"model":"stub","choices":[{"index":0,"delta":{"role":"assistant","content":"word "},"finish_reason":null}]}""");
    static readonly byte[] End =
    [
        .. Event("""{"id":"stub","object":"chat.completion.chunk","created":1,"model":"stub","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""),
        .. Event("""{"id":"stub","object":"chat.completion.chunk","created":1,"model":"stub","choices":[],"usage":{"prompt_tokens":500,"completion_tokens":20,"total_tokens":520}}"""),
        .. Event("[DONE]"),
    ];

    readonly WebApplication app;
    readonly Lock gate = new();
    int calls;
    int underWay;

    StubModel(int port, int pieces, TimeSpan pause)
    {
        (this.pieces, this.pause) = (pieces, pause);
        Address = $"http://127.0.0.1:{port}/v1";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    public string Address { get; }

    /// <summary>How often it was asked.</summary>
    public int Calls => Volatile.Read(ref calls);

    /// <summary>How many requests were under way together, at the most.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Told of every request, when it has come in whole.</summary>
    public Action<string>? Asked { get; init; }

    /// <summary>Told of the same request, right before the end of its answer is written.</summary>
    public Action<string>? Answered { get; init; }

    /// <summary>Streams each answer in 20 pieces, one every 20 ms.</summary>
    public static StubModel Start() => Start(Pieces, Pause);

    /// <summary>Streams each answer in so many pieces, with a pause before each.</summary>
    public static StubModel Start(int pieces, TimeSpan pause) => Start(new StubModel(ServerProcess.FreePort(), pieces, pause));

    /// <summary>Answers at once, and tells when.</summary>
    public static StubModel StartAtOnce(Action<string> asked, Action<string> answered) =>
        Start(new StubModel(ServerProcess.FreePort(), pieces: 1, TimeSpan.Zero) { Asked = asked, Answered = answered });

    static StubModel Start(StubModel model)
    {
        ((IHost)model.app).Start();
        return model;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        Count(1);
        try
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = await reader.ReadToEndAsync();
            Asked?.Invoke(request);
            Interlocked.Increment(ref calls);
            context.Response.ContentType = "text/event-stream";
            for (var piece = 0; piece < pieces; piece++)
            {
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, TimeProvider.System);
                await context.Response.Body.WriteAsync(Piece);
                await context.Response.Body.FlushAsync();
            }

            Answered?.Invoke(request);
            await context.Response.Body.WriteAsync(End);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The caller has left; what it lost is counted at the end.
        }
        finally
        {
            Count(-1);
        }
    }

    void Count(int change)
    {
        lock (gate)
        {
            underWay += change;
            MostAtOnce = Math.Max(MostAtOnce, underWay);
        }
    }

    static byte[] Event(string data) => Encoding.UTF8.GetBytes($"data: {data}\n\n");
}
