using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Parley.Core;
using Parley.Core.Sessions;

namespace Parley.Server.Mcp;

/// <summary>Spawned sessions, with the names of the founding document.</summary>
internal sealed class SubagentTools(
    SpawnSession spawn, SendToSession ask, ListSessions list, ReadSessionLog log, KillSession kill, SteerSession steer, TimeProvider time)
{
    private const int Most = 50;
    private const int LongestWait = 300;
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(30);

    public IReadOnlyList<McpTool> Tools =>
    [
        McpTool.Of(
            "sessions_spawn",
            "Give a task to an agent in a session of its own; the result comes as a message. Answers at once; spawn several, then check_messages: do not poll.",
            """ "agentId":{"type":"string","description":"Agent name"},"task":{"type":"string","description":"All it needs to know"},"model":{"type":"string","description":"provider/model"},"label":{"type":"string"},"timeout":{"type":"integer","description":"Seconds, default 900"},"schema":{"type":"object","description":"JSON Schema of the result"},"announce":{"type":"string","description":"channel:NAME"},"key":{"type":"string"} """,
            ["agentId", "task"], McpTool.Adds(), SpawnAsync),
        McpTool.Of(
            "sessions_send",
            "Ask another session and wait for its answer, or only tell it (wait 0). Name one of sessionKey, agentId, label; label with agentId spawns it where missing.",
            """ "sessionKey":{"type":"string","description":"Such as agent:tesla:main"},"agentId":{"type":"string"},"label":{"type":"string"},"message":{"type":"string"},"wait":{"type":"integer","description":"Seconds, default 30, at most 300"},"key":{"type":"string"} """,
            ["message"], McpTool.Adds(), AskAsync),
        McpTool.Of("sessions_list", "List the sessions you spawned or work in, with status, model, tokens, cost.", """ "active":{"type":"boolean","description":"Only those not ended"} """, [], McpTool.Reads(), ListAsync),
        McpTool.Of(
            "subagents",
            "List, read, steer or kill the sessions you spawned.",
            """ "action":{"type":"string","enum":["list","log","steer","kill"]},"sessionKey":{"type":"string","description":"Key or label; not for list"},"message":{"type":"string","description":"For steer; reason for kill"},"key":{"type":"string"} """,
            ["action"], new ToolAnnotations { DestructiveHint = true, OpenWorldHint = false }, CommandAsync),
    ];

    private async Task<CallToolResult> SpawnAsync(McpCall call)
    {
        var arguments = call.Arguments;
        var receipt = await spawn.RunAsync(
            call.Caller,
            new SpawnInput
            {
                Agent = arguments.Required("agentId"), Task = arguments.Required("task"), Model = arguments.Text("model"), Label = arguments.Text("label"),
                Timeout = arguments.Seconds("timeout", int.MaxValue), Schema = arguments.Object("schema"), Announce = arguments.Text("announce"), Key = arguments.Text("key"),
            },
            call.Cancellation);
        return ToolAnswer.Of(SessionJson.Of(receipt));
    }

    private async Task<CallToolResult> AskAsync(McpCall call)
    {
        var arguments = call.Arguments;
        var input = new SendToSessionInput(
            arguments.Text("sessionKey"), arguments.Text("agentId"), arguments.Text("label"), arguments.Required("message"), arguments.Seconds("wait", LongestWait) ?? UsualWait, arguments.Text("key"));
        var found = await call.WaitAsync(input.Wait!.Value, atMost => ask.RunAsync(call.Caller, input with { Wait = atMost }, call.Cancellation));
        return ToolAnswer.Of(SessionJson.Of(found), new JsonObject { ["parley/message_id"] = found.Sent.Id.ToString() });
    }

    private Task<CallToolResult> ListAsync(McpCall call) => ListAsync(call, call.Arguments.Flag("active"));

    private async Task<CallToolResult> ListAsync(McpCall call, bool active)
    {
        var now = time.GetUtcNow();
        var sessions = await list.RunAsync(call.Caller, agent: null, active, Most, call.Cancellation);
        return ToolAnswer.Of(new JsonObject { [active ? "active" : "sessions"] = ToolAnswer.List(sessions, session => SessionJson.Of(session, now)) });
    }

    private async Task<CallToolResult> CommandAsync(McpCall call)
    {
        var (action, message) = (call.Arguments.Required("action"), call.Arguments.Text("message"));
        switch (action)
        {
            case "list":
                return await ListAsync(call, active: true);
            case "log":
                return ToolAnswer.Of(SessionAnswers.Of(await log.RunAsync(call.Caller, call.Arguments.Required("sessionKey"), call.Cancellation)));
            case "kill":
                var killed = await kill.RunAsync(call.Caller, call.Arguments.Required("sessionKey"), message, call.Cancellation);
                return ToolAnswer.Of(new JsonObject { ["status"] = SubagentRules.NameOf(killed.State), ["sessionKey"] = killed.Key });
            case "steer":
                var steered = await steer.RunAsync(call.Caller, call.Arguments.Required("sessionKey"), message ?? "", call.Arguments.Text("key"), call.Cancellation);
                return ToolAnswer.Of(new JsonObject { ["status"] = "accepted", ["sessionKey"] = steered.Session.Key });
            default:
                throw ParleyError.Invalid("action", "The action is unknown.", "Use list, log, steer or kill.");
        }
    }
}
