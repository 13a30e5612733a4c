using Parley.Core.Organizations;

namespace Parley.Core.Agents;

/// <summary>What a person says of a new agent.</summary>
public sealed record AddAgentInput(string Name, string? Type = null, string? Description = null);

/// <summary>Adds an external agent, owned by the person who adds it.</summary>
public sealed class AddAgent(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the agent. Refuses a name in use with <c>conflict</c>.</summary>
    public Task<Agent> RunAsync(Caller caller, AddAgentInput input, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        var name = Name.Check(input.Name, "name");
        var type = string.IsNullOrWhiteSpace(input.Type) ? "external" : Name.Check(input.Type, "type");
        return database.WriteAsync(
            async unit =>
            {
                if (await unit.Agents.FindAsync(caller.OrganizationId, name) is not null)
                {
                    throw new ParleyError(ErrorCode.Conflict, $"There is an agent called '{name}' already.", "Choose another name, or remove it first: parley agent remove " + name);
                }

                var now = time.GetUtcNow();
                var agent = new Agent(
                    Guid.CreateVersion7(now), caller.OrganizationId, caller.Id, name, AgentKind.External, type,
                    input.Description?.Trim() ?? "", Hold: false, now, RemovedAt: null);
                unit.Agents.Add(agent);
                unit.Audit.Append(AuditEntry.Allowed(caller, now, "agent.add", name));
                return agent;
            },
            cancellationToken);
    }
}
