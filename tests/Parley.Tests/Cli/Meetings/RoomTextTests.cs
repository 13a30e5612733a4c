using Parley.Cli.Meetings;

namespace Parley.Tests.Cli.Meetings;

public sealed class RoomTextTests
{
    [Fact]
    public void A_new_chain_length_is_told_as_the_founding_document_has_it()
    {
        RoomText.LengthChanged(4, 6, []).ShouldBe("✓ Max chain length updated: 4 → 6");
        RoomText.LengthChanged(6, 0, ["Chaining is off."]).ShouldBe("✓ Max chain length updated: 6 → 0\n⚠️  Agent-to-agent chaining is now disabled.");
        RoomText.LengthChanged(4, 12, ["That is long."]).ShouldBe("✓ Max chain length updated: 4 → 12\n⚠️  That is long.");
    }

    [Fact]
    public void The_mark_of_a_chain_stands_farther_in_the_deeper_it_is()
    {
        RoomText.ChainMark(1, 4).ShouldBe("  ↳ [Agent-to-agent chain, depth 1/4]");
        RoomText.ChainMark(3, 4).ShouldBe("      ↳ [Agent-to-agent chain, depth 3/4]");
    }
}
