using System.CommandLine;

namespace Parley.Cli.Shell;

/// <summary>A command with examples for its help.</summary>
internal sealed class ParleyCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>True where Ctrl+C and other signals are the command's own business.</summary>
    public bool OwnsSignals { get; init; }

    /// <summary>What the command does; it answers with the exit code.</summary>
    public ParleyCommand Does(Func<Invocation, CancellationToken, Task<int>> run)
    {
        SetAction(async (parse, cancellation) =>
        {
            using var invocation = new Invocation(parse);
            return await run(invocation, cancellation).ConfigureAwait(false);
        });
        return this;
    }

    /// <summary>What the command does where nothing but success has an exit code.</summary>
    public ParleyCommand Does(Func<Invocation, CancellationToken, Task> run) => Does(async (invocation, cancellation) =>
    {
        await run(invocation, cancellation).ConfigureAwait(false);
        return ExitCode.Ok;
    });
}
