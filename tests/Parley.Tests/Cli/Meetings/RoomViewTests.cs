using Parley.Cli.Meetings;
using Parley.Client.Wire;

namespace Parley.Tests.Cli.Meetings;

public sealed class RoomViewTests : IDisposable
{
    private readonly StringWriter screen = new() { NewLine = "\n" };
    private readonly RoomView view;
    private long number;

    public RoomViewTests()
    {
        view = new RoomView(screen, colour: false);
        view.Show(new MeetingEvent(MeetingEventKind.State, Meeting: Meetings.Of(chainLength: 4)));
    }

    public void Dispose() => screen.Dispose();

    [Fact]
    public void A_chain_looks_as_the_founding_document_shows_it()
    {
        Speaks("ceo", 0, "Depends on readiness. @cto status update?", asks: ["cto"]);
        Speaks("cto", 1, "90% ready, need QA. @cfo budget for contractors?", asks: ["cfo"]);
        Speaks("cfo", 2, "$50K available. @ceo revenue impact of delay?", asks: ["ceo"]);
        Speaks("ceo", 3, "$200K revenue risk. Let's spend the $50K.");

        screen.ToString().ShouldBe(
            """
            ceo: Depends on readiness. @cto status update?

              ↳ [Agent-to-agent chain, depth 1/4]

            cto: 90% ready, need QA. @cfo budget for contractors?

                ↳ [Agent-to-agent chain, depth 2/4]

            cfo: $50K available. @ceo revenue impact of delay?

                  ↳ [Agent-to-agent chain, depth 3/4]

            ceo: $200K revenue risk. Let's spend the $50K.


            """);
    }

    [Fact]
    public void At_the_limit_it_names_who_was_mentioned_and_not_heard()
    {
        Speaks("ceo", 4, "@cfo and @cto, thoughts?", unheard: ["cfo", "cto"], endedBy: "depth");

        screen.ToString().ShouldEndWith(
            """
            ⚠️  Max chain depth (4) reached. Agents mentioned but not responding: cfo, cto
            Use /respond <agent> to hear their response, or /chain-length to adjust the limit


            """);
    }

    [Fact]
    public void Who_begins_first_is_heard_word_by_word_and_the_others_after_it()
    {
        var (ceo, cto) = (Guid.NewGuid(), Guid.NewGuid());
        Turn(ceo, "ceo", "started");
        Turn(cto, "cto", "started");
        Turn(cto, "cto", "text", "From cto.");
        Turn(ceo, "ceo", "text", "From ");
        screen.ToString().ShouldBe("ceo: From ");
        view.IsSpeaking.ShouldBeTrue();

        Said(cto, "cto", 0, "From cto.");
        screen.ToString().ShouldBe("ceo: From ");
        Turn(ceo, "ceo", "text", "ceo.");
        Said(ceo, "ceo", 0, "From ceo.");

        screen.ToString().ShouldBe("ceo: From ceo.\n\ncto: From cto.\n\n");
        view.IsSpeaking.ShouldBeFalse();
    }

    [Fact]
    public void A_message_that_comes_while_somebody_speaks_waits_for_the_end()
    {
        var ceo = Guid.NewGuid();
        Turn(ceo, "ceo", "text", "One");
        view.Show(new MeetingEvent(MeetingEventKind.Message, Message: Meetings.Message(++number, "owner", "Wait", new ChainView(0, 4, [], [], []))));
        Turn(ceo, "ceo", "text", " two.");
        Said(ceo, "ceo", 0, "One two.");

        screen.ToString().ShouldBe("ceo: One two.\n\nowner: Wait\n\n");
    }

    [Fact]
    public void A_pass_is_never_seen()
    {
        var turn = Guid.NewGuid();
        Turn(turn, "cfo", "started");
        Turn(turn, "cfo", "text", "PA");
        Turn(turn, "cfo", "text", "SS");
        Turn(turn, "cfo", "passed");

        screen.ToString().ShouldBeEmpty();
        view.Speakers.ShouldBeEmpty();
    }

