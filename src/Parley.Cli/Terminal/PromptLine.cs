using Parley.Cli.Shell;
using Spectre.Console;

namespace Parley.Cli.Terminal;

/// <summary>Draws the line that is being written at the bottom of the terminal, takes it away while something else is written, and puts it back.</summary>
internal sealed class PromptLine(TextWriter output, Func<int> columns)
{
    private string prompt = "";
    private int rowOfCursor;
    private bool shown;

    /// <summary>Draws the line behind what invites to type, in the place of what was drawn before.</summary>
    public void Show(LineEditor line, string invitation)
    {
        Hide();
        prompt = invitation;
        var width = Math.Max(1, columns());
        var (before, all) = (Cells(prompt + line.BeforeCursor), Cells(prompt + line.Text));
        output.Write(prompt);
        output.Write(SafeText.Lines(line.Text));
        if (all > 0 && all % width == 0)
        {
            // A terminal wraps only when the next character comes; the cursor has to stand where that will be.
            output.Write("\r\n");
        }

        Move(all / width - (before / width), 'A');
        output.Write('\r');
        Move(before % width, 'C');
        output.Flush();
        (rowOfCursor, shown) = (before / width, true);
    }

    /// <summary>Takes the line away; the cursor stands where it began.</summary>
    public void Hide()
    {
        if (!shown)
        {
            return;
        }

        Move(rowOfCursor, 'A');
        output.Write("\r\e[J");
        (rowOfCursor, shown) = (0, false);
    }

    /// <summary>Leaves the line standing as it is and goes below it.</summary>
    public void Leave(LineEditor line)
    {
        Show(line, prompt);
        var width = Math.Max(1, columns());
        Move((Cells(prompt + line.Text) / width) - rowOfCursor, 'B');
        output.Write("\r\n");
        output.Flush();
        (rowOfCursor, shown) = (0, false);
    }

    private void Move(int count, char direction)
    {
        if (count > 0)
        {
            output.Write($"\e[{count}{direction}");
        }
    }

    private static int Cells(string text) => SafeText.Lines(text).GetCellWidth();
}
