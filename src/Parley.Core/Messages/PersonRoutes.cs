using Parley.Core.Agents;
using Parley.Core.Conversations;

namespace Parley.Core.Messages;

/// <summary>
/// The way of an agent's answer to a person: <c>user:maria</c> is the direct conversation that the person began with the agent. A person has no inbox and reads
/// the conversation.
/// </summary>
public sealed class PersonRoutes : IAddressRoutes
{
    /// <summary>What the address of a person begins with.</summary>
    public const string Address = "user:";

    /// <inheritdoc/>
    public string Prefix => Address;

    /// <inheritdoc/>
    public async ValueTask<Route> FindAsync(IUnitOfWork unit, Caller caller, Draft draft, Agent? sender, DateTimeOffset now)
    {
        var name = draft.To![Address.Length..].Trim().ToLowerInvariant();
        var person = sender is null ? null : (await unit.Organizations.ListUsersAsync(caller.OrganizationId)).Find(user => user.Name == name);
        var conversation = person is null ? null : await unit.Conversations.FindDirectAsync(caller.OrganizationId, Conversation.KeyOf(person.Id, caller.Id));
        return conversation is null
            ? throw new ParleyError(ErrorCode.UnknownRecipient, $"'{draft.To}' cannot be reached.", "An agent can answer a person who has written to it directly.") { Field = "to" }
            : new Route(conversation, [], ToMembers: false, sender);
    }
}
