using Parley.Core.Agents;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Sessions;

/// <summary>
/// The way into a spawned session: <c>session:</c> and its id. What its parent or a person says goes to the agent in the session, what the agent says there goes to
/// its parent. To have spawned it is the permission; no link is needed.
/// </summary>
public sealed class SessionRoutes(HaltBoard halts, ISessionPolicy policy) : IAddressRoutes
{
    /// <summary>What the address begins with.</summary>
    public const string Address = Turns.AgentSession.Address;

    /// <inheritdoc/>
    public string Prefix => Address;

    /// <inheritdoc/>
    public async ValueTask<Route> FindAsync(IUnitOfWork unit, Caller caller, Draft draft, Agent? sender, DateTimeOffset now)
    {
        var session = Guid.TryParse(draft.To![Address.Length..], out var id) ? await unit.Subagents.FindAsync(caller.OrganizationId, id) : null;
        if (session is null || !MaySpeak(caller, session))
        {
            throw new ParleyError(ErrorCode.UnknownRecipient, "There is no such session.", "List yours: parley session list") { Field = "to" };
        }

        if (session.Ended)
        {
            throw SessionLookup.Ended(session);
        }

        var conversation = await unit.Conversations.FindAsync(caller.OrganizationId, session.ConversationId) ?? throw ParleyError.NotFound("session");
        var fromInside = IsInside(caller, session);
        var recipients = new List<(Agent, Link?)>();
        if (!fromInside || session.ParentKind == CallerKind.Agent)
        {
            var recipient = await unit.Agents.FindAsync(caller.OrganizationId, fromInside ? session.ParentId : session.AgentId) ?? throw ParleyError.NotFound("agent");
            if (halts.OfAgent(caller.OrganizationId, recipient.Id) is { } halt)
            {
                throw HaltBoard.Refusal(halt, $"The agent '{recipient.Name}'");
            }

            recipients.Add((recipient, null));
        }

        var isTask = session.RootId == Guid.Empty;
        return new Route(conversation, recipients, ToMembers: false, sender)
        {
            Chain = isTask ? null : new ChainPlace(session.RootId, session.Depth),
            HeldTypes = isTask && policy.Current.HoldSpawns ? HeldTypes.Request : HeldTypes.None,
        };
    }

    /// <summary>Whether the caller is the agent at work in that session.</summary>
    internal static bool IsInside(Caller caller, Subagent session) => caller.Origin?.SessionId == session.Id;

    private static bool MaySpeak(Caller caller, Subagent session) => !caller.IsAgent || IsInside(caller, session) || caller.Id == session.ParentId;
}
