namespace Parley.Core.Sessions;

/// <summary>What <c>sessions_spawn</c> is asked for, before it was checked.</summary>
public sealed record SpawnInput
{
    /// <summary>The agent that does the work, by name or alias (<c>agentId</c>).</summary>
    public required string Agent { get; init; }

    /// <summary>What it is to do.</summary>
    public required string Task { get; init; }

    /// <summary><c>provider/model</c>; null is the default of sub-agents, else the agent's own.</summary>
    public string? Model { get; init; }

    /// <summary>A name for the session that is unique among the caller's open ones, or null.</summary>
    public string? Label { get; init; }

    /// <summary>How long it may take from its start on; null is the default.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary><c>isolated</c> (null) or <c>fork</c>: a copy of the conversation that the caller's turn is in.</summary>
    public string? Context { get; init; }

    /// <summary>A JSON Schema that the result has to follow, or null for text.</summary>
    public string? Schema { get; init; }

    /// <summary>The tokens that it may use; null is the policy's limit, which also bounds what is asked for.</summary>
    public long? MaxTokens { get; init; }

    /// <summary>The money that it may use, in millionths of a dollar; null is the policy's limit.</summary>
    public long? MaxCost { get; init; }

    /// <summary>Whether it goes on when its parent is killed.</summary>
    public bool Outlive { get; init; }

    /// <summary>Where the result is posted besides the parent's inbox, such as <c>channel:general</c>; null for nowhere else.</summary>
    public string? Announce { get; init; }

    /// <summary>Makes a repeated call find the first one; 1–128 characters.</summary>
    public string? Key { get; init; }
}

/// <summary>What a spawn is answered, at once.</summary>
/// <param name="Status"><c>accepted</c>, or <c>held</c> where a person approves it first.</param>
/// <param name="Session">The session.</param>
/// <param name="Warnings">What was done otherwise than asked, such as another model.</param>
/// <param name="Duplicate">True where the same key had spawned it before.</param>
public sealed record SpawnReceipt(string Status, Subagent Session, IReadOnlyList<string> Warnings, bool Duplicate);
