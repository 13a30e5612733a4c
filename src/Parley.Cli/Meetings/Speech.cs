using System.Text;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli.Meetings;

/// <summary>What is said in one turn, as far as it is known; or a message of somebody who was not heard speaking.</summary>
internal sealed class Speech(Guid turnId, string agent, int depth)
{
    private const string Pass = "PASS";
    private readonly StringBuilder text = new();

    public Guid TurnId => turnId;

    public string Agent => agent;

    public int Depth => depth;

    /// <summary>How much of <see cref="Visible"/> is on the screen; null before the speaker was announced.</summary>
    public int? Shown { get; set; }

    /// <summary>True where what is on the screen is void, because the turn began again.</summary>
    public bool IsVoid { get; private set; }

    /// <summary>The message as stored, once it is.</summary>
    public MessageView? Message { get; private set; }

    /// <summary>Why it ended without a message, for a person; null where it passed or has not ended.</summary>
    public string? Note { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>The text that may be shown: nothing while it may still become a pass.</summary>
    public string Visible => Message is { } said ? Format.Text(said) : MayPass(text.ToString()) ? "" : text.ToString();

    public void Add(string piece) => text.Append(piece);

    public void Restart()
    {
        text.Clear();
        IsVoid = Shown > 0;
    }

    /// <summary>Notes that the void text was left behind and the speaker begins on a new line.</summary>
    public void BeginAgain() => (Shown, IsVoid) = (null, false);

    public void Say(MessageView message)
    {
        IsVoid = Shown is { } shown && !Format.Text(message).StartsWith(text.ToString(0, shown), StringComparison.Ordinal);
        (Message, HasEnded) = (message, true);
    }

    public void End(string? note)
    {
        if (!HasEnded)
        {
            (Note, HasEnded) = (note, true);
            if (Shown is null)
            {
                text.Clear();
            }
        }
    }

    private static bool MayPass(string text) => Pass.StartsWith(text.Trim().TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
