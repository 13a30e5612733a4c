namespace Parley.Core.Turns;

/// <summary>Who watches turns on this node, and what they have been shown: for turns that run on another one.</summary>
public interface ITurnAudience
{
    /// <summary>Raised when somebody here begins or ceases to watch a conversation. Handlers return at once.</summary>
    event Action? Changed;

    /// <summary>The conversations that somebody here watches.</summary>
    IReadOnlyCollection<Guid> Watched { get; }

    /// <summary>What the running turns of a conversation have said so far: for each that it began, and its text.</summary>
    IReadOnlyList<TurnNote> SoFar(Guid conversationId);

    /// <summary>Shows what a turn on another node does. Returns at once and never throws.</summary>
    void Show(TurnNote note);
}
