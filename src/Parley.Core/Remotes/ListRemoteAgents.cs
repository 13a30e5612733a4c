using Parley.Core.Agents;
using Parley.Core.Organizations;
using Parley.Core.Outbound;

namespace Parley.Core.Remotes;

/// <summary>Shows the remote agents of an organization. Persons only.</summary>
public sealed class ListRemoteAgents(IDatabase database)
{
    /// <summary>Returns them by name, each with what is under way.</summary>
    public Task<List<RemoteOverview>> RunAsync(Caller caller, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var all = new List<RemoteOverview>();
                foreach (var remote in await unit.Remotes.ListAsync(caller.OrganizationId, Limits.PageRows))
                {
                    all.Add(new RemoteOverview(remote, [], await unit.Remotes.CallAsync(remote.AgentId)));
                }

                return all;
            },
            cancellationToken);
    }

    /// <summary>The remote agent that the caller may manage. Throws <c>not_found</c>, <c>forbidden</c>.</summary>
    internal static async ValueTask<RemoteAgent> ManagedAsync(IUnitOfWork unit, Caller caller, string name) =>
        await unit.Remotes.FindAsync((await AgentRules.ManagedAsync(unit, caller, name)).Id) ?? throw ParleyError.NotFound("remote agent", "parley agent remote list");
}

/// <summary>Reads the card of a remote agent again and takes what has changed. Who manages the agent.</summary>
public sealed class RefreshRemoteAgent(IDatabase database, IRemoteDoor door, ISealedSecrets secrets, TimeProvider time)
{
    /// <summary>Returns it as it is now. Throws <c>not_found</c>, <c>forbidden</c>, and what reading a card throws.</summary>
    public async Task<RemoteOverview> RunAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        caller.RequireManage();
        var before = await database.ReadAsync(unit => ListRemoteAgents.ManagedAsync(unit, caller, name), cancellationToken);
        var card = await door.ReadCardAsync(new Uri(before.CardUrl), RemoteTokens.Read(before, secrets), cancellationToken);
        AddRemoteAgent.CheckTarget(card, before.Credential is not null || before.TokenVariable is not null);
        return await database.ChangeAsync(
            caller, time, "agent.remote.refresh", name, Role.Member,
            async (unit, now) =>
            {
                var remote = await ListRemoteAgents.ManagedAsync(unit, caller, name) with { CardUrl = card.Url, Interface = card.Interface, CardName = card.Name, Description = card.Description, RefreshedAt = now };
                unit.Remotes.Update(remote);
                return new RemoteOverview(remote, card.Skills, await unit.Remotes.CallAsync(remote.AgentId));
            },
            cancellationToken);
    }
}

/// <summary>Sends a remote agent a message that is kept nowhere, and shows what it answers. Who manages the agent.</summary>
public sealed class TestRemoteAgent(IDatabase database, IRemoteDoor door, ISealedSecrets secrets, HaltBoard halts, TimeProvider time)
{
    /// <summary>Returns its first answer. Throws <c>not_found</c>, <c>forbidden</c>, <c>halted</c>, and what the guard throws.</summary>
    public async Task<RemoteAnswer> RunAsync(Caller caller, string name, string text, CancellationToken cancellationToken)
    {
        var remote = await database.ChangeAsync(caller, time, "agent.remote.test", name, Role.Member, (unit, _) => ListRemoteAgents.ManagedAsync(unit, caller, name), cancellationToken);
        if (halts.OfAgent(remote.OrganizationId, remote.AgentId) is { } halt)
        {
            throw HaltBoard.Refusal(halt, $"The agent '{remote.Name}'");
        }

        var message = new RemoteMessage($"parley-test-{Guid.CreateVersion7(time.GetUtcNow()):n}", text, caller.Name, Context: null);
        return await door.SendAsync(remote.Interface, RemoteTokens.Read(remote, secrets), message, cancellationToken);
    }
}
