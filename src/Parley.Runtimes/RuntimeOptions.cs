namespace Parley.Runtimes;

/// <summary>What the composition root decides about models.</summary>
public sealed record RuntimeOptions
{
    /// <summary>Where <c>keys.json</c>, its key file and <c>prices.json</c> lie: a folder that only the server's user can read.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Addresses by provider; each goes before the environment variable and the default.</summary>
    public IReadOnlyDictionary<string, string> Addresses { get; init; } = new Dictionary<string, string>();

    /// <summary>The beginning of the command of an MCP server (stdio) that reaches Parley, the agent's name comes behind it; for programs that speak no HTTP to one.</summary>
    public IReadOnlyList<string>? Bridge { get; init; }

    /// <summary>Reads an environment variable of the server.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>How long a stream may pause after its first piece before the call ends as timed out.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a provider may take to list its models.</summary>
    public TimeSpan ListLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a tool of an MCP server may take.</summary>
    public TimeSpan ToolLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause of a demonstration model between two words.</summary>
    public TimeSpan DemoPause { get; init; } = TimeSpan.FromMilliseconds(25);
}
