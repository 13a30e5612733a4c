using Parley.Core.Agents;
using Parley.Core.Links;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>Where a message goes.</summary>
/// <param name="Conversation">The log it becomes part of.</param>
/// <param name="Recipients">The agents it is delivered to one by one, each with its link where one is needed.</param>
/// <param name="ToMembers">True where it goes to every member of the conversation but the sender.</param>
/// <param name="Sender">The sending agent, or null for a person or Parley.</param>
public sealed record Route(Conversation Conversation, IReadOnlyList<(Agent Agent, Link? Link)> Recipients, bool ToMembers, Agent? Sender);

/// <summary>
/// Finds where a message goes and refuses what may not be reached: unknown, unlinked, switched off, halted. The one place where
/// links and membership are enforced, whatever the door.
/// </summary>
public sealed class Router(HaltBoard halts)
{
    /// <summary>The name of the channel that every project has.</summary>
    public const string DefaultChannel = "general";

    /// <summary>The address of the organization's <c>agent_chat</c>.</summary>
    public const string ChatAddress = "agent_chat";

    /// <summary>Returns the route, creating a conversation that begins with this message. Throws <see cref="ParleyError"/> with the reason of a refusal.</summary>
    public async ValueTask<Route> FindAsync(IUnitOfWork unit, Caller caller, Draft draft, DateTimeOffset now)
    {
        var sender = caller.IsAgent
            ? await unit.Agents.FindAsync(caller.OrganizationId, caller.Id)
            : null;
        if (caller.IsAgent && sender is null or { RemovedAt: not null })
        {
            throw new ParleyError(ErrorCode.Unauthenticated, "The agent of this token was removed.", "Ask a person to add it again.");
        }

        CheckHalt(caller.OrganizationId, caller.IsAgent ? caller.Id : Guid.Empty, caller.IsAgent ? $"The agent '{caller.Name}'" : "Sending");
        return draft.To switch
        {
            null => await ChannelAsync(unit, caller, sender, draft.Project, DefaultChannel),
            ChatAddress => await ChatAsync(unit, caller, sender, draft, now),
            ['#', .. var channel] => await ChannelAsync(unit, caller, sender, draft.Project, channel),
            _ => await DirectAsync(unit, caller, sender, draft.To.TrimStart('@'), now),
        };
    }

    private async ValueTask<Route> DirectAsync(IUnitOfWork unit, Caller caller, Agent? sender, string name, DateTimeOffset now)
    {
        var recipient = await RecipientAsync(unit, caller, name);
        if (sender is not null)
        {
            var link = await LinkAsync(unit, sender, recipient);
            var peer = await unit.Conversations.FindAsync(caller.OrganizationId, link.ConversationId);
            return new Route(peer!, [(recipient, link)], ToMembers: false, sender);
        }

        var key = Conversation.KeyOf(caller.Id, recipient.Id);
        var conversation = await unit.Conversations.FindDirectAsync(caller.OrganizationId, key);
        if (conversation is null)
        {
            conversation = new Conversation(
                Guid.CreateVersion7(now), caller.OrganizationId, ConversationKind.Direct, ProjectId: null, $"{caller.Name}, {recipient.Name}", key, Head: 0, now);
            unit.Conversations.Add(conversation);
            unit.Conversations.AddMember(conversation.Id, recipient.Id, now);
        }

        return new Route(conversation, [(recipient, null)], ToMembers: false, sender);
    }

    private async ValueTask<Route> ChannelAsync(IUnitOfWork unit, Caller caller, Agent? sender, string? projectName, string channel)
    {
        var project = await ProjectAsync(unit, caller, sender, projectName);
        var conversation = await unit.Conversations.FindChannelAsync(project.Id, channel.ToLowerInvariant());
        if (conversation is null || (sender is not null && !await unit.Conversations.IsMemberAsync(conversation.Id, sender.Id)))
        {
            throw Unknown("#" + channel, "Join it first: parley channel join " + channel);
        }

        halts.Check(HaltScope.Project, project.Id, $"The project '{project.Name}'");
        return new Route(conversation, [], ToMembers: true, sender);
    }

