namespace Parley.Core.Messages;

/// <summary>What was said.</summary>
public interface IMessageStore
{
    /// <summary>Appends a message that has its number.</summary>
    void Append(Message message);

    /// <summary>The message, or null.</summary>
    ValueTask<Message?> FindAsync(Guid organizationId, Guid id);

    /// <summary>The message that the sender sent with that key, or null.</summary>
    ValueTask<Message?> FindByKeyAsync(Guid senderId, string key);

    /// <summary>Whether that was the text of the message when it was sent, before a person edited it.</summary>
    ValueTask<bool> WasSentAsync(Guid id, string content);

    /// <summary>The sender's first message with the same text in that conversation after a time and not after another, or null.</summary>
    ValueTask<Message?> FindTwinAsync(Guid conversationId, Guid senderId, string content, DateTimeOffset since, DateTimeOffset until);

    /// <summary>One page of a conversation or of all an agent or person may read. Words are found in what was indexed.</summary>
    ValueTask<List<Message>> PageAsync(HistoryQuery query);

    /// <summary>Brings the full-text index on by at most that many messages and returns how many; needs a write. A store that indexes by itself returns 0.</summary>
    ValueTask<int> IndexAsync(int limit);

    /// <summary>Writes why a withheld text is withheld now, if it still is, and the text itself where a person edited it. A text that everybody may read stays so.</summary>
    ValueTask ReleaseAsync(Guid id, Withheld withheld, string? editedContent);

    /// <summary>How many messages of an organization were accepted in each step of that length from a time on; the number of a step counts from 1970. Steps without any are left out.</summary>
    ValueTask<List<MessageCount>> CountAsync(Guid organizationId, DateTimeOffset since, TimeSpan step);

    /// <summary>The messages that wait for a person, oldest first (by time, then by id); of one conversation, or for null of all.</summary>
    ValueTask<List<Message>> HeldAsync(Guid organizationId, int limit, Guid? conversationId = null);
}

/// <summary>How many messages were accepted in a step of time.</summary>
/// <param name="Step">How many steps lie between 1970 and it.</param>
/// <param name="Count">How many.</param>
public readonly record struct MessageCount(long Step, int Count);

/// <summary>Which messages to read.</summary>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="ConversationId">One conversation, or null for all that the reader may see.</param>
/// <param name="ReaderAgentId">Whose membership bounds the answer and from whom withheld text is kept; null for a person.</param>
/// <param name="ProjectId">Only that project's channels.</param>
/// <param name="After">Only numbers above it (one conversation), ascending.</param>
/// <param name="Before">Only numbers below it (one conversation), the newest of them.</param>
/// <param name="BeforeId">Only messages accepted before that one (all conversations).</param>
/// <param name="AfterId">Only messages behind that one in the order of ids, ascending.</param>
/// <param name="UpToId">No message behind that one in the order of ids.</param>
/// <param name="Type">Only that type.</param>
/// <param name="Sender">Only that sender's name.</param>
/// <param name="Since">Only from that time.</param>
/// <param name="Until">Only before that time.</param>
/// <param name="Text">Only with those words.</param>
/// <param name="Limit">How many, at the most.</param>
public sealed record HistoryQuery(
    Guid OrganizationId, Guid? ConversationId = null, Guid? ReaderAgentId = null, Guid? ProjectId = null, long? After = null, long? Before = null,
    Guid? BeforeId = null, Guid? AfterId = null, Guid? UpToId = null, MessageType? Type = null, string? Sender = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null, string? Text = null,
    int Limit = 50);

/// <summary>For whom messages are, and how far they came.</summary>
public interface IDeliveryStore
{
    /// <summary>
    /// Adds a delivery. One that is <see cref="DeliveryState.Pending"/> gets the next number of the recipient's inbox, which is returned;
    /// one that waits gets none, and 0 is returned.
    /// </summary>
    ValueTask<long> AddAsync(Delivery delivery);

    /// <summary>
    /// Adds a delivery that is <see cref="DeliveryState.Pending"/>, as <see cref="AddAsync"/>. Its number is known after the commit; the unit must not wait for it,
    /// so that nobody else waits for the inbox meanwhile.
    /// </summary>
    Task<long> Append(Delivery delivery);

    /// <summary>Adds a delivery in a place of the inbox that was left; its number is given.</summary>
    void Fill(Delivery delivery);

    /// <summary>Adds a pending delivery for every member of the message's conversation but one, and returns their new inbox positions.</summary>
    ValueTask<List<InboxPosition>> FanOutAsync(Message message, Guid exceptAgentId);

