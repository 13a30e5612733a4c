namespace Parley.Core.Turns;

/// <summary>Tells whoever watches what a turn does now. A hint like <see cref="IWake"/>: lost at a restart; what counts is stored.</summary>
public interface ITurnWatch
{
    /// <summary>Called while a turn runs. Returns at once and never throws.</summary>
    void Note(TurnNote note);
}

/// <summary>Something that a running turn did.</summary>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="ConversationId">Where it will answer, or null where that is not known.</param>
/// <param name="TurnId">The turn.</param>
/// <param name="AgentName">Whose.</param>
/// <param name="Depth">How many agents' turns lie between it and its root.</param>
/// <param name="Kind">What.</param>
/// <param name="Text">The next piece of text, a tool's name, or the reason of an end.</param>
public sealed record TurnNote(Guid OrganizationId, Guid? ConversationId, Guid TurnId, string AgentName, int Depth, TurnNoteKind Kind, string Text = "");

/// <summary>What a running turn did.</summary>
public enum TurnNoteKind
{
    /// <summary>It began or began again; text shown before is void.</summary>
    Started,

    /// <summary>It said the next piece.</summary>
    Text,

    /// <summary>It calls a tool.</summary>
    Tool,

    /// <summary>It ended with a message.</summary>
    Answered,

    /// <summary>It ended and had nothing to add.</summary>
    Passed,

    /// <summary>It failed, was cancelled or met a bound; the text says why.</summary>
    Ended,
}