    private async ValueTask<Route> ChatAsync(IUnitOfWork unit, Caller caller, Agent? sender, Draft draft, DateTimeOffset now)
    {
        var conversation = await unit.Conversations.FindChatAsync(caller.OrganizationId);
        if (conversation is null)
        {
            conversation = new Conversation(
                Guid.CreateVersion7(now), caller.OrganizationId, ConversationKind.Chat, ProjectId: null, ChatAddress, PeerKey: null, Head: 0, now);
            unit.Conversations.Add(conversation);
        }

        var recipients = new List<(Agent, Link?)>();
        foreach (var name in draft.Mentions)
        {
            if (name != sender?.Name)
            {
                var recipient = await RecipientAsync(unit, caller, name);
                recipients.Add((recipient, sender is null ? null : await LinkAsync(unit, sender, recipient)));
            }
        }

        return new Route(conversation, recipients, ToMembers: false, sender);
    }

    private async ValueTask<Agent> RecipientAsync(IUnitOfWork unit, Caller caller, string name)
    {
        var recipient = await unit.Agents.FindAsync(caller.OrganizationId, name.ToLowerInvariant())
            ?? throw Unknown(name, "Check the name: parley agent list");
        CheckHalt(caller.OrganizationId, recipient.Id, $"The agent '{recipient.Name}'");
        return recipient;
    }

    private async ValueTask<Link> LinkAsync(IUnitOfWork unit, Agent sender, Agent recipient)
    {
        if (sender.Id == recipient.Id)
        {
            throw ParleyError.Invalid("to", "An agent cannot message itself.", "Name another agent.");
        }

        await FeatureAsync(unit, sender.OrganizationId, Features.PeerMessaging, "Peer messaging");
        var link = await unit.Links.FindAsync(sender.OrganizationId, sender.Id, recipient.Id);
        if (link is not { Settings.Enabled: true })
        {
            throw new ParleyError(
                ErrorCode.NotLinked, $"'{sender.Name}' and '{recipient.Name}' have no enabled link.", $"A person can link them: parley link {sender.Name} {recipient.Name}");
        }

        halts.Check(HaltScope.Link, link.Id, $"The link of '{sender.Name}' and '{recipient.Name}'");
        return link;
    }

    private static async ValueTask FeatureAsync(IUnitOfWork unit, Guid organizationId, Features feature, string what)
    {
        var organization = await unit.Organizations.FindAsync(organizationId);
        if (organization is null || !organization.Features.HasFlag(feature))
        {
            throw new ParleyError(ErrorCode.FeatureOff, $"{what} is switched off in this organization.", "An admin can switch it on: parley feature on");
        }
    }

    private static async ValueTask<Project> ProjectAsync(IUnitOfWork unit, Caller caller, Agent? sender, string? nameOrId)
    {
        if (nameOrId is not null)
        {
            return await unit.Organizations.FindProjectAsync(caller.OrganizationId, nameOrId) ?? throw Unknown("project " + nameOrId, "Check the name: parley project list");
        }

        var projects = await unit.Organizations.ListProjectsAsync(caller.OrganizationId);
        if (sender is not null)
        {
            var own = await unit.Conversations.ProjectsOfAsync(sender.Id);
            projects.RemoveAll(project => !own.Contains(project.Id));
        }

        return projects switch
        {
            [var only] => only,
            [] => throw Unknown("the project", "Add the agent to a project's channel: parley channel join general"),
            _ => throw ParleyError.Invalid("project", "There is more than one project.", "Name one: " + string.Join(", ", projects.Select(project => project.Name))),
        };
    }

    private void CheckHalt(Guid organizationId, Guid agentId, string what)
    {
        if (halts.OfAgent(organizationId, agentId) is { } halt)
        {
            throw HaltBoard.Refusal(halt, halt.Scope == HaltScope.Agent ? what : $"The {halt.Scope.ToString().ToLowerInvariant()}");
        }
    }

    private static ParleyError Unknown(string name, string fix) =>
        new(ErrorCode.UnknownRecipient, $"'{name}' cannot be reached.", fix) { Field = "to" };
}
