using Parley.Core.Agents;
using Parley.Core.Channels;
using Parley.Core.Conversations;
using Parley.Core.Meetings;
using Parley.Core.Organizations;

namespace Parley.Core.Tasks;

/// <summary>Whom a task is given to.</summary>
/// <param name="Kind">How it is done where it goes by message.</param>
/// <param name="Id">The agent, channel or meeting.</param>
/// <param name="Name">Its name.</param>
/// <param name="Address">The address of a send.</param>
/// <param name="Project">The project of a channel, else null.</param>
/// <param name="Agent">The agent, or null for a group.</param>
public sealed record TaskTarget(TaskKind Kind, Guid Id, string Name, string Address, string? Project, Agent? Agent)
{
    /// <summary>The field of the refusal of an unknown target.</summary>
    public const string Field = "agent";

    /// <summary>What the name of a channel begins with; <c>channel:NAME</c> in the only project, <c>channel:PROJECT:NAME</c> else.</summary>
    public const string ChannelPrefix = "channel:";

    /// <summary>The agent or group of that name that the caller may know of. Throws <c>not_found</c> in the same words for every other.</summary>
    internal static async ValueTask<TaskTarget> FindAsync(IUnitOfWork unit, Caller caller, string name)
    {
        try
        {
            await CheckFeatureAsync(unit, caller.OrganizationId);
            return await NamedAsync(unit, caller, name);
        }
        catch (ParleyError error) when (error.Code == ErrorCode.NotFound || (error.Code == ErrorCode.InvalidRequest && error.Field == "project"))
        {
            throw NotFound();
        }
    }

    private static async ValueTask<TaskTarget> NamedAsync(IUnitOfWork unit, Caller caller, string name)
    {
        if (name.StartsWith(ChannelPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return await ChannelAsync(unit, caller, name[ChannelPrefix.Length..].Split(':'));
        }

        if (name.StartsWith(MeetingRoutes.Address, StringComparison.OrdinalIgnoreCase))
        {
            var meeting = await MeetingLookup.FindAsync(unit, caller, name[MeetingRoutes.Address.Length..]) ?? throw NotFound();
            return new TaskTarget(TaskKind.Meeting, meeting.Id, meeting.Name, MeetingRoutes.Address + meeting.Id, Project: null, Agent: null);
        }

        var agent = await AgentRules.FoundAsync(unit, caller.OrganizationId, name);
        return new TaskTarget(TaskKind.Peer, agent.Id, agent.Name, agent.Name, Project: null, agent);
    }

    /// <summary>Throws <c>not_found</c> where the organization has switched A2A off: then nothing is there.</summary>
    internal static async ValueTask CheckFeatureAsync(IUnitOfWork unit, Guid organizationId)
    {
        if (await unit.Organizations.FindAsync(organizationId) is not { } organization || !organization.Features.HasFlag(Features.A2A))
        {
            throw NotFound();
        }
    }

    /// <summary>The words for what does not exist. The field tells a door that it is the address that is wrong, not a task.</summary>
    public static ParleyError NotFound() => new(ErrorCode.NotFound, "There is no such agent.", "Check the address; the card at /.well-known/agent-card.json says how to find agents.") { Field = Field };

    /// <summary>The words for a task that does not exist, and for one that is not the caller's.</summary>
    public static ParleyError NoTask() => new(ErrorCode.NotFound, "There is no such task.", "Check its id and the address of the agent: a task is read where it was given, by who gave it.");

    private static async ValueTask<TaskTarget> ChannelAsync(IUnitOfWork unit, Caller caller, string[] path)
    {
        var project = await ChannelLookup.ProjectAsync(unit, caller, path.Length == 2 ? path[0] : null);
        var channel = await ChannelLookup.ChannelAsync(unit, project, path[^1]);
        return path.Length <= 2 && (!caller.IsAgent || await unit.Conversations.IsMemberAsync(channel.Id, caller.Id)) ? Of(project, channel) : throw NotFound();
    }

    private static TaskTarget Of(Project project, Conversation channel) =>
        new(TaskKind.Channel, channel.Id, channel.Name, "#" + channel.Name, project.Id.ToString(), Agent: null);
}
