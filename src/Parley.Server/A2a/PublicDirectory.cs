using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Tasks;
using Parley.Server.A2a.Wire;

namespace Parley.Server.A2a;

/// <summary>The server as an agent: it answers every message with a message that names the agents of the caller's organization. Nothing is stored.</summary>
internal sealed class PublicDirectory(ReadCard cards, ListAgents agents, TimeProvider time)
{
    public async Task<Message> AnswerAsync(Caller caller, Message asked, CancellationToken cancellationToken)
    {
        await cards.CheckAsync(caller, cancellationToken);
        if (asked.TaskId is { Length: > 0 })
        {
            throw TaskTarget.NoTask();
        }

        MessageText.Of(asked);
        var known = (await agents.RunAsync(caller, new AgentQuery(), cancellationToken)).Where(one => one.Agent.Id != caller.Id).Select(one => one.Agent).ToList();
        var lines = known.Select(agent => $"{agent.Name}: /a2a/{agent.Name}{(agent.Description.Length > 0 ? " - " + agent.Description : "")}");
        var list = new JsonArray([.. known.Select(agent => new JsonObject { ["name"] = agent.Name, ["path"] = "/a2a/" + agent.Name, ["type"] = agent.Type, ["description"] = agent.Description, ["skills"] = new JsonArray([.. agent.Skills.Select(skill => JsonValue.Create(skill))]) })]);
        return new Message
        {
            MessageId = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            ContextId = asked.ContextId is { Length: > 0 } context ? context : Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            Role = Role.Agent,
            Parts =
            [
                new Part { Text = known.Count == 0 ? "There is no agent here yet." : "Agents here, each at its own address:\n" + string.Join('\n', lines) },
                new Part { Data = JsonSerializer.SerializeToElement(new JsonObject { ["agents"] = list }) },
            ],
        };
    }
}
