using Parley.Core.Agents;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Core.Sessions;

/// <summary>
/// Removes an agent: its open sessions end, with what it has spawned, its tokens and its database role end, its links are switched off, what waits on them is refused, it leaves its channels and its announced work. Its messages stay.
/// </summary>
public sealed class RemoveAgent(IDatabase database, EndSession ending, SendMessage send, IEnumerable<ITurnStop> running, IWake wake, TimeProvider time)
{
    /// <summary>More open sessions than one agent ever has.</summary>
    private const int Most = 100_000;

    /// <summary>Returns the agent as it was. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    public async Task<Agent> RunAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        var (removed, told, ended) = await database.ChangeAsync(
            caller, time, "agent.remove", name, Role.Member,
            async (unit, now) =>
            {
                var agent = await AgentRules.ManagedAsync(unit, caller, name);
                var ends = await EndSessionsAsync(unit, agent, now);
                unit.Agents.Remove(agent.Id, now);
                await EndTokensAsync(unit, agent, now);
                await unit.SqlRoles.RevokeAsync(agent.Id);
                var positions = await EndLinksAsync(unit, agent, now);
                await LeaveProjectsAsync(unit, agent, now);
                await unit.Halts.ClearAsync(HaltScope.Agent, agent.Id);
                return (agent, positions, ends);
            },
            cancellationToken, outcome => outcome.agent.Name);
        Wakes.Send(wake, caller.OrganizationId, told);
        ended.ForEach(end => SessionEffects.Run(end, send, running, wake));
        return removed;
    }

    /// <summary>Who spawned one gets its end as the result. What the agent itself has spawned ends too, unless it was to outlive it.</summary>
    private async ValueTask<List<SessionEnd>> EndSessionsAsync(IUnitOfWork unit, Agent agent, DateTimeOffset now)
    {
        var ends = new List<SessionEnd>();
        foreach (var (listed, _) in await unit.Subagents.ListAsync(new SubagentQuery(agent.OrganizationId, agent.Id, Open: true, Limit: Most)))
        {
            if (listed.AgentId != agent.Id && listed.Outlive)
            {
                continue;
            }

            await unit.Sessions.FindAsync(listed.Id);
            // One may have ended with another before it.
            if (await unit.Subagents.FindAsync(agent.OrganizationId, listed.Id) is { Ended: false } session)
            {
                ends.Add(await ending.WriteAsync(unit, session, SubagentState.Killed, text: null, $"the agent '{agent.Name}' was removed", running: null, now));
            }
        }

        return ends;
    }

    private static async ValueTask<List<InboxPosition>> EndLinksAsync(IUnitOfWork unit, Agent agent, DateTimeOffset now)
    {
        var positions = new List<InboxPosition>();
        foreach (var link in await unit.Links.ListAsync(agent.OrganizationId, agent.Id))
        {
            positions.AddRange(await WaitingMessages.RefuseAsync(unit, link, $"The agent '{agent.Name}' was removed.", now));
            unit.Links.Update(link.Id, link.Settings with { Enabled = false });
        }

        return positions;
    }

    private static async ValueTask EndTokensAsync(IUnitOfWork unit, Agent agent, DateTimeOffset now)
    {
        foreach (var (token, _, _, _) in await unit.Tokens.ListAsync(agent.OrganizationId))
        {
            if (token.AgentId == agent.Id && token.RevokedAt is null)
            {
                await unit.Tokens.RevokeAsync(agent.OrganizationId, token.Id, now);
            }
        }
    }

    private static async ValueTask LeaveProjectsAsync(IUnitOfWork unit, Agent agent, DateTimeOffset now)
    {
        foreach (var projectId in await unit.Conversations.ProjectsOfAsync(agent.Id))
        {
            foreach (var lease in (await unit.FileLeases.ActiveAsync(projectId, now)).Where(lease => lease.AgentId == agent.Id))
            {
                unit.FileLeases.Release(lease.Id, now);
            }

            foreach (var channel in await unit.Conversations.ListChannelsAsync(projectId))
            {
                unit.Conversations.RemoveMember(channel.Id, agent.Id);
            }
        }
    }
}
