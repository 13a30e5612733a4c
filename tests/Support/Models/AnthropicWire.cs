using System.Text.Json;
using System.Text.Json.Nodes;

namespace Parley.Tests.Support;

/// <summary>Anthropic's messages as they are on the wire.</summary>
internal static class AnthropicWire
{
    public static object Whole(FakeRequest request, FakeReply reply)
    {
        var content = new JsonArray();
        if (reply.Text.Length > 0)
        {
            content.Add(new JsonObject { ["type"] = "text", ["text"] = reply.Text });
        }

        foreach (var call in reply.Tools)
        {
            content.Add(new JsonObject { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = JsonNode.Parse(call.Arguments) });
        }

        return new JsonObject
        {
            ["id"] = "msg_fake", ["type"] = "message", ["role"] = "assistant", ["model"] = request.Model, ["content"] = content, ["stop_reason"] = Reason(reply), ["stop_sequence"] = null, ["usage"] = Count(reply, reply.Usage?.Output ?? 0),
        };
    }

    public static IEnumerable<(string? Event, string Data)> Before(FakeRequest request, FakeReply reply)
    {
        yield return Event("message_start", new JsonObject
        {
            ["message"] = new JsonObject { ["id"] = "msg_fake", ["type"] = "message", ["role"] = "assistant", ["model"] = request.Model, ["content"] = new JsonArray(), ["stop_reason"] = null, ["stop_sequence"] = null, ["usage"] = Count(reply, 1) },
        });
        yield return Event("ping", []);
        var index = 0;
        if (reply.Text.Length > 0)
        {
            yield return Start(index, new JsonObject { ["type"] = "text", ["text"] = "" });
            foreach (var word in OpenAiWire.Words(reply.Text))
            {
                yield return Delta(index, new JsonObject { ["type"] = "text_delta", ["text"] = word });
            }

            if (reply.End != FakeEnd.Whole)
            {
                yield break;
            }

            yield return Event("content_block_stop", new JsonObject { ["index"] = index++ });
        }

        foreach (var call in reply.Tools)
        {
            yield return Start(index, new JsonObject { ["type"] = "tool_use", ["id"] = call.Id, ["name"] = call.Name, ["input"] = new JsonObject() });
            foreach (var part in call.Arguments.Chunk(7))
            {
                yield return Delta(index, new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = new string(part) });
            }

            yield return Event("content_block_stop", new JsonObject { ["index"] = index++ });
        }
    }

    public static IEnumerable<(string? Event, string Data)> After(FakeReply reply)
    {
        yield return Event("message_delta", new JsonObject
        {
            ["delta"] = new JsonObject { ["stop_reason"] = Reason(reply), ["stop_sequence"] = null }, ["usage"] = new JsonObject { ["output_tokens"] = reply.Usage?.Output ?? 0 },
        });
        yield return Event("message_stop", []);
    }

    private static (string? Event, string Data) Start(int index, JsonObject block) => Event("content_block_start", new JsonObject { ["index"] = index, ["content_block"] = block });

    private static (string? Event, string Data) Delta(int index, JsonObject delta) => Event("content_block_delta", new JsonObject { ["index"] = index, ["delta"] = delta });

    private static (string? Event, string Data) Event(string type, JsonObject data)
    {
        data["type"] = type;
        return (type, data.ToJsonString());
    }

    private static string Reason(FakeReply reply) => reply.AtLimit ? "max_tokens" : reply.Tools.Count > 0 ? "tool_use" : "end_turn";

    private static JsonObject Count(FakeReply reply, int output) => new()
    {
        ["input_tokens"] = reply.Usage?.Input ?? 0, ["cache_read_input_tokens"] = reply.Usage?.Cached ?? 0, ["cache_creation_input_tokens"] = reply.Usage?.Written ?? 0,
        ["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = reply.Usage?.Written ?? 0, ["ephemeral_1h_input_tokens"] = 0 }, ["output_tokens"] = output,
    };
}
