using Parley.Core.Messages;

namespace Parley.Core.Turns;

/// <summary>Turns with what they are about and what was answered in them.</summary>
public interface ITurnStore
{
    /// <summary>Adds a turn with its inputs.</summary>
    void Add(Turn turn, IReadOnlyList<TurnInput> inputs);

    /// <summary>The turn, or null.</summary>
    ValueTask<Turn?> FindAsync(Guid id);

    /// <summary>Writes how far the turn came and what it used.</summary>
    void Save(Turn turn);

    /// <summary>What the turn is about, by inbox number.</summary>
    ValueTask<List<TurnInput>> InputsAsync(Guid turnId);

    /// <summary>The answered model calls of the turn, in order.</summary>
    ValueTask<List<TurnStep>> StepsAsync(Guid turnId);

    /// <summary>Adds an answered model call.</summary>
    void AddStep(Guid turnId, TurnStep step);

    /// <summary>Writes what the tool calls of a step answered.</summary>
    void SaveResults(Guid turnId, int step, IReadOnlyList<ToolResult> results);

    /// <summary>Adds a message that came while the turn runs.</summary>
    void Join(Turn turn, TurnInput input);

    /// <summary>Unread deliveries of the agent that belong to its session in that conversation, or, for null, to its main session; by inbox number.</summary>
    ValueTask<List<InboxItem>> UnreadAsync(Guid agentId, Guid? conversationId, int limit);

    /// <summary>Those of <see cref="UnreadAsync"/> that a turn may take now: results of what one turn has spawned wait for each other.</summary>
    ValueTask<List<InboxItem>> ReadyAsync(Guid agentId, Guid? conversationId, int limit);

    /// <summary>The inputs of a turn with their messages, by inbox number; what retention deleted is left out.</summary>
    ValueTask<List<InboxItem>> ItemsAsync(Guid agentId, Guid turnId);

    /// <summary>Marks one delivery handed to a turn.</summary>
    void Offer(Guid agentId, Guid messageId, DateTimeOffset at);

    /// <summary>Marks one delivery acknowledged; a reason says why no turn was needed. One that is replied to stays so.</summary>
    void Acknowledge(Guid agentId, Guid messageId, string? reason, DateTimeOffset at);

    /// <summary>Moves the agent's cursor as far as nothing unread lies below it; the caller has locked the inbox.</summary>
    void AdvanceCursor(Guid agentId);

    /// <summary>How many turns over the delivery at that inbox number have failed.</summary>
    ValueTask<int> FailuresAsync(Guid agentId, long number);

    /// <summary>The turns below a root, in the order in which they began, those that only share it included.</summary>
    ValueTask<List<Turn>> OfRootAsync(Guid organizationId, Guid rootId);

    /// <summary>The turns of a session, in the order in which they began.</summary>
    ValueTask<List<Turn>> OfSessionAsync(Guid sessionId);

    /// <summary>The turns of an organization that a node owns now, the oldest first.</summary>
    ValueTask<List<OwnedTurn>> OwnedAsync(Guid organizationId, int limit);

    /// <summary>What answered model calls used since a time, added up; the dearest first, days by date.</summary>
    ValueTask<List<SpendLine>> SpendAsync(Guid organizationId, SpendKey by, DateTimeOffset since, Guid? agentId, int limit);

    /// <summary>The messages that a turn sent, in the order accepted.</summary>
    ValueTask<List<Message>> SentAsync(Turn turn);
}
