namespace Parley.Core.Turns;

/// <summary>How Parley runs an agent's turns.</summary>
/// <param name="AgentId">Whose.</param>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="Runtime">The name of the <see cref="IRuntime"/>.</param>
/// <param name="Model"><c>provider/model</c>; of a program the runtime, the profile and, where one is named, the model: <c>command/claude/opus</c>.</param>
/// <param name="CreatedAt">Since when it is hosted.</param>
public sealed record HostedAgent(Guid AgentId, Guid OrganizationId, string Runtime, string Model, DateTimeOffset CreatedAt)
{
    /// <summary>The runtime of an agent that names no other.</summary>
    public const string ModelRuntime = "model";

    /// <summary>The model that is asked where the first one fails again and again, or null.</summary>
    public string? FallbackModel { get; init; }

    /// <summary>The folder with its persona files on the server's machine, or null.</summary>
    public string? Persona { get; init; }

    /// <summary>The most tokens of one answer.</summary>
    public int MaxOutputTokens { get; init; } = 2_048;

    /// <summary>The tokens that a prompt may have; what is older is summed up.</summary>
    public int ContextTokens { get; init; } = 32_000;

    /// <summary>How long one model call may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Its MCP servers.</summary>
    public IReadOnlyList<ToolServer> Tools { get; init; } = [];

    /// <summary>The program that thinks for it; null where a model does.</summary>
    public HostedProgram? Program { get; init; }
}

/// <summary>Hosted agents.</summary>
public interface IHostingStore
{
    /// <summary>Writes how an agent is hosted and makes it a hosted one.</summary>
    void Save(HostedAgent hosted);

    /// <summary>Makes it an external agent again.</summary>
    void Remove(Guid agentId);

    /// <summary>How the agent is hosted, or null where it is not.</summary>
    ValueTask<HostedAgent?> FindAsync(Guid organizationId, Guid agentId);

    /// <summary>The ids of all hosted agents of the store, so that a node knows which hints concern it.</summary>
    ValueTask<List<Guid>> IdsAsync();
}
