using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli.Meetings;

/// <summary>Writes a meeting as it goes on: who speaks, at what depth, word by word, and where a chain was cut.</summary>
internal sealed class RoomView(TextWriter output, bool colour)
{
    private readonly Floor floor = new();

    /// <summary>The settings of the meeting as last heard.</summary>
    public MeetingView? Meeting { get; private set; }

    /// <summary>True while a text stands unfinished on the screen.</summary>
    public bool IsSpeaking => floor.Front is { Shown: > 0 };

    /// <summary>Who speaks or thinks now.</summary>
    public IEnumerable<string> Speakers => floor.Names;

    /// <summary>The number of the newest message shown.</summary>
    public long Head { get; private set; }

    public void Show(MeetingEvent happened)
    {
        switch (happened.Kind)
        {
            case MeetingEventKind.State:
                Meeting = happened.Meeting;
                break;
            case MeetingEventKind.Turn:
                floor.Take(happened.Turn!);
                break;
            case MeetingEventKind.Message:
                floor.Take(happened.Message!);
                break;
            case MeetingEventKind.Idle:
                break;
        }

        Advance();
        output.Flush();
    }

    /// <summary>Notes a message that stands on the screen already.</summary>
    public void Skip(MessageView message) => Head = Math.Max(Head, message.Number);

    /// <summary>Writes a paragraph that is not part of the meeting.</summary>
    public void Note(string text)
    {
        output.WriteLine(text);
        output.WriteLine();
        output.Flush();
    }

    /// <summary>Shows what the one in front has said since, and lets the next come forward where it has ended.</summary>
    private void Advance()
    {
        while (floor.Front is { } speech)
        {
            if (speech.IsVoid)
            {
                output.WriteLine();
                speech.BeginAgain();
            }

            var visible = speech.Visible;
            if (visible.Length > 0)
            {
                Announce(speech);
                output.Write(SafeText.Lines(visible[speech.Shown!.Value..]));
                speech.Shown = visible.Length;
            }

            if (!speech.HasEnded)
            {
                return;
            }

            Finish(speech);
            floor.Next();
        }
    }

    private void Announce(Speech speech)
    {
        if (speech.Shown is null)
        {
            speech.Shown = 0;
            Mark(speech.Depth, speech.Message?.Chain?.Limit ?? Meeting?.ChainLength ?? 0);
            output.Write(Name(speech.Agent));
        }
    }

    private void Finish(Speech speech)
    {
        if (speech.Shown is not null)
        {
            output.WriteLine();
            output.WriteLine();
        }

        if (speech.Note is { } note)
        {
            Note(Dim(SafeText.Line(note)));
        }

        if (speech.Message is { } message)
        {
            Finish(message);
        }
    }

    private void Finish(MessageView message)
    {
        Skip(message);
        if (RoomText.ChainNote(message) is { } note)
        {
            Note(note);
        }
    }

    private void Mark(int depth, int limit)
    {
        if (depth > 0)
        {
            output.WriteLine(Dim(RoomText.ChainMark(depth, limit)));
            output.WriteLine();
        }
    }

    private string Name(string name) => colour ? $"\e[1;{31 + (Hash(name) % 6)}m{SafeText.Line(name)}:\e[0m " : SafeText.Line(name) + ": ";

    private string Dim(string text) => colour ? $"\e[2m{text}\e[0m" : text;

    /// <summary>The same colour for a name in every run, which <see cref="string.GetHashCode()"/> does not give.</summary>
    private static int Hash(string name) => name.Aggregate(0, (hash, letter) => ((hash * 31) + letter) & 0xFFFF);
}
