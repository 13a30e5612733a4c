using System.Text.Json.Nodes;
using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Links;
using Parley.Core.Organizations;

namespace Parley.Core.Messages;

/// <summary>Where a message goes.</summary>
/// <param name="Conversation">The log it becomes part of.</param>
/// <param name="Recipients">The agents it is delivered to one by one, each with its link where one is needed.</param>
/// <param name="ToMembers">True where it goes to every member of the conversation but the sender.</param>
/// <param name="Sender">The sending agent, or null for a person or Parley.</param>
public sealed record Route(Conversation Conversation, IReadOnlyList<(Agent Agent, Link? Link)> Recipients, bool ToMembers, Agent? Sender)
{
    /// <summary>The message that this one continues where the sender named none: the chain goes on from it.</summary>
    public Message? Continues { get; init; }

    /// <summary>The types of messages that a person approves in the sending agent's organization.</summary>
    public HeldTypes HeldTypes { get; init; }

    /// <summary>The place below a root that an agent's message has whatever it answers, where the owner of the address decides it; null leaves it to what it answers.</summary>
    public ChainPlace? Chain { get; init; }

    /// <summary>What joins the message's metadata, as members of one JSON object; null for nothing.</summary>
    public JsonObject? Metadata { get; init; }
}

/// <summary>A place below a root.</summary>
/// <param name="RootId">What started the chain.</param>
/// <param name="Depth">How many agents' messages lie between.</param>
public sealed record ChainPlace(Guid RootId, int Depth);

/// <summary>Finds routes of addresses that a later concept owns, such as <c>meeting:…</c>; one implementation an address.</summary>
public interface IAddressRoutes
{
    /// <summary>What the address begins with, the colon included.</summary>
    string Prefix { get; }

    /// <summary>The route of an address that begins with <see cref="Prefix"/>. Throws <c>unknown_recipient</c> and every other refusal of a send.</summary>
    ValueTask<Route> FindAsync(IUnitOfWork unit, Caller caller, Draft draft, Agent? sender, DateTimeOffset now);
}

/// <summary>
/// Finds where a message goes and refuses what may not be reached: unknown, unlinked, switched off, halted. The one place where
/// links and membership are enforced, whatever the door.
/// </summary>
public sealed class Router(HaltBoard halts, params IEnumerable<IAddressRoutes> addresses)
{
    private readonly IReadOnlyList<IAddressRoutes> addresses = [.. addresses];

    /// <summary>The address of the organization's <c>agent_chat</c>.</summary>
    public const string ChatAddress = "agent_chat";

    /// <summary>Returns the route, creating a conversation that begins with this message. Throws <see cref="ParleyError"/> with the reason of a refusal.</summary>
    public async ValueTask<Route> FindAsync(IUnitOfWork unit, Caller caller, Draft draft, DateTimeOffset now)
    {
        CheckHalt(caller.OrganizationId, caller.IsAgent ? caller.Id : Guid.Empty, caller.IsAgent ? $"The agent '{caller.Name}'" : "Sending");
        if (draft.To is { } to && addresses.FirstOrDefault(address => to.StartsWith(address.Prefix, StringComparison.OrdinalIgnoreCase)) is { } owner)
        {
            return await FromAsync(unit, caller, sender => owner.FindAsync(unit, caller, draft, sender, now));
        }

        return draft.To switch
        {
            null => await FromAsync(unit, caller, sender => ChannelAsync(unit, caller, sender, draft.Project, Conversation.DefaultChannel)),
            ChatAddress => await FromAsync(unit, caller, sender => ChatAsync(unit, caller, sender, draft, now)),
            ['#', .. var channel] => await FromAsync(unit, caller, sender => ChannelAsync(unit, caller, sender, draft.Project, channel)),
            var name => await DirectAsync(unit, caller, PeerName(name), now),
        };
    }

    /// <summary>
    /// Says where a message probably goes before <see cref="FindAsync"/> is asked, so that a database elsewhere answers that together with the question in between.
    /// </summary>
    internal void Expect(IUnitOfWork unit, Caller caller, Draft draft)
    {
        if (caller.IsAgent && draft.To is { } to && to != ChatAddress && to[0] != '#' && !addresses.Any(address => to.StartsWith(address.Prefix, StringComparison.OrdinalIgnoreCase)))
        {
            unit.Conversations.ExpectPeers(caller.OrganizationId, caller.Id, PeerName(to));
        }
    }

    private static string PeerName(string to) => (to[0] == '@' ? to[1..] : to).ToLowerInvariant();

    /// <summary>Finds the route of a message that goes to many or to an address of its own, with what its sender's organization holds.</summary>
    private static async ValueTask<Route> FromAsync(IUnitOfWork unit, Caller caller, Func<Agent?, ValueTask<Route>> find)
    {
        if (!caller.IsAgent)
        {
            return await find(null);
        }

        var found = await unit.Conversations.FindSenderAsync(caller.OrganizationId, caller.Id);
        var route = await find(Present(found?.Sender));
        return route with { HeldTypes = route.HeldTypes | found!.Value.HeldTypes };
    }

