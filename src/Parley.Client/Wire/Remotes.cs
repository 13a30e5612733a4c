namespace Parley.Client.Wire;

/// <summary>Adds an agent of another server that speaks A2A: <c>POST /api/v1/remotes</c>.</summary>
/// <param name="Url">Its card, or the address below which it lies.</param>
/// <param name="Name">Its name here; absent makes one of its own.</param>
/// <param name="Project">The project whose <c>#general</c> it joins; absent: the only project, or none where there are several.</param>
/// <param name="Token">The bearer token for it. It is stored encrypted and shown no more.</param>
/// <param name="TokenEnv">The environment variable of the server that holds the token; it begins with <c>PARLEY_REMOTE_</c>.</param>
/// <param name="Preview">True shows what would be added and adds nothing.</param>
public sealed record AddRemoteRequest(string? Url, string? Name = null, string? Project = null, string? Token = null, string? TokenEnv = null, bool? Preview = null);

/// <summary>Tries a remote agent: <c>POST /api/v1/remotes/{agent}/test</c>.</summary>
/// <param name="Text">What it is told; absent: <c>ping</c>.</param>
public sealed record TestRemoteRequest(string? Text = null);

/// <summary>What a remote agent answered to a test.</summary>
/// <param name="State"><c>done</c>, <c>working</c>, <c>input_required</c> or <c>failed</c>.</param>
/// <param name="Text">What it said, or why not.</param>
/// <param name="TaskId">The task that it made.</param>
public sealed record RemoteAnswerView(string State, string? Text = null, string? TaskId = null);

/// <summary>A remote agent as it is shown.</summary>
public sealed record RemoteView
{
    /// <summary>Its name here.</summary>
    public required string Name { get; init; }

    /// <summary>What it calls itself.</summary>
    public required string CardName { get; init; }

    /// <summary>What it says of itself.</summary>
    public required string Description { get; init; }

    /// <summary>What it is good at, where the card was just read.</summary>
    public IReadOnlyList<string>? Skills { get; init; }

    /// <summary>Where its card was read.</summary>
    public required string Card { get; init; }

    /// <summary>Where it is called.</summary>
    public required string Url { get; init; }

    /// <summary>How it is called: <c>JSONRPC</c> or <c>HTTP+JSON</c>.</summary>
    public required string Binding { get; init; }

    /// <summary>The version of A2A: <c>1.0</c> or <c>0.3</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Where its token is: <c>stored</c>, <c>no_key</c> (sealed on another machine), the name of a variable, or absent where it has none.</summary>
    public string? Token { get; init; }

    /// <summary>The delivery that is under way.</summary>
    public RemoteCallView? Call { get; init; }

    /// <summary>When its card was last read.</summary>
    public required DateTimeOffset RefreshedAt { get; init; }
}

/// <summary>A delivery that is under way to a remote agent.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Phase"><c>send</c>, <c>poll</c> (it works on it), <c>answer</c> (its answer waits to be sent), <c>done</c> or <c>dead</c>.</param>
/// <param name="Attempts">How many times that was tried.</param>
/// <param name="NextAt">When it goes on.</param>
/// <param name="TaskId">The task there.</param>
/// <param name="Reason">Why it waits.</param>
public sealed record RemoteCallView(Guid MessageId, string Phase, int Attempts, DateTimeOffset NextAt, string? TaskId = null, string? Reason = null);
