namespace Parley.Cli.Terminal;

/// <summary>What a key did to the line.</summary>
internal enum LineOutcome
{
    /// <summary>The line changed or the cursor moved.</summary>
    Edited,

    /// <summary>Enter.</summary>
    Submitted,

    /// <summary>Ctrl+C.</summary>
    Interrupted,

    /// <summary>Ctrl+D on an empty line.</summary>
    Ended,

    /// <summary>Tab with several endings possible: see <see cref="LineEditor.Candidates"/>.</summary>
    Candidates,

    /// <summary>Ctrl+L.</summary>
    Cleared,

    /// <summary>Nothing.</summary>
    Ignored,
}

/// <summary>
/// Edits one line by keys, as a shell does: a state with no terminal in it, so that the room can write above the line while a person types.
/// </summary>
internal sealed class LineEditor(LineHistory history, Func<string, Completion> complete)
{
    private readonly LineBuffer buffer = new();

    public string Text => buffer.Text;

    public string BeforeCursor => buffer.BeforeCursor;

    /// <summary>What the line may go on with, after <see cref="LineOutcome.Candidates"/>.</summary>
    public IReadOnlyList<string> Candidates { get; private set; } = [];

    public LineHistory History => history;

    /// <summary>Takes the line away and notes it in the history.</summary>
    public string Take()
    {
        var line = buffer.Text;
        history.Add(line);
        buffer.Set("");
        return line;
    }

    public void Clear() => buffer.Set("");

    public LineOutcome Press(ConsoleKeyInfo key) =>
        key.Modifiers.HasFlag(ConsoleModifiers.Control) ? Control(key.Key)
        : key.Modifiers.HasFlag(ConsoleModifiers.Alt) ? Alt(key.Key)
        : Plain(key);

    private LineOutcome Control(ConsoleKey key) => key switch
    {
        ConsoleKey.C => LineOutcome.Interrupted,
        ConsoleKey.D when buffer.Text.Length == 0 => LineOutcome.Ended,
        ConsoleKey.D => Edit(buffer.Delete),
        ConsoleKey.L => LineOutcome.Cleared,
        ConsoleKey.A => Edit(buffer.Home),
        ConsoleKey.E => Edit(buffer.End),
        ConsoleKey.B => Edit(buffer.Left),
        ConsoleKey.F => Edit(buffer.Right),
        ConsoleKey.P => Show(history.Older(buffer.Text)),
        ConsoleKey.N => Show(history.Newer()),
        ConsoleKey.K => Edit(buffer.RemoveAfter),
        ConsoleKey.U => Edit(buffer.RemoveBefore),
        ConsoleKey.W or ConsoleKey.Backspace => Edit(buffer.RemoveWord),
        ConsoleKey.H => Edit(buffer.Backspace),
        ConsoleKey.Enter or ConsoleKey.J or ConsoleKey.M => LineOutcome.Submitted,
        ConsoleKey.LeftArrow => Edit(buffer.WordLeft),
        ConsoleKey.RightArrow => Edit(buffer.WordRight),
        _ => LineOutcome.Ignored,
    };

    private LineOutcome Alt(ConsoleKey key) => key switch
    {
        ConsoleKey.B or ConsoleKey.LeftArrow => Edit(buffer.WordLeft),
        ConsoleKey.F or ConsoleKey.RightArrow => Edit(buffer.WordRight),
        ConsoleKey.Backspace => Edit(buffer.RemoveWord),
        _ => LineOutcome.Ignored,
    };

    private LineOutcome Plain(ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.Enter => LineOutcome.Submitted,
        ConsoleKey.Backspace => Edit(buffer.Backspace),
        ConsoleKey.Delete => Edit(buffer.Delete),
        ConsoleKey.LeftArrow => Edit(buffer.Left),
        ConsoleKey.RightArrow => Edit(buffer.Right),
        ConsoleKey.UpArrow => Show(history.Older(buffer.Text)),
        ConsoleKey.DownArrow => Show(history.Newer()),
        ConsoleKey.Home => Edit(buffer.Home),
        ConsoleKey.End => Edit(buffer.End),
        ConsoleKey.Tab => CompleteLine(),
        ConsoleKey.Escape => Edit(buffer.RemoveBefore),
        _ => Insert(key.KeyChar),
    };

    private LineOutcome Insert(char character)
    {
        if (char.IsControl(character))
        {
            return LineOutcome.Ignored;
        }

        return Edit(() => buffer.Insert(character.ToString()));
    }

    private LineOutcome CompleteLine()
    {
        var (start, endings) = complete(buffer.BeforeCursor);
        if (endings.Count == 0)
        {
            return LineOutcome.Ignored;
        }

        var typed = buffer.BeforeCursor[start..];
        var common = CommonBeginning(endings);
        if (endings.Count == 1 || common.Length > typed.Length)
        {
            buffer.ReplaceFrom(start, endings.Count == 1 ? endings[0] + " " : common);
            return LineOutcome.Edited;
        }

        Candidates = endings;
        return LineOutcome.Candidates;
    }

    private static string CommonBeginning(IReadOnlyList<string> texts)
    {
        var length = texts.Min(text => text.Length);
        for (var i = 0; i < length; i++)
        {
            if (texts.Any(text => char.ToLowerInvariant(text[i]) != char.ToLowerInvariant(texts[0][i])))
            {
                return texts[0][..i];
            }
        }

        return texts[0][..length];
    }

    private LineOutcome Show(string? line)
    {
        if (line is null)
        {
            return LineOutcome.Ignored;
        }

        buffer.Set(line);
        return LineOutcome.Edited;
    }

    private static LineOutcome Edit(Action edit)
    {
        edit();
        return LineOutcome.Edited;
    }
}

/// <summary>How a line may go on.</summary>
/// <param name="Start">Where the word begins that the endings replace.</param>
/// <param name="Endings">The words possible, in order.</param>
internal sealed record Completion(int Start, IReadOnlyList<string> Endings);
