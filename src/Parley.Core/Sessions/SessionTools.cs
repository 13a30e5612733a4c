using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core.Messages;
using Parley.Core.Turns;

namespace Parley.Core.Sessions;

/// <summary>The session tools of every hosted agent, with the names, arguments and answers of the founding document.</summary>
public sealed class SessionTools(
    IDatabase database, SpawnSession spawn, SendToSession ask, ListSessions list, ReadSessionLog log, KillSession kill, SteerSession steer,
    IEnumerable<ISessionRules> rules, TimeProvider time) : ITurnTools
{
    /// <summary>Spawns a session.</summary>
    public const string SpawnName = "sessions_spawn";

    /// <summary>Speaks to a session.</summary>
    public const string SendName = "sessions_send";

    /// <summary>Lists sessions.</summary>
    public const string ListName = "sessions_list";

    /// <summary>Lists, reads, steers and ends what was spawned.</summary>
    public const string SubagentsName = "subagents";

    private readonly Dictionary<SessionKind, ISessionRules> rules = rules.ToDictionary(kind => kind.Kind);

    /// <inheritdoc/>
    public IReadOnlyList<ToolDefinition> Definitions { get; } =
    [
        new(
            SpawnName,
            "Give a task to an agent in a session of its own; answers at once, and its result comes to you by itself as a message. Spawn several for work that can be done side by side, then end your turn: do not poll.",
            """{"type":"object","properties":{"agentId":{"type":"string","description":"The agent's name; you may always spawn yourself."},"task":{"type":"string","description":"All that it needs to know: it sees nothing else."},"model":{"type":"string","description":"provider/model; leave out for the default."},"label":{"type":"string","description":"A short name for the session."},"timeout":{"type":"integer","description":"Seconds; default 900."},"context":{"type":"string","enum":["isolated","fork"],"description":"fork: with a copy of this conversation."},"schema":{"type":"object","description":"JSON Schema that the result has to follow."},"outlive":{"type":"boolean","description":"It goes on when you are ended."}},"required":["agentId","task"],"additionalProperties":false}"""),
        new(
            SendName,
            "Say something to another session and wait for its answer, or only tell it (wait 0). Name one of sessionKey, agentId and label; label with agentId makes that session where there is none.",
            """{"type":"object","properties":{"sessionKey":{"type":"string","description":"Such as agent:patton:main; parent is who spawned you."},"agentId":{"type":"string"},"label":{"type":"string"},"message":{"type":"string"},"wait":{"type":"integer","description":"Seconds; default 30."}},"required":["message"],"additionalProperties":false}"""),
        new(
            ListName,
            "List the sessions that you spawned or work in, with status, runtime, model, tokens and cost.",
            """{"type":"object","properties":{"active":{"type":"boolean","description":"Only those that have not ended."}},"additionalProperties":false}"""),
        new(
            SubagentsName,
            "Watch and command what you spawned: list the active ones, read the log of one, steer it with a message, or kill it.",
            """{"type":"object","properties":{"action":{"type":"string","enum":["list","log","kill","steer"]},"sessionKey":{"type":"string","description":"The key or label; for log, kill and steer."},"message":{"type":"string","description":"For steer; for kill the reason."}},"required":["action"],"additionalProperties":false}"""),
    ];

    /// <inheritdoc/>
    public Task<ToolResult> CallAsync(ToolContext context, ToolCall call, CancellationToken cancellationToken) => ToolArguments.RunAsync(call, arguments => call.Name switch
    {
        SpawnName => SpawnAsync(context, arguments, cancellationToken),
        SendName => AskAsync(context, arguments, cancellationToken),
        ListName => ListAsync(context, arguments.TryGetProperty("active", out var active) && active.ValueKind == JsonValueKind.True, cancellationToken),
        _ => CommandAsync(context, arguments, cancellationToken),
    });

    private async Task<ToolResult> SpawnAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var input = new SpawnInput
        {
            Agent = arguments.Text("agentId") ?? throw Missing("agentId"),
            Task = TurnWrites.Storable(arguments.Text("task") ?? throw Missing("task")),
            Model = arguments.Text("model"),
            Label = arguments.Text("label"),
            Timeout = Seconds(arguments, "timeout"),
            Context = arguments.Text("context"),
            Schema = arguments.TryGetProperty("schema", out var schema) && schema.ValueKind == JsonValueKind.Object ? schema.GetRawText() : null,
            Outlive = arguments.TryGetProperty("outlive", out var outlive) && outlive.ValueKind == JsonValueKind.True,
            Key = context.Key,
        };
        var from = new SpawnOrigin(AskedIn(context)) { Context = input.Context == "fork" ? await ContextAsync(context, cancellationToken) : [] };
        var receipt = await spawn.RunAsync(context.Caller, input, from, unit => TurnWrites.HoldAsync(unit, context.Lease), cancellationToken);
        return Answer(SessionJson.Of(receipt));
    }

    private static Guid? AskedIn(ToolContext context) => context.Facts.Session.Kind == SessionKind.Main ? MainSession.TargetOf(context.Facts)?.Id : null;

    /// <summary>What the turn has before it, the newest at the end.</summary>
    private Task<List<Guid>> ContextAsync(ToolContext context, CancellationToken cancellationToken) => database.ReadAsync(
        async unit =>
        {
            var frame = await rules[context.Facts.Session.Kind].FrameAsync(unit, context.Facts, time.GetUtcNow());
            return frame.History.Select(entry => entry.Message.Id).Concat(context.Facts.Unread.Select(item => item.Message.Id)).ToList();
        },
        cancellationToken);

    private async Task<ToolResult> AskAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var message = TurnWrites.Storable(arguments.Text("message") ?? throw Missing("message"));
        var input = new SendToSessionInput(arguments.Text("sessionKey"), arguments.Text("agentId"), arguments.Text("label"), message, Seconds(arguments, "wait"), context.Key);
        var answer = await ask.RunAsync(context.Caller, input, new SpawnOrigin(AskedIn(context)), unit => TurnWrites.HoldAsync(unit, context.Lease), cancellationToken);
        if (answer.Reply is { } reply)
        {
            await ask.SettleAsync(context.Caller, reply, unit => TurnWrites.HoldAsync(unit, context.Lease), cancellationToken);
        }

        return Answer(SessionJson.Of(answer));
    }

    private async Task<ToolResult> ListAsync(ToolContext context, bool active, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var sessions = await list.RunAsync(context.Caller, agent: null, active, Limits.Recipients, cancellationToken);
        return Answer(new JsonObject { [active ? "active" : "sessions"] = new JsonArray([.. sessions.Select(session => SessionJson.Of(session, now))]) });
    }

    private async Task<ToolResult> CommandAsync(ToolContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var action = arguments.Text("action");
        if (action is "list")
        {
            return await ListAsync(context, active: true, cancellationToken);
        }

        var key = arguments.Text("sessionKey") ?? throw Missing("sessionKey");
        switch (action)
        {
            case "log":
                return new ToolResult(SessionText.Of(await log.RunAsync(context.Caller, key, cancellationToken)), Failed: false);
            case "kill":
                var killed = await kill.RunAsync(context.Caller, key, arguments.Text("message"), unit => TurnWrites.HoldAsync(unit, context.Lease), cancellationToken);
                return Answer(new JsonObject { ["status"] = SubagentRules.NameOf(killed.State), ["sessionKey"] = killed.Key });
            case "steer":
                var steered = await steer.RunAsync(
                    context.Caller, key, TurnWrites.Storable(arguments.Text("message") ?? throw Missing("message")), context.Key, unit => TurnWrites.HoldAsync(unit, context.Lease), cancellationToken);
                return Answer(new JsonObject { ["status"] = "accepted", ["sessionKey"] = steered.Session.Key, ["message"] = steered.Receipt.Message.Number });
            default:
                throw ParleyError.Invalid("action", "The action is unknown.", "Use list, log, kill or steer.");
        }
    }

    private static ToolResult Answer(JsonObject answer) => new(answer.ToJsonString(SessionJson.Options), Failed: false);

    private static TimeSpan? Seconds(JsonElement arguments, string name) => !arguments.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null
        ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var seconds)
        ? TimeSpan.FromSeconds(seconds)
        : throw ParleyError.Invalid(name, $"'{name}' is not a whole number of seconds.", "Use a number such as 900.");

    private static ParleyError Missing(string name) => ParleyError.Invalid(name, string.Create(CultureInfo.InvariantCulture, $"'{name}' is missing."), $"Call it with '{name}'.");
}
