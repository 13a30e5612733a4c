using Parley.Core.Agents;
using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>Shows the persona files of a hosted agent as this server reads them. Its owner or an admin.</summary>
public sealed class ReadPersona(IDatabase database)
{
    /// <summary>
    /// Returns the files that there are; none where the agent has no folder. Throws <c>not_found</c>, <c>forbidden</c>, <c>conflict</c> where it is not hosted, and
    /// <c>invalid_request</c> where the files cannot be read.
    /// </summary>
    public async Task<IReadOnlyList<PersonaFile>> RunAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        caller.RequirePerson();
        caller.Require(Scopes.Read);
        var hosted = await database.ReadAsync(
            async unit =>
            {
                var agent = await AgentRules.ManagedAsync(unit, caller, name);
                return await unit.Hosting.FindAsync(caller.OrganizationId, agent.Id) ?? throw FindHosting.NotHosted(agent);
            },
            cancellationToken);
        return hosted.Persona is { } folder ? PersonaFiles.List(folder) : [];
    }
}