    /// <summary>The inbox after a number, ascending.</summary>
    ValueTask<List<InboxItem>> PageAsync(Guid agentId, long after, int limit);

    /// <summary>
    /// Moves an inbox's cursor to a number that is beyond it and not beyond the head, and marks what was pending or offered up to there acknowledged; any other
    /// number changes nothing. Where the inbox stood before, and how many were marked, is known after the commit; the unit must not wait for it.
    /// </summary>
    Task<(Agents.InboxState Before, int Count)> AcknowledgeAsync(Guid agentId, long upTo, DateTimeOffset at);

    /// <summary>Notes that a range was handed to a connection.</summary>
    void Offer(Guid agentId, long above, long upTo, DateTimeOffset at);

    /// <summary>The deliveries of a message, by recipient's name.</summary>
    ValueTask<List<Delivery>> OfMessageAsync(Guid messageId, int limit);

    /// <summary>All deliveries of several messages.</summary>
    ValueTask<List<Delivery>> OfMessagesAsync(IReadOnlyList<Guid> messageIds);

    /// <summary>How many deliveries a message has.</summary>
    ValueTask<int> CountAsync(Guid messageId);

    /// <summary>The delivery at a place of an inbox, or null.</summary>
    ValueTask<Delivery?> FindAsync(Guid agentId, long number);

    /// <summary>The delivery of a message to an agent, or null.</summary>
    ValueTask<Delivery?> FindAsync(Guid messageId, Guid agentId);

    /// <summary>Puts a waiting or dead delivery into the inbox under a new number, which is returned.</summary>
    ValueTask<long> ReleaseAsync(Guid messageId, Guid agentId, DateTimeOffset at);

    /// <summary>Makes a held delivery wait for credits.</summary>
    void Defer(Guid messageId, Guid agentId, long turn, DateTimeOffset notBefore);

    /// <summary>Ends a delivery as expired, refused or dead.</summary>
    void End(Guid messageId, Guid agentId, DeliveryState state, string reason, DateTimeOffset at);

    /// <summary>Notes the recipient's reply.</summary>
    void Reply(Guid messageId, Guid agentId, DateTimeOffset at);

    /// <summary>Locks the deliveries of a message for the rest of the write, so that what is read of them now stays true.</summary>
    ValueTask LockAsync(Guid messageId);

    /// <summary>The deferred deliveries of a link in the order accepted.</summary>
    ValueTask<List<Delivery>> DeferredAsync(Guid linkId, int limit);

    /// <summary>Deliveries that are not final and whose time to live has ended.</summary>
    ValueTask<List<Delivery>> ExpiringAsync(DateTimeOffset now, int limit);

    /// <summary>Dead deliveries of an organization, newest first.</summary>
    ValueTask<List<Delivery>> DeadAsync(Guid organizationId, int limit);
}

/// <summary>A request that waits for a reply.</summary>
public sealed record Obligation(Guid MessageId, Guid OrganizationId, Guid AgentId, string AgentName, DateTimeOffset CreatedAt, DateTimeOffset ReplyBy, DateTimeOffset? RemindedAt);

/// <summary>Something that needs a person.</summary>
public sealed record Attention(Guid Id, Guid OrganizationId, string Kind, string Text, Guid? MessageId, DateTimeOffset At, DateTimeOffset? ResolvedAt);

/// <summary>Requests that wait for a reply, and what waits for a person.</summary>
public interface IObligationStore
{
    /// <summary>Adds an obligation.</summary>
    void Add(Obligation obligation);

    /// <summary>Ends an obligation: the agent replied, or a person was told.</summary>
    void End(Guid messageId, Guid agentId);

    /// <summary>The obligation, or null.</summary>
    ValueTask<Obligation?> FindAsync(Guid messageId, Guid agentId);

    /// <summary>The obligations whose reminder or end is due.</summary>
    ValueTask<List<Obligation>> DueAsync(DateTimeOffset now, int limit);

    /// <summary>The open obligations of an organization, the most urgent first.</summary>
    ValueTask<List<Obligation>> ListAsync(Guid organizationId, int limit);

    /// <summary>Notes that the agent was reminded.</summary>
    void Remind(Guid messageId, Guid agentId, DateTimeOffset at);

    /// <summary>Asks for a person.</summary>
    void Raise(Attention attention);

    /// <summary>What waits for a person, oldest first.</summary>
    ValueTask<List<Attention>> AttentionAsync(Guid organizationId, int limit);

    /// <summary>Notes that a person dealt with it; false where there is no such thing open.</summary>
    ValueTask<bool> ResolveAsync(Guid organizationId, Guid id, DateTimeOffset at);
}
