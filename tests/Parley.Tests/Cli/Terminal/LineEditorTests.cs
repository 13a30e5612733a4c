using FsCheck;
using FsCheck.Fluent;
using Parley.Cli.Terminal;

namespace Parley.Tests.Cli.Terminal;

public sealed class LineEditorTests
{
    private static readonly string[] s_commands = ["/chain-length", "/clear", "/history", "/help"];

    [Fact]
    public void Letters_are_inserted_where_the_cursor_stands()
    {
        var line = Typed("helo");
        Press(line, ConsoleKey.LeftArrow);
        Type(line, "l");
        line.Text.ShouldBe("hello");
        line.BeforeCursor.ShouldBe("hell");
    }

    [Fact]
    public void Backspace_takes_away_a_whole_character_as_a_person_sees_it()
    {
        var line = Typed("a👩‍👩‍👧é");
        Press(line, ConsoleKey.Backspace);
        Press(line, ConsoleKey.Backspace);
        line.Text.ShouldBe("a");
    }

    [Fact]
    public void The_keys_of_a_shell_edit_words_and_ends_of_the_line()
    {
        var line = Typed("one two three");
        Control(line, ConsoleKey.W);
        line.Text.ShouldBe("one two ");
        Control(line, ConsoleKey.A);
        Control(line, ConsoleKey.RightArrow);
        Control(line, ConsoleKey.K);
        line.Text.ShouldBe("one");
        Control(line, ConsoleKey.U);
        line.Text.ShouldBe("");
    }

    [Fact]
    public void Ctrl_D_leaves_only_an_empty_line()
    {
        var line = Typed("x");
        Control(line, ConsoleKey.A);
        Control(line, ConsoleKey.D).ShouldBe(LineOutcome.Edited);
        line.Text.ShouldBe("");
        Control(line, ConsoleKey.D).ShouldBe(LineOutcome.Ended);
    }

    [Fact]
    public void The_arrows_go_through_the_lines_before_and_back_to_what_was_being_written()
    {
        var line = new LineEditor(new LineHistory(["first", "second"]), None);
        Type(line, "draft");
        Press(line, ConsoleKey.UpArrow);
        Press(line, ConsoleKey.UpArrow);
        line.Text.ShouldBe("first");
        Press(line, ConsoleKey.UpArrow).ShouldBe(LineOutcome.Ignored);
        Press(line, ConsoleKey.DownArrow);
        Press(line, ConsoleKey.DownArrow);
        line.Text.ShouldBe("draft");
    }

    [Fact]
    public void A_line_sent_is_in_the_history_once()
    {
        var line = Typed("again");
        line.Take();
        Type(line, "again");
        line.Take();
        line.History.Lines.ShouldBe(["again"]);
        line.Text.ShouldBe("");
    }

    [Fact]
    public void The_history_keeps_the_newest_lines_only()
    {
        var history = new LineHistory(Enumerable.Range(0, LineHistory.Most + 10).Select(i => $"line {i}"));
        history.Add("last");
        history.Lines.Count.ShouldBe(LineHistory.Most);
        history.Lines[^1].ShouldBe("last");
    }

    [Fact]
    public void Tab_completes_as_far_as_is_certain_then_shows_what_is_possible()
    {
        var line = new LineEditor(new LineHistory([]), Commands);
        Type(line, "/c");
        Press(line, ConsoleKey.Tab).ShouldBe(LineOutcome.Candidates);
        line.Candidates.ShouldBe(["/chain-length", "/clear"]);
        Type(line, "h");
        Press(line, ConsoleKey.Tab).ShouldBe(LineOutcome.Edited);
        line.Text.ShouldBe("/chain-length ");
        Press(line, ConsoleKey.Tab).ShouldBe(LineOutcome.Ignored);
    }

    [Fact]
    public void What_is_typed_into_an_empty_line_is_what_is_sent() => Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text =>
    {
        var printable = new string([.. (text ?? "").Where(character => !char.IsControl(character))]);
        return Typed(printable).Take() == printable;
    }).QuickCheckThrowOnFailure();

    private static Completion Commands(string before) => new(0, [.. s_commands.Where(command => before.Length > 0 && command.StartsWith(before, StringComparison.Ordinal))]);

    private static Completion None(string before) => new(before.Length, []);

    private static LineEditor Typed(string text)
    {
        var line = new LineEditor(new LineHistory([]), None);
        Type(line, text);
        return line;
    }

    private static void Type(LineEditor line, string text)
    {
        foreach (var character in text)
        {
            line.Press(new ConsoleKeyInfo(character, default, shift: false, alt: false, control: false));
        }
    }

    private static LineOutcome Press(LineEditor line, ConsoleKey key) => line.Press(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false));

    private static LineOutcome Control(LineEditor line, ConsoleKey key) => line.Press(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: true));
}
