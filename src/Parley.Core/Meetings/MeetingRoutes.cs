using Parley.Core.Agents;
using Parley.Core.Budgets;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Meetings;

/// <summary>
/// The way into a room: <c>meeting:</c> and its id or name. To take part is the permission, and whom the message asks is its recipients. What an agent says
/// continues what it last knew of the room, so that nothing it hands in can make a chain begin anew.
/// </summary>
public sealed class MeetingRoutes(HaltBoard halts) : IAddressRoutes
{
    /// <summary>What the address begins with.</summary>
    public const string Address = "meeting:";

    private const int LongestChain = 500;

    /// <inheritdoc/>
    public string Prefix => Address;

    /// <inheritdoc/>
    public async ValueTask<Route> FindAsync(IUnitOfWork unit, Caller caller, Draft draft, Agent? sender, DateTimeOffset now)
    {
        var found = await MeetingLookup.FindAsync(unit, caller, draft.To![Address.Length..])
            ?? throw new ParleyError(ErrorCode.UnknownRecipient, $"'{draft.To}' cannot be reached.", "Check the name: parley meeting list") { Field = "to" };
        var (continues, place) = await PlaceAsync(unit, caller, draft, found);
        // A turn locks its root before the conversation that it answers in, and so does everybody.
        var root = await RootAsync(unit, caller, place, found, now);
        await unit.Conversations.LockAsync(found.Id);
        var meeting = await unit.Meetings.FindAsync(caller.OrganizationId, found.Id) ?? found;
        await MeetingLookup.CheckFeatureAsync(unit, caller.OrganizationId);
        if (meeting.State == MeetingState.Archived)
        {
            throw MeetingLookup.Archived(meeting);
        }

        var conversation = await unit.Conversations.FindAsync(caller.OrganizationId, meeting.Id) ?? throw ParleyError.NotFound("meeting");
        var members = await unit.Conversations.MembersAsync(meeting.Id);
        var chain = await DecideAsync(unit, caller, draft, meeting, members, place, root);
        if (root is not null && chain.Asks.Count > 0)
        {
            unit.Budgets.Add(root);
            unit.Budgets.Deepen(root.Id, root.Limits.MaxDepth);
        }

        var recipients = chain.Asks.Select(name => members.Find(agent => agent.Name == name)!);
        return new Route(conversation, [.. recipients.Select(agent => (agent, (Link?)null))], ToMembers: false, sender)
        {
            Continues = draft.ReplyTo is null && caller.IsAgent ? continues : null,
            Chain = place,
            Metadata = (chain with { TurnId = caller.Origin?.TurnId }).ToMetadata(),
        };
    }

    /// <summary>
    /// What an agent's message continues, and its place below the root. A reply to a message that waits for the agent's answer stands below that one, each once;
    /// everything else below what it last knew. A turn has its place already.
    /// </summary>
    private static async ValueTask<(Message? Continues, ChainPlace? Place)> PlaceAsync(IUnitOfWork unit, Caller caller, Draft draft, Meeting meeting)
    {
        var named = draft.ReplyTo is { } id ? await unit.Messages.FindAsync(caller.OrganizationId, id) : null;
        if (draft.ReplyTo is not null && named?.ConversationId != meeting.Id)
        {
            throw ParleyError.Invalid("reply_to", "The message that it answers was not said in this meeting.", "Leave out reply_to, or name a message of the meeting.");
        }

        if (!caller.IsAgent)
        {
            return (null, null);
        }

        var waits = named is not null && await unit.Deliveries.FindAsync(named.Id, caller.Id) is { Number: not null, RepliedAt: null };
        var basis = waits ? named : await unit.Meetings.LastKnownAsync(meeting.Id, caller.Id);
        return (basis, basis is null ? null : new ChainPlace(basis.RootId, basis.Depth + 1));
    }

    /// <summary>
    /// The root of an agent's message. Where a person allowed the meeting longer chains than a root has by default, the root gets that depth, unless the organization
    /// has set its own bounds: those hold everywhere.
    /// </summary>
    private static async ValueTask<Root?> RootAsync(IUnitOfWork unit, Caller caller, ChainPlace? place, Meeting meeting, DateTimeOffset now)
    {
        if ((caller.Origin?.RootId ?? place?.RootId) is not { } id || !caller.IsAgent)
        {
            return null;
        }

        var root = await unit.Budgets.RootAsync(caller.OrganizationId, id);
        var length = ChainRules.LengthOf(meeting);
        if ((root?.Limits ?? new RootLimits()).MaxDepth >= length || await unit.Budgets.RootLimitsAsync(caller.OrganizationId) is not null)
        {
            return root;
        }

        var deeper = root ?? new Root(id, caller.OrganizationId, new RootLimits(), Turns: 0, default, now);
        return deeper with { Limits = deeper.Limits with { MaxDepth = length } };
    }

    private async ValueTask<Chain> DecideAsync(IUnitOfWork unit, Caller caller, Draft draft, Meeting meeting, List<Agent> members, ChainPlace? place, Root? root)
    {
        var names = members.ConvertAll(agent => agent.Name);
        var people = (await unit.Organizations.ListUsersAsync(caller.OrganizationId)).ConvertAll(user => user.Name);
        var addressed = SpeakerRules.Find(draft.Content, draft.Mentions, caller.Name, caller.IsAgent, new Room(names, people) { Aliases = Aliases(members) });
        var halted = members.Where(agent => halts.OfAgent(agent.OrganizationId, agent.Id) is not null).Select(agent => agent.Name).ToList();
        if (!caller.IsAgent)
        {
            CheckHalts(members, addressed, halted);
        }

        var depth = caller.Origin is { } origin ? origin.Depth + 1 : place?.Depth ?? 0;
        var earlier = (caller.Origin?.RootId ?? place?.RootId) is { } id ? await unit.Meetings.ChainAsync(meeting.Id, id, LongestChain) : [];
        return ChainRules.Decide(new ChainFacts(
            caller.Name, caller.IsAgent, Chain.DepthOf(depth), draft.Content, addressed, meeting, names, halted,
            earlier.ConvertAll(message => new ChainEntry(message.SenderName, message.SenderKind == CallerKind.Agent, message.Content, Chain.Of(message)?.Asks ?? [])), root is not null && BudgetRules.Refusal(root, depth) is not null));
    }

    private static Dictionary<string, string> Aliases(List<Agent> members) =>
        members.SelectMany(agent => agent.Aliases.Select(alias => (alias, agent.Name))).ToDictionary(pair => pair.alias, pair => pair.Name);

    /// <summary>A person is told that nobody will answer; an agent's answer is kept, and who is halted stands in its chain.</summary>
    private void CheckHalts(List<Agent> members, Addressed addressed, List<string> halted)
    {
        var unable = addressed.Everyone && members.Count == halted.Count ? halted : addressed.Named.Where(halted.Contains).ToList();
        if (unable.Count > 0 && halts.OfAgent(members[0].OrganizationId, members.Find(agent => agent.Name == unable[0])!.Id) is { } halt)
        {
            throw HaltBoard.Refusal(halt, $"The agent '{unable[0]}'");
        }
    }
}
