using System.Globalization;

namespace Parley.Cli.Terminal;

/// <summary>A line of text being written: the text and the place of the cursor, which never stands inside a character as a person sees it.</summary>
internal sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    /// <summary>The place of the cursor, in UTF-16 units.</summary>
    public int Cursor { get; private set; }

    public string BeforeCursor => Text[..Cursor];

    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    public void Insert(string text) => (Text, Cursor) = (Text.Insert(Cursor, text), Cursor + text.Length);

    /// <summary>Puts a text in the place of what stands between a start and the cursor.</summary>
    public void ReplaceFrom(int start, string text) => (Text, Cursor) = (Text[..start] + text + Text[Cursor..], start + text.Length);

    public void Left() => Cursor = Previous(Cursor);

    public void Right() => Cursor = Next(Cursor);

    public void Home() => Cursor = 0;

    public void End() => Cursor = Text.Length;

    public void WordLeft() => Cursor = StartOfWord();

    public void WordRight()
    {
        while (Cursor < Text.Length && char.IsWhiteSpace(Text[Cursor]))
        {
            Right();
        }

        while (Cursor < Text.Length && !char.IsWhiteSpace(Text[Cursor]))
        {
            Right();
        }
    }

    public void Backspace() => RemoveFrom(Previous(Cursor));

    public void Delete() => Text = Text.Remove(Cursor, Next(Cursor) - Cursor);

    public void RemoveWord() => RemoveFrom(StartOfWord());

    public void RemoveBefore() => RemoveFrom(0);

    public void RemoveAfter() => Text = Text[..Cursor];

    private void RemoveFrom(int start) => (Text, Cursor) = (Text.Remove(start, Cursor - start), start);

    private int StartOfWord()
    {
        var at = Cursor;
        while (at > 0 && char.IsWhiteSpace(Text[at - 1]))
        {
            at--;
        }

        while (at > 0 && !char.IsWhiteSpace(Text[at - 1]))
        {
            at--;
        }

        return at;
    }

    private int Next(int at) => at >= Text.Length ? at : at + StringInfo.GetNextTextElementLength(Text, at);

    /// <summary>The elements are counted from the front, because where one begins shows only from there.</summary>
    private int Previous(int at)
    {
        var before = 0;
        for (var next = 0; next < at; next = Next(next))
        {
            before = next;
        }

        return before;
    }
}
