using Parley.Core.Permissions;

namespace Parley.Core.Turns;

/// <summary>What a runtime needs for a step beyond the prompt where it starts a program.</summary>
/// <param name="Program">Which program, as a person configured it.</param>
/// <param name="AgentId">Whose.</param>
/// <param name="AgentName">The agent's name.</param>
/// <param name="SessionId">In which session; it has a folder of its own unless one is configured.</param>
public sealed record ProgramRun(HostedProgram Program, Guid AgentId, string AgentName, Guid SessionId)
{
    /// <summary>What <see cref="RuntimeAnswer.Resume"/> of the session's last answer was, or null: then it has to be told everything.</summary>
    public string? Resume { get; init; }

    /// <summary>Parley's own door, open as long as the step; null where the program gets none.</summary>
    public TurnPass? Pass { get; init; }

    /// <summary>The MCP servers that are handed over to it.</summary>
    public IReadOnlyList<ToolServer> Servers { get; init; } = [];

    /// <summary>Is told of each tool that it calls by itself, as it happens.</summary>
    public Action<string> OnTool { get; init; } = static _ => { };

    /// <summary>
    /// Completes with what is said to the agent in its session while the program works, once there is something; what it hands out it does not hand out again. Never, where
    /// the session takes nothing meanwhile. A runtime whose program cannot be interrupted leaves it alone: then the next step has it.
    /// </summary>
    public Func<CancellationToken, Task<string>> SteeredAsync { get; init; } = NeverAsync;

    /// <summary>Decides what it asks permission for; nothing unless somebody is asked.</summary>
    public Func<PermissionInput, CancellationToken, Task<bool>> AllowsAsync { get; init; } = static (_, _) => Task.FromResult(false);

    private static async Task<string> NeverAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return "";
    }
}

/// <summary>Opens Parley's doors to the program of a running turn.</summary>
public interface ITurnDoor
{
    /// <summary>A pass with which a program speaks as that caller, in that caller's turn, until the pass is disposed; null where the server has no address yet.</summary>
    TurnPass? Open(Caller caller);
}

/// <summary>A token that is valid only as long as the step that it was made for.</summary>
/// <param name="server">The address of the server.</param>
/// <param name="token">The secret.</param>
/// <param name="close">Ends it, with the connections that use it.</param>
public sealed class TurnPass(Uri server, string token, Action close) : IDisposable
{
    /// <summary>The address of the server; <c>/mcp</c> below it is the door for tools.</summary>
    public Uri Server => server;

    /// <summary>The secret.</summary>
    public string Token => token;

    /// <inheritdoc/>
    public void Dispose() => close();
}
