using System.Text.Json;

namespace Parley.Tests.Support;

/// <summary>OpenAI's chat completions as they are on the wire.</summary>
internal static class OpenAiWire
{
    public static object Whole(FakeRequest request, FakeReply reply) => new
    {
        id = "chatcmpl-fake",
        @object = "chat.completion",
        created = 1_700_000_000,
        model = request.Model,
        choices = new[]
        {
            new
            {
                index = 0,
                message = new { role = "assistant", content = reply.Text, tool_calls = reply.Tools.Count == 0 ? null : reply.Tools.Select(call => new { id = call.Id, type = "function", function = new { name = call.Name, arguments = call.Arguments } }) },
                finish_reason = Reason(reply),
            },
        },
        usage = Count(reply),
    };

    public static IEnumerable<(string? Event, string Data)> Before(FakeRequest request, FakeReply reply)
    {
        yield return Chunk(request, new { role = "assistant", content = "" }, null);
        foreach (var word in Words(reply.Text))
        {
            yield return Chunk(request, new { content = word }, null);
        }

        foreach (var (call, index) in reply.Tools.Select((call, index) => (call, index)))
        {
            yield return Chunk(request, new { tool_calls = new[] { new { index, id = call.Id, type = "function", function = new { name = call.Name, arguments = "" } } } }, null);
            foreach (var part in call.Arguments.Chunk(7))
            {
                yield return Chunk(request, new { tool_calls = new[] { new { index, function = new { arguments = new string(part) } } } }, null);
            }
        }
    }

    public static IEnumerable<(string? Event, string Data)> After(FakeRequest request, FakeReply reply)
    {
        yield return Chunk(request, new { }, Reason(reply));
        if (reply.Usage is not null && request.Body.TryGetProperty("stream_options", out var options) && options.TryGetProperty("include_usage", out var wanted) && wanted.GetBoolean())
        {
            yield return (null, JsonSerializer.Serialize(new { id = "chatcmpl-fake", @object = "chat.completion.chunk", created = 1_700_000_000, model = request.Model, choices = Array.Empty<object>(), usage = Count(reply) }));
        }

        yield return (null, "[DONE]");
    }

    /// <summary>A text in the pieces in which models send it: word by word.</summary>
    public static IEnumerable<string> Words(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf(' ', start) is >= 0 and var blank ? blank + 1 : text.Length;
            yield return text[start..end];
            start = end;
        }
    }

    private static (string? Event, string Data) Chunk(FakeRequest request, object delta, string? reason) => (null, JsonSerializer.Serialize(new
    {
        id = "chatcmpl-fake", @object = "chat.completion.chunk", created = 1_700_000_000, model = request.Model, choices = new[] { new { index = 0, delta, finish_reason = reason } },
    }));

    private static string Reason(FakeReply reply) => reply.AtLimit ? "length" : reply.Tools.Count > 0 ? "tool_calls" : "stop";

    private static object? Count(FakeReply reply) => reply.Usage is not { } usage ? null : new
    {
        prompt_tokens = usage.Input + usage.Cached, completion_tokens = usage.Output, total_tokens = usage.Input + usage.Cached + usage.Output, prompt_tokens_details = new { cached_tokens = usage.Cached },
    };
}
