using Parley.Core.Permissions;

namespace Parley.Core.Turns;

/// <summary>Asks an agent's runtime for a step of its turn. A program gets what it needs beside the prompt, for as long as the step runs and no longer.</summary>
public sealed class AskRuntime(TurnModels models, TurnWrites writes, AskPermission permissions, IEnumerable<ITurnDoor> doors, IDatabase database, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Returns the answer. Throws as the runtime does.</summary>
    /// <param name="run">The turn.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="prompt">The prompt that it was made from.</param>
    /// <param name="takesMessages">Whether what comes meanwhile joins the turn.</param>
    /// <param name="note">Is told of text and tools as they come.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<RuntimeAnswer> RunAsync(
        TurnRun run, RuntimeRequest request, Prompt prompt, bool takesMessages, Action<TurnNoteKind, string> note, CancellationToken cancellationToken)
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
        if (takesMessages)
        {
            started = started with { SteeredAsync = cancellation => SteeredAsync(run, prompt, cancellation) };
        }

        return await models.AskAsync(run.Hosted, request with { Run = started, Tools = [] }, Say, cancellationToken);

        void Say(string text) => note(TurnNoteKind.Text, text);
    }

    /// <summary>Waits for what is said in the session; it joins the turn and is settled with it.</summary>
    private async Task<string> SteeredAsync(TurnRun run, Prompt prompt, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Look, time, cancellationToken);
            var known = run.Inputs.Select(item => item.Message.Id).ToHashSet();
            var ready = await database.ReadAsync(unit => unit.Turns.ReadyAsync(run.Agent.Id, run.Facts.Session.ConversationId, ClaimTurn.MostInputs), cancellationToken);
            if (ready.Exists(item => !known.Contains(item.Message.Id)))
            {
                await writes.JoinAsync(run, cancellationToken);
                return string.Join("\n\n", run.Joined.Where(joined => !known.Contains(joined.Item.Message.Id)).Select(joined => Blocks.Of(joined.Item.Message, prompt.Mark, prompt.Longest)));
            }
        }
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
