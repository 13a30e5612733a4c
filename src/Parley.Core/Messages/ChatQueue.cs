namespace Parley.Core.Messages;

/// <summary>A row that an agent inserted into <c>agent_chat</c> and that was not sent yet.</summary>
/// <param name="Id">Ascending for one connection; nothing else is read from it.</param>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="AgentId">The agent whose role inserted it.</param>
/// <param name="AgentName">The agent's name.</param>
/// <param name="Message">The text.</param>
/// <param name="Mentions">The names, in their form.</param>
public sealed record QueuedChat(long Id, Guid OrganizationId, Guid AgentId, string AgentName, string Message, IReadOnlyList<string> Mentions);

/// <summary>What agents inserted with SQL and Parley has still to send.</summary>
public interface IChatQueueStore
{
    /// <summary>The waiting rows in the order inserted.</summary>
    ValueTask<List<QueuedChat>> WaitingAsync(int limit);

    /// <summary>Takes a row out of the queue within the write that sends it; false where another node did so. Waits while another node is about to.</summary>
    ValueTask<bool> TakeAsync(long id);

    /// <summary>Keeps a row as refused, where its agent's role can read why; false where another node dealt with it. Forgets those refused before a time.</summary>
    ValueTask<bool> RefuseAsync(long id, ParleyError error, DateTimeOffset at, DateTimeOffset forgetBefore);
}
