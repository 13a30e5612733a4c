namespace Parley.Core.Remotes;

/// <summary>An agent of another server that speaks A2A. To everybody here it is an external agent like any other; Parley itself hands its deliveries over.</summary>
public sealed record RemoteAgent
{
    /// <summary>The agent here.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Its name here.</summary>
    public required string Name { get; init; }

    /// <summary>Where its card was read.</summary>
    public required string CardUrl { get; init; }

    /// <summary>Where and how it is called.</summary>
    public required RemoteInterface Interface { get; init; }

    /// <summary>What it calls itself.</summary>
    public required string CardName { get; init; }

    /// <summary>What it says of itself.</summary>
    public string Description { get; init; } = "";

    /// <summary>The bearer token for it, sealed; or null.</summary>
    public string? Credential { get; init; }

    /// <summary>The environment variable of the server that holds the token, or null.</summary>
    public string? TokenVariable { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its card was last read.</summary>
    public required DateTimeOffset RefreshedAt { get; init; }
}

/// <summary>An address with the way in which it is spoken to.</summary>
/// <param name="Url">The address.</param>
/// <param name="Binding">How calls are written.</param>
/// <param name="Version"><c>1.0</c> or <c>0.3</c>.</param>
/// <param name="Tenant">What the address wants to be told with each call, or null.</param>
public sealed record RemoteInterface(string Url, RemoteBinding Binding, string Version, string? Tenant = null);

/// <summary>How calls of A2A are written. Stored by name.</summary>
public enum RemoteBinding
{
    /// <summary>JSON-RPC 2.0.</summary>
    JsonRpc,

    /// <summary>HTTP+JSON.</summary>
    HttpJson,
}

/// <summary>The delivery that is under way to a remote agent. There is at most one an agent, so that what was said arrives in order.</summary>
public sealed record RemoteCall
{
    /// <summary>To whom.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>The message; its id is what the remote agent recognises a repetition by.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>Its number in the agent's inbox.</summary>
    public required long Number { get; init; }

    /// <summary>What is to be done next.</summary>
    public RemotePhase Phase { get; init; }

    /// <summary>How many times the phase was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it goes on.</summary>
    public required DateTimeOffset NextAt { get; init; }

    /// <summary>The task that the remote agent made of it, or null.</summary>
    public string? TaskId { get; init; }

    /// <summary>What the remote agent answered, or null.</summary>
    public string? Answer { get; init; }

    /// <summary>Why it waits or ended, or null.</summary>
    public string? Reason { get; init; }
}

/// <summary>How far a delivery to a remote agent came. Stored by name.</summary>
public enum RemotePhase
{
    /// <summary>It is to be sent.</summary>
    Send,

    /// <summary>The remote agent works on it; its task is looked at.</summary>
    Poll,

    /// <summary>The answer is stored and is to be sent to who asked.</summary>
    Answer,

    /// <summary>It is over and is to be acknowledged.</summary>
    Done,

    /// <summary>It is a dead letter.</summary>
    Dead,
}

/// <summary>What a conversation is called by the remote agent.</summary>
/// <param name="ContextId">Its id there.</param>
/// <param name="TaskId">The task there that waits for an answer, or null.</param>
public sealed record RemoteContext(string? ContextId, string? TaskId);
