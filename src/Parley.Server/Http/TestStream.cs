using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Turns;
using Parley.Server.Errors;
using Parley.Server.Live;
using Parley.Server.Mapping;

namespace Parley.Server.Http;

/// <summary>What a tried-out agent says as server-sent events, while it says it. Until the first of them a refusal is answered as for every call.</summary>
internal sealed class TestStream : IDisposable
{
    public const string MediaType = "text/event-stream";
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly FrameQueue queue;
    private readonly TimeProvider time;
    private volatile bool begun;

    private TestStream(HttpContext context, TimeProvider time)
    {
        this.time = time;
        queue = new FrameQueue(context.Response.Body, time);
        context.Response.ContentType = MediaType;
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
    }

    public static bool IsAsked(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList([.. request.Headers.Accept!], out var accepted) && accepted.Any(type => type.MediaType == MediaType && type.Quality != 0);

    public static async Task RunAsync(HttpContext context, TimeProvider time, Func<Action<string>, Task<TestedAgent>> ask)
    {
        using var stream = new TestStream(context, time);
        await stream.AskAsync(ask);
        await stream.queue.EmptyAsync().WaitAsync(Patience, time, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => queue.Close();

    private async Task AskAsync(Func<Action<string>, Task<TestedAgent>> ask)
    {
        try
        {
            TestedAgent answer;
            await using (time.CreateTimer(_ => Append(": parley\n\n"), null, Heartbeat, Heartbeat))
            {
                answer = await ask(piece => Append("text", new TestPiece(piece), WireJson.Default.TestPiece));
            }

            Append("done", HostingMapping.ToView(answer), WireJson.Default.TestAnswer);
        }
        catch (ParleyError error) when (begun)
        {
            Append("error", Problems.From(error, traceId: null), WireJson.Default.Problem);
        }
    }

    private void Append<T>(string name, T value, JsonTypeInfo<T> type) => Append($"event: {name}\ndata: {JsonSerializer.Serialize(value, type)}\n\n");

    /// <summary>Never waits and never refuses: an answer has few tokens, so that what waits for a slow reader is small.</summary>
    private void Append(string frame)
    {
        begun = true;
        queue.Append(Encoding.UTF8.GetBytes(frame));
        queue.Flush();
    }
}
