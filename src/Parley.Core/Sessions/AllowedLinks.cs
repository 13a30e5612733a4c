using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Links;
using Parley.Core.Organizations;

namespace Parley.Core.Sessions;

/// <summary>
/// Links two agents that a person named in <c>tools.agentToAgent.allow</c>, when one first addresses the other's session. A pair that ever had a conversation is left
/// as it is: whoever removed its link meant it.
/// </summary>
internal static class AllowedLinks
{
    /// <summary>Adds the link with the usual quota where it is missing and allowed by name.</summary>
    public static async ValueTask EnsureAsync(IUnitOfWork unit, SessionPolicy policy, Caller caller, Agent other, DateTimeOffset now)
    {
        var key = Conversation.KeyOf(caller.Id, other.Id);
        if (policy.Allow is null || caller.Id == other.Id || await unit.Links.FindAsync(caller.OrganizationId, caller.Id, other.Id) is not null
            || await unit.Conversations.FindDirectAsync(caller.OrganizationId, key) is not null)
        {
            return;
        }

        var conversation = new Conversation(Guid.CreateVersion7(now), caller.OrganizationId, ConversationKind.Direct, ProjectId: null, $"{caller.Name}, {other.Name}", key, Head: 0, now);
        unit.Conversations.Add(conversation);
        unit.Conversations.AddMember(conversation.Id, caller.Id, now);
        unit.Conversations.AddMember(conversation.Id, other.Id, now);
        var (a, b) = Link.Pair(caller.Id, other.Id);
        unit.Links.Add(new Link(Guid.CreateVersion7(now), caller.OrganizationId, a, b, conversation.Id, new LinkSettings().Checked(), now, RemovedAt: null));
        unit.Audit.Append(AuditEntry.Allowed(Caller.System(caller.OrganizationId), now, "link.create", $"{caller.Name}, {other.Name}", """{"by":"tools.agentToAgent.allow"}"""));
    }
}
