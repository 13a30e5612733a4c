using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Parley.Core.Meetings;

namespace Parley.Server.Mcp;

/// <summary>Taking part in meetings.</summary>
internal sealed class MeetingTool(ListMeetings list, PostToMeeting post, ReadMeeting read)
{
    private const int UsualPage = 30;

    public McpTool Tool => McpTool.Of(
        "meeting",
        "Speak in a meeting, or read what was said. With message: says it; @name asks that participant next. Without: the newest, or what follows message 'after'. Without name: lists your meetings.",
        """ "name":{"type":"string"},"message":{"type":"string"},"to":{"type":"array","items":{"type":"string"},"description":"Participants to ask"},"after":{"type":"integer"},"limit":{"type":"integer"},"key":{"type":"string"} """,
        [], McpTool.Adds(), RunAsync);

    private async Task<CallToolResult> RunAsync(McpCall call)
    {
        var arguments = call.Arguments;
        if (arguments.Text("message") is { } message)
        {
            var receipt = await post.RunAsync(call.Caller, arguments.Required("name"), new PostToMeetingInput(message, arguments.Text("key"), arguments.Texts("to")), call.Cancellation);
            var said = new JsonObject { ["number"] = receipt.Message.Number };
            if (Chain.Of(receipt.Message) is { } chain)
            {
                said["asks"] = ToolAnswer.List(chain.Asks, name => JsonValue.Create(name));
                if (chain.Unheard.Count + chain.Unknown.Count > 0)
                {
                    said["not_asked"] = ToolAnswer.List(chain.Unheard.Concat(chain.Unknown), name => JsonValue.Create(name));
                }
            }

            if (receipt.Duplicate)
            {
                said["duplicate"] = true;
            }

            return ToolAnswer.Of(said, MessageAnswers.Meta(receipt));
        }

        if (arguments.Text("name") is not { } meeting)
        {
            var meetings = await list.RunAsync(call.Caller, archived: false, call.Cancellation);
            return ToolAnswer.Of(new JsonObject
            {
                ["meetings"] = ToolAnswer.List(meetings, one => new JsonObject
                {
                    ["name"] = one.Meeting.Name, ["topic"] = one.Meeting.Topic, ["participants"] = string.Join(", ", one.Participants.Select(agent => agent.Name)), ["messages"] = one.Head,
                }),
            });
        }

        var page = await read.PageAsync(call.Caller, meeting, arguments.Number("after"), arguments.Limit(UsualPage), call.Cancellation);
        return ToolAnswer.Of(new JsonObject { ["messages"] = ToolAnswer.List(page, MessageAnswers.Of) });
    }
}
