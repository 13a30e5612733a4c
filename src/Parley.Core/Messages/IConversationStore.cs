using Parley.Core.Conversations;

namespace Parley.Core.Messages;

/// <summary>Conversations and their members.</summary>
public interface IConversationStore
{
    /// <summary>Adds a conversation.</summary>
    void Add(Conversation conversation);

    /// <summary>The conversation, or null.</summary>
    ValueTask<Conversation?> FindAsync(Guid organizationId, Guid id);

    /// <summary>The direct conversation of a pair, or null.</summary>
    ValueTask<Conversation?> FindDirectAsync(Guid organizationId, string peerKey);

    /// <summary>What lies between an agent and the agent of that name; null where the sender does not exist.</summary>
    ValueTask<PeerRoute?> FindPeersAsync(Guid organizationId, Guid senderId, string recipient);

    /// <summary>Says that <see cref="FindPeersAsync"/> will be asked after the next question, so that a store elsewhere can answer both at once.</summary>
    void ExpectPeers(Guid organizationId, Guid senderId, string recipient);

    /// <summary>A sending agent with the types of messages that a person approves in its organization; null where it does not exist.</summary>
    ValueTask<(Agents.Agent Sender, Organizations.HeldTypes HeldTypes)?> FindSenderAsync(Guid organizationId, Guid senderId);

    /// <summary>The channel of that name in a project, or null.</summary>
    ValueTask<Conversation?> FindChannelAsync(Guid projectId, string name);

    /// <summary>The organization's <c>agent_chat</c>, or null before its first message.</summary>
    ValueTask<Conversation?> FindChatAsync(Guid organizationId);

    /// <summary>The channels of a project, by name.</summary>
    ValueTask<List<Conversation>> ListChannelsAsync(Guid projectId);

    /// <summary>The conversations of an agent, or of the organization, the last used first.</summary>
    ValueTask<List<Conversation>> ListAsync(Guid organizationId, Guid? agentId, int limit);

    /// <summary>Gives out the next number; the row stays locked until the end of the write, so that no later number is readable before it.</summary>
    ValueTask<long> NextNumberAsync(Guid id);

    /// <summary>Locks the conversation for the rest of the write, so that what is read of it now stays true.</summary>
    ValueTask LockAsync(Guid id);

    /// <summary>Adds a member; nothing happens where it is one.</summary>
    void AddMember(Guid conversationId, Guid agentId, DateTimeOffset at);

    /// <summary>Removes a member.</summary>
    void RemoveMember(Guid conversationId, Guid agentId);

    /// <summary>Whether the agent is a member.</summary>
    ValueTask<bool> IsMemberAsync(Guid conversationId, Guid agentId);

    /// <summary>The members, by name.</summary>
    ValueTask<List<Agents.Agent>> MembersAsync(Guid conversationId);

    /// <summary>The projects in which the agent is a member of a channel.</summary>
    ValueTask<List<Guid>> ProjectsOfAsync(Guid agentId);
}
