using Parley.Core.Agents;
using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>Makes a hosted agent an external one again. A running turn is cancelled; what it was about stays unread.</summary>
public sealed class UnhostAgent(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the agent. Throws <c>not_found</c>, <c>forbidden</c>, and <c>conflict</c> where it is not hosted.</summary>
    public Task<Agent> RunAsync(Caller caller, string name, CancellationToken cancellationToken) => database.ChangeAsync(
        caller, time, "agent.unhost", name, Role.Member,
        async (unit, now) =>
        {
            var agent = await AgentRules.ManagedAsync(unit, caller, name);
            if (await unit.Hosting.FindAsync(agent.OrganizationId, agent.Id) is null)
            {
                throw FindHosting.NotHosted(agent);
            }

            foreach (var state in await unit.Sessions.ListAsync(agent.Id))
            {
                if (state.TurnId is { } id && await unit.Turns.FindAsync(id) is { } turn)
                {
                    unit.Turns.Save(await TurnLedger.SettleAsync(unit, turn) with { State = TurnState.Cancelled, Reason = "The agent is not hosted any more.", EndedAt = now });
                }

                unit.Sessions.Release(state.Session.Id, null, 0, null);
            }

            unit.Hosting.Remove(agent.Id);
            return agent with { Kind = AgentKind.External };
        },
        cancellationToken);
}

/// <summary>Finds how an agent is hosted.</summary>
public sealed class FindHosting(IDatabase database)
{
    /// <summary>Returns the agent and how it is hosted. Persons only. Throws <c>not_found</c>, and <c>conflict</c> where it is not hosted.</summary>
    public Task<(Agent Agent, HostedAgent Hosted)> RunAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var agent = await AgentRules.FoundAsync(unit, caller.OrganizationId, name);
                return (agent, await unit.Hosting.FindAsync(caller.OrganizationId, agent.Id) ?? throw NotHosted(agent));
            },
            cancellationToken);
    }

    internal static ParleyError NotHosted(Agent agent) =>
        new(ErrorCode.Conflict, $"'{agent.Name}' is not hosted: it connects by itself.", $"Host it: parley agent host {agent.Name} --model demo/echo");
}
