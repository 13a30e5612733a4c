using Parley.Client.Wire;

namespace Parley.Cli.Meetings;

/// <summary>
/// Brings several agents that speak at once into an order that can be read: the first to begin is shown as it speaks, the others are kept until
/// it is their turn. Knows nothing of a terminal.
/// </summary>
internal sealed class Floor
{
    private readonly List<Speech> speeches = [];

    /// <summary>Who is shown now, or null.</summary>
    public Speech? Front => speeches.Count > 0 ? speeches[0] : null;

    /// <summary>Who speaks or thinks, in the order in which they are shown.</summary>
    public IEnumerable<string> Names => speeches.Where(speech => !speech.HasEnded).Select(speech => speech.Agent);

    /// <summary>Takes what a turn does.</summary>
    public void Take(TurnView turn)
    {
        switch (turn.Kind)
        {
            case "started":
                var begun = Of(turn);
                begun.Restart();
                break;
            case "text":
                Of(turn).Add(turn.Text);
                break;
            case "passed":
                Find(turn.TurnId)?.End(note: null);
                break;
            case "ended":
                Find(turn.TurnId)?.End($"({turn.Agent} did not finish: {turn.Text})");
                break;
            default:
                // A tool is shown by the console; "answered" is told by the message itself.
                break;
        }
    }

    /// <summary>Takes a message that was stored: what a speaker said, or one that nobody heard being spoken, which then waits for its place too.</summary>
    public void Take(MessageView message)
    {
        if (message.Chain?.TurnId is not { } turn || Find(turn) is not { } said)
        {
            said = new Speech(message.Id, message.From, message.FromKind == "agent" ? message.Chain?.Depth ?? 0 : 0);
            speeches.Add(said);
        }

        said.Say(message);
    }

    /// <summary>Takes the one in front away; it has ended and was shown.</summary>
    public void Next() => speeches.RemoveAt(0);

    /// <summary>Forgets everybody: the stream begins anew.</summary>
    public void Clear() => speeches.Clear();

    /// <summary>An end may be told twice, by who stopped the turn and by the turn itself.</summary>
    private Speech? Find(Guid turn) => speeches.Find(speech => speech.TurnId == turn);

    private Speech Of(TurnView turn)
    {
        var speech = Find(turn.TurnId);
        if (speech is null)
        {
            speeches.Add(speech = new Speech(turn.TurnId, turn.Agent, turn.Depth));
        }

        return speech;
    }
}