    private static Agent Present(Agent? sender) => sender is { RemovedAt: null }
        ? sender
        : throw new ParleyError(ErrorCode.Unauthenticated, "The agent of this token was removed.", "Ask a person to add it again.");

    private ValueTask<Route> DirectAsync(IUnitOfWork unit, Caller caller, string name, DateTimeOffset now) =>
        caller.IsAgent ? PeerAsync(unit, caller, name) : PersonAsync(unit, caller, name, now);

    private async ValueTask<Route> PeerAsync(IUnitOfWork unit, Caller caller, string name)
    {
        var peers = await unit.Conversations.FindPeersAsync(caller.OrganizationId, caller.Id, name);
        var sender = Present(peers?.Sender);
        var recipient = Reachable(caller, peers?.Recipient, name);
        CheckLink(sender, recipient, peers!.Features, peers.Link);
        return new Route(peers.Conversation!, [(recipient, peers.Link)], ToMembers: false, sender) { HeldTypes = peers.HeldTypes };
    }

    private async ValueTask<Route> PersonAsync(IUnitOfWork unit, Caller caller, string name, DateTimeOffset now)
    {
        var recipient = Reachable(caller, await unit.Agents.FindAsync(caller.OrganizationId, name), name);
        var key = Conversation.KeyOf(caller.Id, recipient.Id);
        var conversation = await unit.Conversations.FindDirectAsync(caller.OrganizationId, key);
        if (conversation is null)
        {
            conversation = new Conversation(
                Guid.CreateVersion7(now), caller.OrganizationId, ConversationKind.Direct, ProjectId: null, $"{caller.Name}, {recipient.Name}", key, Head: 0, now);
            unit.Conversations.Add(conversation);
            unit.Conversations.AddMember(conversation.Id, recipient.Id, now);
        }

        return new Route(conversation, [(recipient, null)], ToMembers: false, Sender: null);
    }

    private async ValueTask<Route> ChannelAsync(IUnitOfWork unit, Caller caller, Agent? sender, string? projectName, string channel)
    {
        var project = await ProjectAsync(unit, caller, sender, projectName);
        var conversation = await unit.Conversations.FindChannelAsync(project.Id, channel.ToLowerInvariant());
        if (conversation is null || (sender is not null && !await unit.Conversations.IsMemberAsync(conversation.Id, sender.Id)))
        {
            // A project that the agent is not in is answered like one that does not exist.
            throw sender is null
                ? Unknown("#" + channel, $"Create it first: parley channel create {channel}")
                : projectName is null || (await unit.Conversations.ProjectsOfAsync(sender.Id)).Contains(project.Id)
                ? Unknown("#" + channel, $"Join it first: parley channel join {channel} --as {sender.Name}")
                : UnknownProject(projectName);
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
                recipients.Add(sender is null
                    ? (Reachable(caller, await unit.Agents.FindAsync(caller.OrganizationId, name), name), null)
                    : (await PeerAsync(unit, caller, name)).Recipients[0]);
            }
        }

        return new Route(conversation, recipients, ToMembers: false, sender);
    }

    private Agent Reachable(Caller caller, Agent? recipient, string name)
    {
        if (recipient is null)
        {
            throw Unknown(name, "Check the name: parley agent list");
        }

        CheckHalt(caller.OrganizationId, recipient.Id, $"The agent '{recipient.Name}'");
        return recipient;
    }

    private void CheckLink(Agent sender, Agent recipient, Features features, Link? link)
    {
        if (sender.Id == recipient.Id)
        {
            throw ParleyError.Invalid("to", "An agent cannot message itself.", "Name another agent.");
        }

        if (!features.HasFlag(Features.PeerMessaging))
        {
            throw new ParleyError(ErrorCode.FeatureOff, "Peer messaging is switched off in this organization.", "An admin can switch it on: parley feature on peer_messaging");
        }

        if (link is not { Settings.Enabled: true })
        {
            throw new ParleyError(
                ErrorCode.NotLinked, $"'{sender.Name}' and '{recipient.Name}' have no enabled link.", $"A person can link them: parley link {sender.Name} {recipient.Name}");
        }

        halts.Check(HaltScope.Link, link.Id, $"The link of '{sender.Name}' and '{recipient.Name}'");
    }

    private static async ValueTask<Project> ProjectAsync(IUnitOfWork unit, Caller caller, Agent? sender, string? nameOrId)
    {
        if (nameOrId is not null)
        {
            return await unit.Organizations.FindProjectAsync(caller.OrganizationId, nameOrId) ?? throw UnknownProject(nameOrId);
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

    private static ParleyError UnknownProject(string name) => Unknown("project " + name, "Check the name: parley project list");

    private static ParleyError Unknown(string name, string fix) =>
        new(ErrorCode.UnknownRecipient, $"'{name}' cannot be reached.", fix) { Field = "to" };
}
