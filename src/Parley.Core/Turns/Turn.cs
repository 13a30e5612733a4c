using Parley.Core.Budgets;

namespace Parley.Core.Turns;

/// <summary>One run of a hosted agent over its unread deliveries, as it is stored.</summary>
public sealed record Turn
{
    /// <summary>The turn; the keys of its messages begin with it.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>In which session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Whose.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>The chain that its messages continue and that pays for it.</summary>
    public required Guid RootId { get; init; }

    /// <summary>How many agents' turns lie between it and its root.</summary>
    public required int Depth { get; init; }

    /// <summary>The project whose day it is counted on, or null.</summary>
    public Guid? ProjectId { get; init; }

    /// <summary>Where it will answer, or null where that is not known.</summary>
    public Guid? ConversationId { get; init; }

    /// <summary>How far it came.</summary>
    public TurnState State { get; init; }

    /// <summary>The model that is asked next, or answered last.</summary>
    public required string Model { get; init; }

    /// <summary>Calls of that model that failed since the last one that did not.</summary>
    public int CallsFailed { get; init; }

    /// <summary>True where the fallback model is asked.</summary>
    public bool Fallback { get; init; }

    /// <summary>How many times it was taken over from an owner that was lost.</summary>
    public int Takeovers { get; init; }

    /// <summary>What its model calls used.</summary>
    public Usage Usage { get; init; }

    /// <summary>What they cost, in millionths of a dollar.</summary>
    public long Cost { get; init; }

    /// <summary>What is reserved for the call under way.</summary>
    public Amount Reserved { get; init; }

    /// <summary>On which day it is reserved.</summary>
    public DateOnly ReservedDay { get; init; }

    /// <summary>What a person should know, such as a fallback or a tool server that is not there.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why it ended, where that needs saying.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was claimed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>How far a turn came.</summary>
public enum TurnState
{
    /// <summary>It is owned by a node, or waits to be taken up again.</summary>
    Running,

    /// <summary>It ended with a message.</summary>
    Answered,

    /// <summary>It ended and had nothing to add.</summary>
    Passed,

    /// <summary>A budget ended it.</summary>
    Bounded,

    /// <summary>It failed; what it was about stays unread.</summary>
    Failed,

    /// <summary>The agent was removed or is not hosted any more.</summary>
    Cancelled,
}

/// <summary>One delivery that a turn is about.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Number">Its number in the agent's inbox.</param>
/// <param name="RootId">Its chain.</param>
/// <param name="Step">How many model calls had been answered when it joined; 0 for what the turn began with.</param>
public sealed record TurnInput(Guid MessageId, long Number, Guid RootId, int Step = 0);

/// <summary>One model call of a turn that was answered.</summary>
/// <param name="Number">0, 1, 2…</param>
/// <param name="Model">Which model answered.</param>
/// <param name="Answer">What it answered.</param>
/// <param name="Cost">What it cost, in millionths of a dollar.</param>
/// <param name="Results">What its tool calls answered, in their order; null until all have.</param>
/// <param name="At">When.</param>
/// <param name="Followup">What the model was told after an answer that was not the turn's last though it called no tool; empty where only messages joined.</param>
public sealed record TurnStep(int Number, string Model, RuntimeAnswer Answer, long Cost, IReadOnlyList<ToolResult>? Results, DateTimeOffset At, string? Followup = null);
