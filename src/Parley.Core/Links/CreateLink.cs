using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Organizations;

namespace Parley.Core.Links;

/// <summary>Links two agents so that they may message each other, and gives them their direct conversation. Persons only.</summary>
public sealed class CreateLink(IDatabase database, TimeProvider time)
{
    /// <summary>
    /// Returns the link; a pair that was linked before goes on in its old conversation. Throws <c>conflict</c> where the two are linked,
    /// <c>not_found</c> for an unknown agent, <c>forbidden</c>, <c>invalid_request</c>.
    /// </summary>
    public Task<LinkOverview> RunAsync(Caller caller, string agent, string peer, LinkSettings settings, CancellationToken cancellationToken)
    {
        var valid = settings.Checked();
        return database.ChangeAsync(
            caller, time, "link.create", $"{agent}, {peer}", Role.Member,
            async (unit, now) =>
            {
                var one = await AgentRules.FoundAsync(unit, caller.OrganizationId, agent);
                var other = await AgentRules.FoundAsync(unit, caller.OrganizationId, peer);
                var (a, b) = Link.Pair(one.Id, other.Id);
                if (!LinkRules.MayManage(caller, one, other))
                {
                    throw LinkRules.Refusal();
                }

                if (await unit.Links.FindAsync(caller.OrganizationId, one.Id, other.Id) is { } existing)
                {
                    throw new ParleyError(ErrorCode.Conflict, $"'{one.Name}' and '{other.Name}' are linked already.", $"Edit that link: parley link edit {existing.Id}");
                }

                var conversation = await ConversationAsync(unit, one, other, now);
                var link = new Link(Guid.CreateVersion7(now), caller.OrganizationId, a, b, conversation, valid, now, RemovedAt: null);
                unit.Links.Add(link);
                return LinkOverview.From(link, one, other, state: null, now);
            },
            cancellationToken);
    }

    private static async ValueTask<Guid> ConversationAsync(IUnitOfWork unit, Agent one, Agent other, DateTimeOffset now)
    {
        var key = Conversation.KeyOf(one.Id, other.Id);
        var conversation = await unit.Conversations.FindDirectAsync(one.OrganizationId, key);
        if (conversation is null)
        {
            conversation = new Conversation(
                Guid.CreateVersion7(now), one.OrganizationId, ConversationKind.Direct, ProjectId: null, $"{one.Name}, {other.Name}", key, Head: 0, now);
            unit.Conversations.Add(conversation);
        }

        unit.Conversations.AddMember(conversation.Id, one.Id, now);
        unit.Conversations.AddMember(conversation.Id, other.Id, now);
        return conversation.Id;
    }
}
