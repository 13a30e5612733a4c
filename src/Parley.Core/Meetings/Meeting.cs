namespace Parley.Core.Meetings;

/// <summary>A room: a conversation in which mentions make agents speak, up to a maximum chain length. Its participants are the conversation's members.</summary>
public sealed record Meeting
{
    /// <summary>The chain length of a meeting that names none, and of one stored before there was the setting.</summary>
    public const int DefaultChainLength = 4;

    /// <summary>The meeting, which is also its conversation.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Unique in the organization; <c>meeting:name</c> is its address.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about; may be empty.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Agents speak at the chain depths 0 to this number; 0 switches chaining off.</summary>
    public int ChainLength { get; init; } = DefaultChainLength;

    /// <summary>How many times an agent is asked by others below one root, by the agent's name.</summary>
    public IReadOnlyDictionary<string, int> Limits { get; init; } = new Dictionary<string, int>();

    /// <summary>When chains end before their maximum.</summary>
    public Strategy Strategy { get; init; }

    /// <summary>The name of the participant that decides who is next, or null.</summary>
    public string? Moderator { get; init; }

    /// <summary>The template it was started with, or null.</summary>
    public string? Template { get; init; }

    /// <summary>The template's first message with its places filled in, or null.</summary>
    public string? Opening { get; init; }

    /// <summary>What participants do, by name.</summary>
    public IReadOnlyDictionary<string, string> Roles { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it takes messages.</summary>
    public MeetingState State { get; init; }

    /// <summary>The name of the person who started it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows by one with every change of settings or participants.</summary>
    public long Revision { get; init; }
}

/// <summary>Whether a meeting takes messages.</summary>
public enum MeetingState
{
    /// <summary>It does.</summary>
    Open,

    /// <summary>It does not until it is resumed.</summary>
    Archived,
}

/// <summary>When a chain ends before its maximum length. The maximum length and the root's bounds hold with each.</summary>
public enum Strategy
{
    /// <summary>At the maximum length only.</summary>
    Depth,

    /// <summary>At the root's bounds; the maximum length of the chain is that of the root.</summary>
    Budget,

    /// <summary>Where an answer says what was said in the chain before.</summary>
    NoNewContent,

    /// <summary>Where everybody who spoke in the chain has agreed.</summary>
    Consensus,

    /// <summary>Where the moderator names nobody: mentions go to it, and it decides who is next.</summary>
    Moderator,
}
