using Parley.Core.Links;

namespace Parley.Tests.Links;

public sealed class PeerPromptTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_instruction_is_that_of_the_founding_document() =>
        PeerPrompt.Instruction.ShouldBe("This is an agent-to-agent exchange. Minimize chatter, batch information, and avoid loops.");

    [Fact]
    public void The_quota_line_is_that_of_the_founding_document()
    {
        var settings = new LinkSettings();
        var state = Quota.Open(Guid.NewGuid(), settings, s_now) with { CreditsRemaining = 12 };

        PeerPrompt.QuotaLine(settings, state, s_now).ShouldBe("Limit: 30 messages / 6 hours. Remaining credits: 12.");
    }

    [Fact]
    public void Before_the_first_message_and_after_the_window_the_quota_line_shows_a_full_bucket()
    {
        var settings = new LinkSettings(MessagesPerWindow: 7, WindowHours: 2);
        var empty = Quota.Open(Guid.NewGuid(), settings, s_now) with { CreditsRemaining = 0 };

        PeerPrompt.QuotaLine(settings, null, s_now).ShouldBe("Limit: 7 messages / 2 hours. Remaining credits: 7.");
        PeerPrompt.QuotaLine(settings, empty, s_now.AddHours(2)).ShouldBe("Limit: 7 messages / 2 hours. Remaining credits: 7.");
    }
}
