namespace Parley.Core.Messages;

/// <summary>Collects inbox positions during a write and wakes their agents after the commit.</summary>
internal static class Wakes
{
    /// <summary>Wakes the agents; without the message, so that a live connection reads it.</summary>
    public static void Send(IWake wake, Guid organizationId, IReadOnlyList<InboxPosition> positions)
    {
        if (positions.Count > 0)
        {
            wake.Wake(new WakeHint(organizationId, Guid.Empty, positions, Message: null));
        }
    }
}