    [Fact]
    public void A_text_that_only_begins_like_a_pass_is_shown_whole()
    {
        var turn = Guid.NewGuid();
        Turn(turn, "cfo", "text", "Pass");
        Turn(turn, "cfo", "text", "engers first.");
        Said(turn, "cfo", 0, "Passengers first.");

        screen.ToString().ShouldBe("cfo: Passengers first.\n\n");
    }

    [Fact]
    public void What_a_turn_said_before_it_began_again_is_left_behind()
    {
        var turn = Guid.NewGuid();
        Turn(turn, "ceo", "text", "Half a");
        Turn(turn, "ceo", "started");
        Turn(turn, "ceo", "text", "Whole.");
        Said(turn, "ceo", 0, "Whole.");

        screen.ToString().ShouldBe("ceo: Half a\nceo: Whole.\n\n");
    }

    [Fact]
    public void A_speaker_that_was_stopped_says_so()
    {
        var turn = Guid.NewGuid();
        Turn(turn, "ceo", "text", "I was about to");
        Turn(turn, "ceo", "ended", "stopped by owner");
        Turn(turn, "ceo", "ended", "told again by the turn itself");

        screen.ToString().ShouldBe("ceo: I was about to\n\n(ceo did not finish: stopped by owner)\n\n");
        view.IsSpeaking.ShouldBeFalse();
    }

    [Fact]
    public void Text_of_an_agent_cannot_move_the_cursor()
    {
        Speaks("ceo", 0, "a\e[2Jb");
        screen.ToString().ShouldBe("ceo: a\\x1b[2Jb\n\n");
    }

    [Fact]
    public void Whoever_the_room_asks_is_told_when_an_agent_asks_the_person()
    {
        Speaks("ceo", 0, "@user which budget?", endedBy: "user");
        screen.ToString().ShouldEndWith("→ ceo asks you.\n\n");
    }

    [Fact]
    public void A_held_message_says_so_and_stands_there_again_with_its_chain_when_it_was_approved()
    {
        var held = Meetings.Message(++number, "ceo", "@cto status? @ghost?", new ChainView(1, 4, ["cto"], [], ["ghost"])) with { Withheld = "held" };
        view.Show(new MeetingEvent(MeetingEventKind.Message, Message: held));
        screen.ToString().ShouldEndWith($"ceo: @cto status? @ghost?\n\n(held until a person decides: parley hold approve {held.Id})\n\n");
        screen.ToString().ShouldNotContain("Nobody here");
        view.Show(new MeetingEvent(MeetingEventKind.Message, Message: held with { Withheld = null }));
        screen.ToString().ShouldEndWith("  ↳ [Agent-to-agent chain, depth 1/4]\n\nceo: @cto status? @ghost?\n\nNobody here is called ghost; /add <agent> takes an agent into the room.\n\n");
        view.Show(new MeetingEvent(MeetingEventKind.Message, Message: held with { Withheld = "refused" }));
        screen.ToString().ShouldEndWith("\n(refused: it asks nobody)\n\n");
    }

    private void Speaks(string agent, int depth, string text, string[]? asks = null, string[]? unheard = null, string? endedBy = null)
    {
        var turn = Guid.NewGuid();
        Turn(turn, agent, "started", depth: depth);
        foreach (var word in text.Split(' '))
        {
            Turn(turn, agent, "text", word == text.Split(' ')[0] ? word : " " + word, depth);
        }

        Turn(turn, agent, "answered", depth: depth);
        Said(turn, agent, depth, text, asks, unheard, endedBy);
    }

    private void Turn(Guid turn, string agent, string kind, string text = "", int depth = 0) =>
        view.Show(new MeetingEvent(MeetingEventKind.Turn, Turn: new TurnView(turn, agent, depth, kind, text)));

    private void Said(Guid turn, string agent, int depth, string text, string[]? asks = null, string[]? unheard = null, string? endedBy = null) =>
        view.Show(new MeetingEvent(MeetingEventKind.Message, Message: Meetings.Message(++number, agent, text, new ChainView(depth, 4, asks ?? [], unheard ?? [], [], endedBy, turn))));
}
