using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Parley.Tests.Support;

/// <summary>Writes one answer in the format that was asked in.</summary>
internal sealed class FakeWire(HttpContext context, FakeRequest request, FakeReply reply)
{
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (reply.Status != 200)
        {
            await FailAsync(cancellationToken);
        }
        else if (request.Streams)
        {
            await StreamAsync(cancellationToken);
        }
        else
        {
            await context.Response.WriteAsJsonAsync(request.IsAnthropic ? AnthropicWire.Whole(request, reply) : OpenAiWire.Whole(request, reply), cancellationToken);
        }
    }

    private async Task FailAsync(CancellationToken cancellationToken)
    {
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = "application/json";
        if (reply.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = wait;
        }

        if (reply.Location is { } location)
        {
            context.Response.Headers.Location = location;
        }

        var body = reply.Body ?? JsonSerializer.Serialize(new { type = "error", error = new { message = $"The fake fails with {reply.Status}.", type = "fake_error", code = reply.Code } });
        await context.Response.WriteAsync(body, cancellationToken);
    }

    private async Task StreamAsync(CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream";
        var (before, after) = request.IsAnthropic ? (AnthropicWire.Before(request, reply), AnthropicWire.After(reply)) : (OpenAiWire.Before(request, reply), OpenAiWire.After(request, reply));
        foreach (var piece in before)
        {
            if (reply.Pause > TimeSpan.Zero)
            {
                await Task.Delay(reply.Pause, TimeProvider.System, cancellationToken);
            }

            await SendAsync(piece, cancellationToken);
        }

        switch (reply.End)
        {
            case FakeEnd.Whole:
                foreach (var piece in after)
                {
                    await SendAsync(piece, cancellationToken);
                }

                break;
            case FakeEnd.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                break;
            case FakeEnd.Cut:
                context.Abort();
                break;
            case FakeEnd.Malformed:
                await SendAsync(("content_block_delta", """{"type":"content_block_delta","choices":[{"delta":{"""), cancellationToken);
                break;
            case FakeEnd.Error:
                await SendAsync(("error", """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""), cancellationToken);
                break;
            case FakeEnd.Early:
            default:
                break;
        }
    }

    private async Task SendAsync((string? Event, string Data) piece, CancellationToken cancellationToken)
    {
        await context.Response.WriteAsync(piece.Event is null ? $"data: {piece.Data}\n\n" : $"event: {piece.Event}\ndata: {piece.Data}\n\n", cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }
}
