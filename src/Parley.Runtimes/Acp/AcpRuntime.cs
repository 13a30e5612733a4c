using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Core;
using Parley.Core.Turns;
using Parley.Runtimes.Models;
using Parley.Runtimes.Processes;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Acp;

/// <summary>The runtime <c>acp</c>: a coding agent that is started for the step and driven over the Agent Client Protocol.</summary>
internal sealed class AcpRuntime(ProgramHouse house, TimeProvider time) : IRuntime
{
    public string Name => "acp";

    public void Check(HostedProgram? program)
    {
        var names = string.Join(", ", AcpProfile.All.Select(profile => profile.Name));
        var profile = program is null
            ? throw ParleyError.Invalid("program", "The runtime 'acp' needs a program.", $"Name a profile: --profile {names}; with custom also --command.")
            : AcpProfile.Find(program.Profile) ?? throw ParleyError.Invalid("profile", "There is no such profile.", $"Use --profile {names}.");
        if (profile.Program.Count + program.Command.Count == 0)
        {
            throw ParleyError.Invalid("command", "It is not said which program.", "Name it with --command.");
        }

        if (program.Format is not null)
        {
            throw ParleyError.Invalid("format", "The protocol is the format.", "Leave out --format, or use --runtime command.");
        }
    }

    public async Task<RuntimeAnswer> AskAsync(RuntimeRequest request, Action<string> onText, CancellationToken cancellationToken)
    {
        var run = request.Run ?? throw new RuntimeFault(RuntimeFaultKind.Refused, "The agent has no program. Host it again.");
        var profile = AcpProfile.Find(run.Program.Profile) ?? throw new RuntimeFault(RuntimeFaultKind.Refused, $"This server has no profile '{run.Program.Profile}'.");
        var command = run.Program.Command.Count > 0 ? run.Program.Command : profile.Program;
        var environment = house.EnvironmentOf(run);
        var (faults, folder) = (new ProgramFaults(command[0], environment), house.FolderOf(run));
        using var limits = new CallLimits(request.TimeLimit, Timeout.InfiniteTimeSpan, time, cancellationToken);
        var child = house.Start(new ChildStart(command, folder, environment) { MostOutput = 64 * 1024 * 1024 });
        await using (child.ConfigureAwait(false))
        {
            var step = new AcpStep(request, run, folder, AcpServers.Environment(run, environment), house.Bridge, onText);
            using var connection = new AcpConnection(child.Input, child.Output, step.Updates.Take, step.AnswerAsync);
            try
            {
                return await step.RunAsync(connection, limits.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await step.CancelAsync(connection).ConfigureAwait(false);
                throw new OperationCanceledException(cancellationToken);
            }
            catch (OperationCanceledException) when (limits.Reached is { } reached)
            {
                await step.CancelAsync(connection).ConfigureAwait(false);
                throw new RuntimeFault(RuntimeFaultKind.Timeout, $"The program '{command[0]}' {reached}. It was ended.");
            }
            catch (AcpRefusal refusal) when (refusal.Code == AcpRefusal.LogIn)
            {
                throw new RuntimeFault(
                    RuntimeFaultKind.Unauthenticated, $"The program '{command[0]}' wants a person to log in: do so on the server's machine as the server's user, or give it its key with --env. {refusal.Message}");
            }
            catch (AcpRefusal refusal)
            {
                throw faults.Said($"{step.Phase}: {refusal.Message}", await child.ErrorsAsync().ConfigureAwait(false));
            }
            catch (AcpEnd end)
            {
                throw await EndedAsync(child, end, faults, step.Phase).ConfigureAwait(false);
            }
        }
    }

    private static async Task<RuntimeFault> EndedAsync(ChildProcess child, AcpEnd end, ProgramFaults faults, string phase)
    {
        await ((Task)child.Exit).WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var errors = await child.ErrorsAsync().ConfigureAwait(false);
        return child.Exit.IsCompletedSuccessfully && end.Message == "ended"
            ? faults.Ended(await child.Exit.ConfigureAwait(false), errors, phase)
            : faults.Broken(string.Create(CultureInfo.InvariantCulture, $"{end.Message} {phase}"), errors);
    }
}
