using System.Globalization;

namespace Parley.Core.Links;

/// <summary>What the system prompt of a hosted agent carries while it answers a peer, word for word as the founding document has it.</summary>
public static class PeerPrompt
{
    /// <summary>The instruction for every agent-to-agent exchange.</summary>
    public const string Instruction = "This is an agent-to-agent exchange. Minimize chatter, batch information, and avoid loops.";

    /// <summary>The quota of the link, so that the model can budget: <c>Limit: 30 messages / 6 hours. Remaining credits: 12.</c></summary>
    public static string QuotaLine(LinkSettings settings, LinkState? state, DateTimeOffset now)
    {
        var credits = state is null ? settings.MessagesPerWindow : Quota.Roll(state, settings, now).CreditsRemaining;
        return string.Create(CultureInfo.InvariantCulture, $"Limit: {settings.MessagesPerWindow} messages / {settings.WindowHours} hours. Remaining credits: {credits}.");
    }
}
