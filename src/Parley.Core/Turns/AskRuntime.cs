using Parley.Core.Permissions;

namespace Parley.Core.Turns;

/// <summary>Asks an agent's runtime for a step of its turn. A program gets what it needs beside the prompt, for as long as the step runs and no longer.</summary>
public sealed class AskRuntime(TurnModels models, AskPermission permissions, IEnumerable<ITurnDoor> doors, IDatabase database)
{
    internal async Task<RuntimeAnswer> RunAsync(TurnRun run, RuntimeRequest request, Action<TurnNoteKind, string> note, CancellationToken cancellationToken)
    {
        if (run.Hosted.Program is not { } program)
        {
            return await models.AskAsync(run.Hosted, request, Say, cancellationToken);
        }

        var resume = await database.ReadAsync(unit => unit.Sessions.ResumeAsync(run.Facts.Session.Id), cancellationToken);
        var caller = run.Caller with { Origin = run.Caller.Origin! with { Hold = unit => HoldAsync(unit, run.Lease), AskedById = AskedBy(run.Facts) } };
        using var pass = doors.FirstOrDefault()?.Open(caller);
        var started = new ProgramRun(program, run.Agent.Id, run.Agent.Name, run.Facts.Session.Id)
        {
            Resume = resume,
            Pass = pass,
            Servers = run.Hosted.Tools,
            OnTool = name => note(TurnNoteKind.Tool, name),
            AllowsAsync = (input, cancellation) => program.Permissions switch
            {
                PermissionPolicy.Allow => Task.FromResult(true),
                PermissionPolicy.Deny => Task.FromResult(false),
                _ => permissions.RunAsync(caller, input, cancellation),
            },
        };
        return await models.AskAsync(run.Hosted, request with { Run = started, Tools = [] }, Say, cancellationToken);

        void Say(string text) => note(TurnNoteKind.Text, text);
    }

    /// <summary>What the results of work are to answer that the program gives away.</summary>
    private static Guid? AskedBy(TurnFacts facts) => facts.Session.Kind == SessionKind.Main ? MainSession.TargetOf(facts)?.Id : null;

    private static async ValueTask HoldAsync(IUnitOfWork unit, Lease lease)
    {
        if (!await unit.Sessions.HoldAsync(lease))
        {
            throw new ParleyError(ErrorCode.Unauthenticated, "The turn that this token was made for has ended.", "Stop: nothing more can be sent with it.");
        }
    }
}
