using Parley.Core.Organizations;

namespace Parley.Core.Turns;

/// <summary>
/// Runs a turn that this node owns: asks the model, stores its answer, runs its tool calls, asks again, and commits the last answer together with everything it
/// settles. Whatever was stored before a crash is not asked or sent again.
/// </summary>
public sealed class RunTurn(
    TurnWrites writes, TurnTools tools, TurnModels models, AskRuntime runtime, IEnumerable<ISessionRules> rules, PersonaFiles persona, HaltBoard halts, IEnumerable<ITurnWatch> watches,
    IDatabase database, TimeProvider time)
{
    /// <summary>Model calls of one turn, at the most.</summary>
    public const int MostSteps = 16;

    private readonly IReadOnlyList<ITurnWatch> watches = [.. watches];
    private readonly Dictionary<SessionKind, ISessionRules> rules = rules.ToDictionary(kind => kind.Kind);

    /// <summary>
    /// Runs the turn to its end, or until it is cancelled: then it is given back and taken up again later. Throws only where the store fails; then the lease ends by itself.
    /// </summary>
    public async Task RunAsync(ClaimedTurn claimed, CancellationToken cancellationToken)
    {
        var run = new TurnRun(claimed);
        try
        {
            Note(run, TurnNoteKind.Started);
            await StepsAsync(run, claimed, cancellationToken);
        }
        catch (TurnLost lost)
        {
            Note(run, TurnNoteKind.Ended, lost.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await GiveBackAsync(run);
        }
        catch (ParleyError error) when (TurnWrites.IsRefusal(error))
        {
            await FailAsync(run, claimed, error.Message, needsPerson: true, CancellationToken.None);
        }
    }

    private async Task StepsAsync(TurnRun run, ClaimedTurn claimed, CancellationToken cancellationToken)
    {
        var prompt = await PromptAsync(run, cancellationToken);
        var kind = rules[run.Facts.Session.Kind];
        var listing = await tools.ListAsync(run.Hosted, cancellationToken);
        Warn(run, listing.Warnings);
        while (true)
        {
            if (run.Steps is [.., var newest])
            {
                if (IsLast(newest))
                {
                    await EndAsync(run, newest, isStored: true, cancellationToken);
                    return;
                }

                if (newest.Results is null && newest.Followup is null)
                {
                    var results = await tools.CallAsync(run, newest, listing, name => Note(run, TurnNoteKind.Tool, name), cancellationToken);
                    await writes.StoreResultsAsync(run, results, cancellationToken);
                }

                if (kind.TakesMessages)
                {
                    await writes.JoinAsync(run, cancellationToken);
                }
            }

            if (await AskAsync(run, claimed, prompt, listing, cancellationToken) is not { } step)
            {
                return;
            }

            if (IsLast(step))
            {
                var followup = step.Number >= MostSteps - 1
                    ? null
                    : await database.ReadAsync(unit => kind.ReviewAsync(unit, run.Facts, step.Answer.Text.Trim(), run.Steps), cancellationToken);
                if (followup is null && await EndAsync(run, step, isStored: false, cancellationToken))
                {
                    return;
                }

                step = step with { Followup = followup ?? "" };
            }

            await writes.StoreStepAsync(run, step, cancellationToken);
        }
    }

    private static bool IsLast(TurnStep step) => (step.Answer.ToolCalls.Count == 0 && step.Followup is null) || step.Number >= MostSteps - 1;

    private async Task<Prompt> PromptAsync(TurnRun run, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var text = run.Hosted.Persona is { } folder ? persona.Read(folder, run.Facts.Session.Kind) : "";
        var frame = await database.ReadAsync(unit => rules[run.Facts.Session.Kind].FrameAsync(unit, run.Facts, now), cancellationToken);
        return TurnPrompt.Build(text.Length > 0 ? text : TurnPrompt.PersonaOf(run.Agent), run.Hosted, frame, run.Facts, now);
    }

    /// <summary>The next answer, or null where the turn has ended or was given back instead.</summary>
    private async Task<TurnStep?> AskAsync(TurnRun run, ClaimedTurn claimed, Prompt prompt, ToolListing listing, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (halts.OfAgent(run.Agent.OrganizationId, run.Agent.Id) is not null)
            {
                await GiveBackAsync(run);
                return null;
            }

            var request = ModelRequest.Next(run, prompt, listing.Tools, last: run.Steps.Count == MostSteps - 1);
            var price = models.PriceOf(request.Model);
            var reservation = await writes.ReserveAsync(run, rules[run.Facts.Session.Kind], ModelRequest.MostOf(request, price), price is not null, cancellationToken);
            if (reservation.Kind != ReservationKind.Made)
            {
                await RefusedAsync(run, claimed, reservation, cancellationToken);
                return null;
            }

            try
            {
                var answer = await runtime.RunAsync(
                    run, request, prompt, rules[run.Facts.Session.Kind].TakesMessages, (kind, text) => Note(run, kind, text), cancellationToken);
                Warn(run, answer.Warnings);
                return new TurnStep(run.Steps.Count, request.Model, answer, answer.Cost ?? price?.Of(answer.Usage) ?? 0, Results: null, time.GetUtcNow());
            }
            catch (RuntimeFault fault)
            {
                if (!await AgainAsync(run, claimed, fault, cancellationToken))
                {
                    return null;
                }

                Note(run, TurnNoteKind.Started);
            }
        }
    }

    private async Task RefusedAsync(TurnRun run, ClaimedTurn claimed, Reservation refusal, CancellationToken cancellationToken)
    {
        var kind = rules[run.Facts.Session.Kind];
        switch (refusal.Kind)
        {
            case ReservationKind.RootSpent:
                await writes.BoundAsync(run, kind, refusal.Reason, cancellationToken);
                break;
            case ReservationKind.DaySpent when kind.Kind != SessionKind.Subagent:
                var tomorrow = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
                await writes.HandBackAsync(run, tomorrow, refusal.Reason, turn => turn, cancellationToken);
                break;
            default:
                await writes.FailAsync(run, kind, claimed, refusal.Reason, needsPerson: refusal.Kind != ReservationKind.SessionSpent, cancellationToken);
                break;
        }

        Note(run, TurnNoteKind.Ended, refusal.Reason);
    }

    /// <summary>True where the call is made again now; false where the turn has failed or was given back until later.</summary>
    private async Task<bool> AgainAsync(TurnRun run, ClaimedTurn claimed, RuntimeFault fault, CancellationToken cancellationToken)
    {
        var failed = run.Turn.CallsFailed + 1;
        var canFallBack = !run.Turn.Fallback && run.Hosted.FallbackModel is not null;
        var next = RetryRules.Next(fault, failed, canFallBack, Random.Shared.NextDouble());
        switch (next.Kind)
        {
            case RetryKind.Again when next.Wait <= RetryRules.LongestWaitInTurn:
                await writes.CallFailedAsync(run, turn => turn with { CallsFailed = failed }, cancellationToken);
                await Task.Delay(next.Wait, time, cancellationToken);
                return true;
            case RetryKind.Again:
                await writes.HandBackAsync(run, time.GetUtcNow() + next.Wait, null, turn => turn with { CallsFailed = failed }, cancellationToken);
                Note(run, TurnNoteKind.Ended, $"{fault.Message} It is tried again.");
                return false;
            case RetryKind.Fallback:
                var warning = $"{run.Turn.Model} failed: {fault.Message} {run.Hosted.FallbackModel} was asked instead.";
                await writes.CallFailedAsync(
                    run, turn => turn with { CallsFailed = 0, Fallback = true, Model = run.Hosted.FallbackModel!, Warnings = [.. turn.Warnings, warning] }, cancellationToken);
                return true;
            default:
                await FailAsync(run, claimed, $"{run.Turn.Model}: {fault.Message}", RetryRules.NeedsPerson(fault.Kind), cancellationToken);
                return false;
        }
    }

    /// <summary>False where the turn goes on, because something came meanwhile.</summary>
    private async Task<bool> EndAsync(TurnRun run, TurnStep step, bool isStored, CancellationToken cancellationToken)
    {
        var kind = rules[run.Facts.Session.Kind];
        Warn(run, step.Answer.Finish switch
        {
            FinishReason.Length => ["The answer was cut at the most tokens an answer may have (max_output_tokens)."],
            FinishReason.Filtered => ["The provider withheld a part of the answer."],
            _ => [],
        });
        var text = step.Answer.Text.Trim();
        var answer = TurnPrompt.IsPass(text) ? null : kind.Answer(run.Facts, text);
        if (!await writes.EndAsync(run, kind, text, isStored ? null : step, answer, mayGoOn: step.Number < MostSteps - 1, cancellationToken))
        {
            return false;
        }

        Note(run, run.Turn.State == TurnState.Answered ? TurnNoteKind.Answered : TurnNoteKind.Passed);
        return true;
    }

    private async Task FailAsync(TurnRun run, ClaimedTurn claimed, string reason, bool needsPerson, CancellationToken cancellationToken)
    {
        try
        {
            await writes.FailAsync(run, rules[run.Facts.Session.Kind], claimed, reason, needsPerson, cancellationToken);
            Note(run, TurnNoteKind.Ended, reason);
        }
        catch (TurnLost lost)
        {
            Note(run, TurnNoteKind.Ended, lost.Message);
        }
    }

    private async Task GiveBackAsync(TurnRun run)
    {
        try
        {
            await writes.HandBackAsync(run, notBefore: null, needsPerson: null, turn => turn, CancellationToken.None);
        }
        catch (TurnLost)
        {
            // Whoever has it now goes on.
        }

        Note(run, TurnNoteKind.Ended, "It was stopped; what it was about stays unread.");
    }

    private static void Warn(TurnRun run, IReadOnlyList<string> warnings)
    {
        if (warnings.Except(run.Turn.Warnings).ToList() is { Count: > 0 } news)
        {
            run.Turn = run.Turn with { Warnings = [.. run.Turn.Warnings, .. news] };
        }
    }

    private void Note(TurnRun run, TurnNoteKind kind, string text = "")
    {
        foreach (var watch in watches)
        {
            watch.Note(new TurnNote(run.Agent.OrganizationId, run.Turn.ConversationId, run.Turn.Id, run.Agent.Name, run.Turn.Depth, kind, text));
        }
    }
}
