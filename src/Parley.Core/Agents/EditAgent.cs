using Parley.Core.Organizations;

namespace Parley.Core.Agents;

/// <summary>What a person changes of an agent; null leaves it.</summary>
/// <param name="Type">What it calls itself.</param>
/// <param name="Description">One line about it.</param>
/// <param name="Hold">True where a person approves everything it sends.</param>
/// <param name="Aliases">All of its aliases from now on.</param>
/// <param name="Skills">All of its skills from now on.</param>
public sealed record EditAgentInput(string? Type = null, string? Description = null, bool? Hold = null, IReadOnlyList<string>? Aliases = null, IReadOnlyList<string>? Skills = null);

/// <summary>Changes an agent. Its owner or an admin only.</summary>
public sealed class EditAgent(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the agent as it is now. Throws <c>not_found</c>, <c>forbidden</c>, <c>invalid_request</c>, and <c>conflict</c> where another agent has the alias.</summary>
    public Task<Agent> RunAsync(Caller caller, string name, EditAgentInput input, CancellationToken cancellationToken)
    {
        var type = input.Type is null ? null : Name.Check(input.Type, "type");
        var description = input.Description is null ? null : Remark.Check(input.Description, "description");
        var skills = input.Skills is null ? null : AliasRules.Skills(input.Skills);
        return database.ChangeAsync(
            caller, time, "agent.edit", name, Role.Member,
            async (unit, _) =>
            {
                var before = await AgentRules.ManagedAsync(unit, caller, name);
                var aliases = input.Aliases is null ? before.Aliases : AliasRules.Aliases(before.Name, input.Aliases);
                await AliasRules.CheckFreeAsync(unit, before.OrganizationId, before.Id, aliases);
                var after = before with
                {
                    Type = type ?? before.Type, Description = description ?? before.Description, Hold = input.Hold ?? before.Hold, Aliases = aliases, Skills = skills ?? before.Skills,
                };
                unit.Agents.Update(after);
                return after;
            },
            cancellationToken, agent => agent.Name);
    }
}
