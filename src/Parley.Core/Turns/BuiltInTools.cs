using System.Globalization;
using System.Text.Json;
using Parley.Core.Conversations;
using Parley.Core.Links;
using Parley.Core.Messages;

namespace Parley.Core.Turns;

/// <summary>The tools that every hosted agent has: each is a send like any other, with a verdict that the model can act on.</summary>
public sealed class BuiltInTools(IDatabase database, SendMessage send, TimeProvider time) : ITurnTools
{
    /// <summary>Sends a direct message.</summary>
    public const string SendName = "send_agent_message";

    /// <summary>Posts to a channel.</summary>
    public const string PostName = "post_to_channel";

    /// <summary>Lists who can be reached.</summary>
    public const string ContactsName = "list_contacts";

    private const string Types = """{"type":"string","enum":["chat","request","status","discovery","coordination","result"],"description":"What it is for; default chat."}""";

    /// <summary>The tools as a model sees them.</summary>
    public static IReadOnlyList<ToolDefinition> All { get; } =
    [
        new(
            SendName,
            "Send a direct message to one agent (or answer a person who wrote to you: user:name). Uses a credit of your link; put all you have to say into one message. Not for the answer to the conversation you are in: that is your last text.",
            $$$"""{"type":"object","properties":{"to":{"type":"string","description":"The agent's name, or user:name."},"message":{"type":"string"},"type":{{{Types}}}},"required":["to","message"],"additionalProperties":false}"""),
        new(
            PostName,
            "Post to a channel that you are a member of. Every member gets it; mention @name to address somebody.",
            $$$"""{"type":"object","properties":{"channel":{"type":"string","description":"Such as general."},"message":{"type":"string"},"type":{{{Types}}},"project":{"type":"string","description":"Only where the channel's name exists in several projects."}},"required":["channel","message"],"additionalProperties":false}"""),
        new(
            ContactsName,
            "List the agents that you may message, with the credits left, and your channels. Ask before you write to somebody new.",
            """{"type":"object","properties":{},"additionalProperties":false}"""),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<ToolDefinition> Definitions => All;

    /// <inheritdoc/>
    public Task<ToolResult> CallAsync(ToolContext context, ToolCall call, CancellationToken cancellationToken) => ToolArguments.RunAsync(call, arguments => call.Name switch
    {
        SendName when arguments.Text("to") is { } to => SendAsync(context, Input(arguments, context.Key) with { To = to.Trim(), ReplyTo = AnsweredBy(context, to) }, cancellationToken),
        PostName when arguments.Text("channel") is { } channel => SendAsync(
            context, Input(arguments, context.Key) with { To = "#" + channel.Trim().TrimStart('#'), Project = arguments.Text("project") }, cancellationToken),
        ContactsName => ContactsAsync(context, cancellationToken),
        SendName => Task.FromResult(new ToolResult("refused: 'to' is missing.", Failed: true)),
        _ => Task.FromResult(new ToolResult("refused: 'channel' is missing.", Failed: true)),
    });

    private static SendInput Input(JsonElement arguments, string key) => new() { Key = key, Content = TurnWrites.Storable(arguments.Text("message") ?? ""), Type = arguments.Text("type") };

    /// <summary>What waits from that agent is answered by a message to it.</summary>
    private static Guid? AnsweredBy(ToolContext context, string to)
    {
        var name = to.Trim().TrimStart('@');
        return context.Facts.Unread.Select(item => item.Message).LastOrDefault(message => message is { ConversationKind: ConversationKind.Direct, SenderKind: CallerKind.Agent }
            && string.Equals(message.SenderName, name, StringComparison.OrdinalIgnoreCase))?.Id;
    }

    private async Task<ToolResult> SendAsync(ToolContext context, SendInput input, CancellationToken cancellationToken) =>
        new(Verdict(await send.RunAsync(context.Caller, input, unit => TurnWrites.HoldAsync(unit, context.Lease), cancellationToken)), Failed: false);

    private static string Verdict(SendReceipt receipt)
    {
        var message = receipt.Message;
        var credits = message.CreditsLeft is { } left ? string.Create(CultureInfo.InvariantCulture, $" Remaining credits: {left}.") : "";
        return message.Verdict switch
        {
            Messages.Verdict.Deferred =>
                $"deferred: the link has no credits left. It is stored and goes out by itself at {message.NotBefore?.UtcDateTime:yyyy-MM-dd HH:mm} UTC; do not send it again, and send nothing more there now.{credits}",
            Messages.Verdict.Held => "held: a person approves it first; do not send it again.",
            _ => string.Create(CultureInfo.InvariantCulture, $"accepted: message {message.Number}, {receipt.DeliveryCount} recipients.{credits}"),
        };
    }

    private async Task<ToolResult> ContactsAsync(ToolContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var lines = await database.ReadAsync(
            async unit =>
            {
                var lines = new List<string>();
                var agents = (await unit.Agents.ListAsync(context.Agent.OrganizationId)).ToDictionary(agent => agent.Id);
                foreach (var link in await unit.Links.ListAsync(context.Agent.OrganizationId, context.Agent.Id))
                {
                    if (link.Settings.Enabled && agents.GetValueOrDefault(link.AgentA == context.Agent.Id ? link.AgentB : link.AgentA) is { } peer)
                    {
                        lines.Add($"{peer.Name} ({peer.Type}){(peer.Description.Length > 0 ? ": " + peer.Description : "")}{(peer.Skills.Count > 0 ? $" [{string.Join(", ", peer.Skills)}]" : "")} {PeerPrompt.QuotaLine(link.Settings, await unit.Links.StateAsync(link.Id), now)}");
                    }
                }

                foreach (var channel in await unit.Conversations.ListAsync(context.Agent.OrganizationId, context.Agent.Id, Limits.PageRows))
                {
                    if (channel.Kind == ConversationKind.Channel)
                    {
                        lines.Add("#" + channel.Name);
                    }
                }

                return lines;
            },
            cancellationToken);
        return new ToolResult(lines.Count == 0 ? "Nobody: a person has to link you with other agents." : string.Join('\n', lines), Failed: false);
    }
}
