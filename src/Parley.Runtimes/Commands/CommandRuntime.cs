using System.Text;
using Parley.Core;
using Parley.Core.Turns;
using Parley.Runtimes.Models;
using Parley.Runtimes.Processes;
using Parley.Runtimes.Programs;

namespace Parley.Runtimes.Commands;

/// <summary>The runtime <c>command</c>: any program, run once a step; the prompt on its standard input, the answer on its standard output.</summary>
internal sealed class CommandRuntime(ProgramHouse house, TimeProvider time) : IRuntime
{
    public string Name => "command";

    public void Check(HostedProgram? program)
    {
        var names = string.Join(", ", CommandProfile.All.Select(profile => profile.Name.Split('.')[0]).Distinct());
        var profile = program is null
            ? throw ParleyError.Invalid("program", "The runtime 'command' needs a program.", $"Name a profile: --profile {names}; with custom also --command.")
            : CommandProfile.Find(program);
        if (profile is null)
        {
            throw ParleyError.Invalid("profile", "There is no such profile, or no such format.", $"Use --profile {names}; with custom --format {string.Join(", ", CustomProgram.Formats)}.");
        }

        if (profile.Program.Count + program.Command.Count == 0)
        {
            throw ParleyError.Invalid("command", "It is not said which program.", "Name it with --command.");
        }

        if (program.Format is not null && program.Profile != CustomProgram.Name)
        {
            throw ParleyError.Invalid("format", $"The profile '{program.Profile}' has a format of its own.", "Leave out --format, or use --profile custom.");
        }
    }

    public async Task<RuntimeAnswer> AskAsync(RuntimeRequest request, Action<string> onText, CancellationToken cancellationToken)
    {
        var run = request.Run ?? throw new RuntimeFault(RuntimeFaultKind.Refused, "The agent has no program. Host it again.");
        try
        {
            return await OnceAsync(request, run, onText, cancellationToken).ConfigureAwait(false);
        }
        catch (RuntimeFault fault) when (run.Resume is not null && fault.Kind == RuntimeFaultKind.Refused)
        {
            // Its own session may be gone; then it is told everything anew.
            var answer = await OnceAsync(request, run with { Resume = null }, onText, cancellationToken).ConfigureAwait(false);
            return answer with { Warnings = [.. answer.Warnings, $"The program could not go on in its own session and began a new one. {fault.Message}"] };
        }
    }

    private async Task<RuntimeAnswer> OnceAsync(RuntimeRequest request, ProgramRun run, Action<string> onText, CancellationToken cancellationToken)
    {
        var profile = CommandProfile.Find(run.Program) ?? throw new RuntimeFault(RuntimeFaultKind.Refused, $"This server has no profile '{run.Program.Profile}'.");
        var model = request.Model.Split('/', 3) is [_, _, var named] ? named : null;
        var line = profile.Build(new CommandCall(model, run.Resume, run.Pass is { } pass ? new Uri(pass.Server, "/mcp") : null, run.Servers));
        using var file = line.File is { } wanted ? house.Scratch(wanted.Content) : null;
        var environment = house.EnvironmentOf(run);
        foreach (var (name, value) in line.Environment.Concat(file is null ? [] : [KeyValuePair.Create(line.File!.Value.Variable, file.Path)]))
        {
            environment[name] = value;
        }

        IReadOnlyList<string> command = [.. run.Program.Command.Count > 0 ? run.Program.Command : profile.Program, .. line.Arguments];
        var faults = new ProgramFaults(command[0], environment);
        using var limits = new CallLimits(request.TimeLimit, Timeout.InfiniteTimeSpan, time, cancellationToken);
        var child = house.Start(new ChildStart(command, house.FolderOf(run), environment));
        await using (child.ConfigureAwait(false))
        {
            var report = new ProgramReport(onText, run.OnTool);
            var prompt = profile.TakesJson ? ProgramPrompt.Json(request, model, run.Resume) : ProgramPrompt.Text(request, run.Resume is not null);
            try
            {
                var writing = WriteAsync(child.Input, prompt, limits.Token);
                await ReadAsync(child.Output, profile, report).WaitAsync(limits.Token).ConfigureAwait(false);
                var code = await child.Exit.WaitAsync(limits.Token).ConfigureAwait(false);
                await writing.ConfigureAwait(false);
                return await AnswerAsync(child, report, profile, code, faults).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            catch (OperationCanceledException) when (limits.Reached is { } reached)
            {
                throw new RuntimeFault(RuntimeFaultKind.Timeout, $"The program '{command[0]}' {reached}. It was ended.");
            }
            catch (HalfLine)
            {
                throw faults.Broken("stopped in the middle of its answer", await child.ErrorsAsync().ConfigureAwait(false));
            }
        }
    }

    private static async Task<RuntimeAnswer> AnswerAsync(ChildProcess child, ProgramReport report, CommandProfile profile, int code, ProgramFaults faults)
    {
        if (report.Failure is { } failure)
        {
            throw faults.Said(failure, code == 0 ? "" : await child.ErrorsAsync().ConfigureAwait(false));
        }

        var answered = profile.Form == OutputForm.Text ? report.Text.Trim().Length > 0 : report.Ended;
        return code == 0 && answered
            ? report.Whole(report.Session)
            : throw faults.Ended(code, await child.ErrorsAsync().ConfigureAwait(false), code == 0 ? "without an answer," : "before it had answered,");
    }

    private static async Task WriteAsync(Stream input, string prompt, CancellationToken cancellationToken)
    {
        try
        {
            await using (input.ConfigureAwait(false))
            {
                await input.WriteAsync(Encoding.UTF8.GetBytes(prompt), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // It did not read to the end; what it answers counts.
        }
    }

    private static async Task ReadAsync(Stream output, CommandProfile profile, ProgramReport report)
    {
        using var reader = new StreamReader(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: false);
        if (profile.Form == OutputForm.Json)
        {
            Take(await reader.ReadToEndAsync().ConfigureAwait(false), profile, report);
            return;
        }

        var first = true;
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (profile.Form == OutputForm.Lines)
            {
                Take(line, profile, report);
            }
            else
            {
                report.Say(first ? line : "\n" + line);
            }

            first = false;
        }
    }

    /// <summary>Programs are about that print a word of their own before their JSON; what begins like an object has to be one.</summary>
    private static void Take(string text, CommandProfile profile, ProgramReport report)
    {
        var begin = text.IndexOf('{', StringComparison.Ordinal);
        if (begin < 0 || (profile.Form == OutputForm.Lines && text.AsSpan(0, begin).Trim().Length > 0))
        {
            return;
        }

        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(text.AsMemory(begin));
            profile.Read(json.RootElement, report);
        }
        catch (System.Text.Json.JsonException fault)
        {
            throw new HalfLine(fault);
        }
    }

    private sealed class HalfLine(Exception cause) : Exception("The output ends in the middle.", cause);
}
