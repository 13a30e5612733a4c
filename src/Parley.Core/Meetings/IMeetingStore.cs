using Parley.Core.Messages;

namespace Parley.Core.Meetings;

/// <summary>Meetings. Their messages and participants are in the stores of conversations and messages.</summary>
public interface IMeetingStore
{
    /// <summary>Adds a meeting beside its conversation.</summary>
    void Add(Meeting meeting);

    /// <summary>Writes the settings and the state, and makes the revision one greater.</summary>
    void Update(Meeting meeting);

    /// <summary>The meeting, or null.</summary>
    ValueTask<Meeting?> FindAsync(Guid organizationId, Guid id);

    /// <summary>The meeting of that name, or null.</summary>
    ValueTask<Meeting?> FindAsync(Guid organizationId, string name);

    /// <summary>The meetings of the organization, or those that the agent takes part in, the last started first.</summary>
    ValueTask<List<Meeting>> ListAsync(Guid organizationId, Guid? agentId, MeetingState state, int limit);

    /// <summary>How many meetings the organization has ever had.</summary>
    ValueTask<int> CountAsync(Guid organizationId);

    /// <summary>The newest message of the meeting that the agent said or that was delivered to it, else the newest at all; null before the first.</summary>
    ValueTask<Message?> LastKnownAsync(Guid meetingId, Guid agentId);

    /// <summary>The newest messages of the meeting that belong to a root, in the order said.</summary>
    ValueTask<List<Message>> ChainAsync(Guid meetingId, Guid rootId, int limit);

    /// <summary>The participants that were asked in the meeting and have neither answered nor acknowledged, by name.</summary>
    ValueTask<List<string>> WaitingAsync(Guid meetingId);

    /// <summary>What the turns in the meeting used, by agent.</summary>
    ValueTask<List<TurnUse>> UseAsync(Guid meetingId);
}
