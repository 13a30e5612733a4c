using Parley.Client.Wire;

namespace Parley.Cli.Shell;

/// <summary>Prints messages: as JSON, as one line with tabs, or readable on a terminal.</summary>
internal static class MessagePrinter
{
    /// <summary>So much of a text is enough to know what a message is about.</summary>
    private const int Glance = 200;

    /// <summary>A message as a pointer to it: <see cref="Line"/> with the beginning of the text.</summary>
    public static void PrintPointer(this Screen screen, MessageView message) =>
        screen.Print(screen.IsJson || message.Content is not { Length: > Glance } text ? message : message with { Content = text[..(char.IsHighSurrogate(text[Glance - 1]) ? Glance - 1 : Glance)] + "…" }, oneLine: true);

    /// <summary>inbox number or number, time, place, sender, type, id, text: one line, whatever the text.</summary>
    public static string Line(MessageView message) => string.Join(
        '\t', Format.Number(message.InboxNumber ?? message.Number), Format.Time(message.CreatedAt), SafeText.Line(Format.Place(message)), SafeText.Line(message.From),
        message.Type, message.Id.ToString(), SafeText.Line(Format.Text(message)));

    public static void Print(this Screen screen, MessageView message, bool oneLine = false)
    {
        if (screen.IsJson)
        {
            screen.Json(message, Screen.Wire.MessageView);
        }
        else if (!screen.IsTerminal)
        {
            screen.Line(Line(message));
        }
        else
        {
            var number = Format.Number(message.InboxNumber ?? message.Number);
            var due = message.ReplyBy is { } by ? $", reply by {Format.Local(by)}" : "";
            var heading = $"{number}  {Format.Local(message.CreatedAt)}  {SafeText.Line(message.From)} in {SafeText.Line(Format.Place(message))} ({message.Type}{due})";
            var text = oneLine ? $"  {SafeText.Line(Format.Text(message))}" : $"\n    {SafeText.Lines(Format.Text(message)).ReplaceLineEndings("\n    ")}";
            screen.Line(Screen.Colour ? $"\e[2m{heading}\e[0m{text}" : heading + text);
        }
    }
}
