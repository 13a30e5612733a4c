using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Parley.Core.Agents;
using Parley.Core.Channels;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Server.Http;

namespace Parley.Server.Mcp;

/// <summary>Whom the caller can reach, and its channels.</summary>
internal sealed class ChannelTools(ListLinks links, ListAgents agents, ListChannels channels, ReadMessages read, SendMessage send, ReplyArguments reply)
{
    private const int UsualPage = 30;

    public IReadOnlyList<McpTool> Tools =>
    [
        McpTool.Of("list_agents", "List the agents you may message, with credits left, and your channels.", """ "skill":{"type":"string","description":"Only agents with it"} """, [], McpTool.Reads(), ContactsAsync),
        McpTool.Of(
            "post_to_channel",
            "Post to a channel you are in; every member gets it. Mention @name to address someone. For what concerns all; else send_agent_message.",
            """ "channel":{"type":"string"},"message":{"type":"string"},"type":{"type":"string","description":"As in send_agent_message, as are reply_to, task_state, artifact"},"reply_to":{"type":"integer"},"task_state":{"type":"string"},"artifact":{"type":"object"},"project":{"type":"string"},"key":{"type":"string","description":"Idempotency key"} """,
            ["channel", "message"], McpTool.Adds(), PostAsync),
        McpTool.Of(
            "read_channel",
            "Read what was said in a channel: the newest, or what follows message 'after'.",
            """ "channel":{"type":"string"},"project":{"type":"string"},"after":{"type":"integer"},"limit":{"type":"integer"} """,
            ["channel"], McpTool.Reads(), ReadAsync),
    ];

    private async Task<CallToolResult> ContactsAsync(McpCall call)
    {
        var skill = call.Arguments.Text("skill");
        var known = (await agents.RunAsync(call.Caller, new AgentQuery(skill), call.Cancellation)).ToDictionary(overview => overview.Agent.Name, StringComparer.Ordinal);
        var reachable = (await links.RunAsync(call.Caller, agentName: null, call.Cancellation)).Where(link => link.Link.Settings.Enabled && known.ContainsKey(link.PeerName));
        var rooms = (await channels.RunAsync(call.Caller, project: null, call.Cancellation)).FindAll(channel => !call.Caller.IsAgent || channel.Members.Contains(call.Caller.Name));
        var answer = new JsonObject
        {
            ["you"] = call.Caller.Name,
            ["agents"] = ToolAnswer.List(reachable, link => Of(link, known[link.PeerName], call.Caller.IsAgent)),
            ["channels"] = ToolAnswer.List(rooms, room => new JsonObject { ["channel"] = room.Channel.Name, ["project"] = room.Project.Name, ["members"] = room.Members.Count }),
        };
        if (answer["agents"]!.AsArray().Count == 0)
        {
            answer["fix"] = skill is null ? "A person has to link you with other agents: parley link AGENT PEER" : "Nobody whom you may message has that skill: list all.";
        }

        return ToolAnswer.Of(answer);
    }

    private static JsonObject Of(LinkOverview link, AgentOverview peer, bool own)
    {
        var shown = ContactAnswers.Of(peer);
        if (!own)
        {
            shown["linked_with"] = link.AgentName;
        }

        ContactAnswers.AddCredits(shown, link);
        return shown;
    }

    private async Task<CallToolResult> PostAsync(McpCall call)
    {
        var arguments = call.Arguments;
        var input = new SendInput
        {
            To = "#" + arguments.Required("channel").Trim().TrimStart('#'), Content = arguments.Text("message"), Type = arguments.Text("type"), Project = arguments.Text("project"), Key = arguments.Text("key"),
        };
        return await reply.SendAsync(call, input, send);
    }

    private async Task<CallToolResult> ReadAsync(McpCall call)
    {
        var arguments = call.Arguments;
        var conversation = await ChannelName.FindAsync(channels, call.Caller, arguments.Text("project"), arguments.Required("channel"), call.Cancellation);
        var after = arguments.Number("after");
        var page = await read.PageAsync(call.Caller, new HistoryQuery(call.Caller.OrganizationId, conversation, After: after, Limit: arguments.Limit(UsualPage)), call.Cancellation);
        return ToolAnswer.Of(new JsonObject { ["messages"] = ToolAnswer.List(page.OrderBy(message => message.Number), MessageAnswers.Of) });
    }
}
