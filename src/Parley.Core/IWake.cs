namespace Parley.Core;

/// <summary>
/// Tells whoever can deliver that deliveries are ready. A hint: it may be lost, repeated or late, because the rows are the truth
/// and every reader also looks by itself.
/// </summary>
public interface IWake
{
    /// <summary>Called after the commit. Returns at once and never throws.</summary>
    void Wake(in WakeHint hint);
}

/// <summary>What became ready.</summary>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="ConversationId">Where something was said.</param>
/// <param name="Recipients">Whose inbox grew, each with the new inbox number.</param>
/// <param name="Message">The message itself, so that a live connection need not read it again.</param>
public readonly record struct WakeHint(Guid OrganizationId, Guid ConversationId, IReadOnlyList<InboxPosition> Recipients, Messages.Message? Message);

/// <summary>A place in an agent's inbox.</summary>
public readonly record struct InboxPosition(Guid AgentId, long Number);
