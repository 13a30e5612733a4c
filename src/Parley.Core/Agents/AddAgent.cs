using Parley.Core.Conversations;
using Parley.Core.Organizations;

namespace Parley.Core.Agents;

/// <summary>What a person says of a new agent.</summary>
/// <param name="Name">Its name, unique in the organization.</param>
/// <param name="Type">What it calls itself; null is <c>external</c>.</param>
/// <param name="Description">One line about it.</param>
/// <param name="Project">The project whose <c>#general</c> it joins, by name or id; null is the only project, or none where there are several.</param>
/// <param name="Aliases">Other names by which it is addressed.</param>
/// <param name="Skills">What it is good at, in short tags.</param>
public sealed record AddAgentInput(
    string Name, string? Type = null, string? Description = null, string? Project = null, IReadOnlyList<string>? Aliases = null, IReadOnlyList<string>? Skills = null);

/// <summary>Adds an external agent, owned by the person who adds it.</summary>
public sealed class AddAgent(IDatabase database, TimeProvider time)
{
    /// <summary>Returns the agent. Refuses a name or alias in use with <c>conflict</c>, an unknown project with <c>not_found</c>.</summary>
    public Task<Agent> RunAsync(Caller caller, AddAgentInput input, CancellationToken cancellationToken)
    {
        var name = Name.Check(input.Name, "name");
        var type = string.IsNullOrWhiteSpace(input.Type) ? "external" : Name.Check(input.Type, "type");
        var description = Remark.Check(input.Description, "description");
        var (aliases, skills) = (AliasRules.Aliases(name, input.Aliases ?? []), AliasRules.Skills(input.Skills ?? []));
        return database.ChangeAsync(
            caller, time, "agent.add", name, Role.Member,
            (unit, now) => WriteAsync(unit, caller, input with { Name = name, Type = type, Description = description, Aliases = aliases, Skills = skills }, now),
            cancellationToken);
    }

    /// <summary>Adds the agent as part of a larger write; its words were checked.</summary>
    internal static async ValueTask<Agent> WriteAsync(IUnitOfWork unit, Caller caller, AddAgentInput input, DateTimeOffset now)
    {
        await AliasRules.CheckFreeAsync(unit, caller.OrganizationId, agentId: null, (input.Aliases ?? []).Prepend(input.Name));
        var project = await ProjectAsync(unit, caller, input.Project);
        var agent = new Agent(
            Guid.CreateVersion7(now), caller.OrganizationId, caller.Id, input.Name, AgentKind.External, input.Type ?? "external", input.Description ?? "", Hold: false, now, RemovedAt: null)
        {
            Aliases = input.Aliases ?? [],
            Skills = input.Skills ?? [],
        };
        unit.Agents.Add(agent);
        if (project is not null && await unit.Conversations.FindChannelAsync(project.Id, Conversation.DefaultChannel) is { } channel)
        {
            unit.Conversations.AddMember(channel.Id, agent.Id, now);
        }

        return agent;
    }

    private static async ValueTask<Project?> ProjectAsync(IUnitOfWork unit, Caller caller, string? nameOrId) => nameOrId is null
        ? await unit.Organizations.ListProjectsAsync(caller.OrganizationId) is [var only] ? only : null
        : await ListProjects.FoundAsync(unit, caller, nameOrId);
}
