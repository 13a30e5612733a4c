using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Channels;

/// <summary>Finds projects, channels and the agent that is meant, within what the caller may know of.</summary>
internal static class ChannelLookup
{
    /// <summary>The project by name or id; null is the only one. An agent knows only those it is in; others are <c>not_found</c> in the same words.</summary>
    public static async ValueTask<Project> ProjectAsync(IUnitOfWork unit, Caller caller, string? nameOrId)
    {
        if (nameOrId is not null)
        {
            return await ListProjects.FoundAsync(unit, caller, nameOrId);
        }

        return await ListProjects.VisibleAsync(unit, caller) is [var only]
            ? only
            : throw ParleyError.Invalid("project", "It is not clear which project is meant.", "Name one: parley project list");
    }

    /// <summary>The channel of that name, with or without '#'; throws <c>not_found</c>.</summary>
    public static async ValueTask<Conversation> ChannelAsync(IUnitOfWork unit, Project project, string? name) =>
        NameOf(name) is var valid && Name.HasForm(valid) && await unit.Conversations.FindChannelAsync(project.Id, valid) is { } channel
            ? channel
            : throw ParleyError.NotFound("channel");

    /// <summary>The agent that joins or leaves: any where a person says so, only itself where an agent does.</summary>
    public static async ValueTask<Agent> MemberAsync(IUnitOfWork unit, Caller caller, string? name)
    {
        if (!caller.IsAgent)
        {
            return name is null
                ? throw ParleyError.Invalid("agent", "It is not said which agent is meant.", "Name the agent.")
                : await AgentRules.FoundAsync(unit, caller.OrganizationId, name);
        }

        return name is null || NameOf(name.TrimStart('@')) == caller.Name
            ? await unit.Agents.FindAsync(caller.OrganizationId, caller.Id) ?? throw ParleyError.NotFound("agent")
            : throw new ParleyError(ErrorCode.Forbidden, "An agent can only add or remove itself.", "Ask a person to do it.");
    }

    /// <summary>A channel's name as it is stored.</summary>
    public static string NameOf(string? name) => name?.Trim().TrimStart('#').ToLowerInvariant() ?? "";

    /// <summary>Throws <c>forbidden</c> unless the token may do it: a person's must manage, an agent's must send.</summary>
    public static void Require(Caller caller)
    {
        caller.Require(caller.IsAgent ? Scopes.Send : Scopes.Manage);
    }

    /// <summary>Who did what to whose membership.</summary>
    public static AuditEntry Entry(Caller caller, DateTimeOffset now, string action, Project project, Conversation channel, Agent agent) =>
        AuditEntry.Allowed(caller, now, action, $"{project.Name}#{channel.Name} {agent.Name}");
}
