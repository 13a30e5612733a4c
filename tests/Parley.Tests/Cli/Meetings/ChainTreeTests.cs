using Parley.Cli.Meetings;
using Parley.Client.Wire;

namespace Parley.Tests.Cli.Meetings;

public sealed class ChainTreeTests
{
    [Fact]
    public void Answers_stand_below_what_they_answer_in_the_order_said()
    {
        var (question, ceo, cto, cfo) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        MessageView[] messages =
        [
            Meetings.Message(1, "owner", "Launch?", At(0), question),
            Meetings.Message(2, "ceo", "@cto @cfo ready?", At(0), ceo, question),
            Meetings.Message(3, "cfo", "Paid.", At(1), cfo, ceo),
            Meetings.Message(4, "cto", "Ready. @ceo?", At(1), cto, ceo),
            Meetings.Message(5, "ceo", "Launch.", At(2), replyTo: cto),
            Meetings.Message(6, "owner", "Thanks", At(0)),
        ];

        string.Join('\n', ChainTree.Lines(messages, 60)).ShouldBe(
            """
            owner: Launch?
            └─ ceo: @cto @cfo ready?
               ├─ cfo [depth 1/4]: Paid.
               └─ cto [depth 1/4]: Ready. @ceo?
                  └─ ceo [depth 2/4]: Launch.
            owner: Thanks
            """);
    }

    [Fact]
    public void A_long_line_is_cut_and_a_missing_parent_begins_a_tree() =>
        ChainTree.Lines([Meetings.Message(7, "ceo", "one\ntwo three", At(1), replyTo: Guid.NewGuid())], 22).ShouldBe(["ceo [depth 1/4]: one\\…"]);

    private static ChainView At(int depth) => new(depth, 4, [], [], []);
}
