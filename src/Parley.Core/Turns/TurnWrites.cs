using System.Text;
using Parley.Core.Budgets;
using Parley.Core.Messages;

namespace Parley.Core.Turns;

/// <summary>
/// Every write of a running turn. Each checks first, in its own transaction, that the turn is still this owner's, and throws <see cref="TurnLost"/> where it is not.
/// </summary>
public sealed class TurnWrites(IDatabase database, SendMessage send, IWake wake, TimeProvider time)
{
    /// <summary>Checks that the turn is still this owner's, and keeps it so until the end of the write.</summary>
    internal static async ValueTask HoldAsync(IUnitOfWork unit, Lease lease)
    {
        if (!await unit.Sessions.HoldAsync(lease))
        {
            throw new TurnLost();
        }
    }

    /// <summary>Reserves what the next model call may use.</summary>
    internal async Task<Reservation> ReserveAsync(TurnRun run, ISessionRules rules, Amount amount, bool priced, CancellationToken cancellationToken)
    {
        var reservation = await WriteAsync(
            run,
            async unit => await rules.RefusalAsync(unit, run.Facts.Session, amount) is { } reason
                ? new Reservation(ReservationKind.SessionSpent, run.Turn, reason)
                : await TurnLedger.ReserveAsync(unit, run.Turn, amount, priced, time.GetUtcNow()),
            cancellationToken);
        run.Turn = reservation.Turn;
        return reservation;
    }

    /// <summary>Notes a failed call: its reservation ends, and the changed turn is stored.</summary>
    internal async Task CallFailedAsync(TurnRun run, Func<Turn, Turn> change, CancellationToken cancellationToken) => run.Turn = await WriteAsync(
        run,
        async unit =>
        {
            var turn = change(await TurnLedger.SettleAsync(unit, run.Turn));
            unit.Turns.Save(turn);
            return turn;
        },
        cancellationToken);

    /// <summary>Takes into the turn what came since it began or since it was last looked.</summary>
    internal async Task JoinAsync(TurnRun run, CancellationToken cancellationToken)
    {
        var known = run.Inputs.Select(item => item.Message.Id).ToHashSet();
        run.Joined.AddRange(await WriteAsync(
            run,
            async unit =>
            {
                var now = time.GetUtcNow();
                var joined = await NewAsync(unit, run, known);
                foreach (var item in joined)
                {
                    unit.Turns.Join(run.Turn, new TurnInput(item.Message.Id, item.Number, item.Message.RootId, run.Steps.Count));
                    unit.Turns.Offer(run.Agent.Id, item.Message.Id, now);
                }

                return joined.Select(item => new JoinedMessage(item, run.Steps.Count)).ToList();
            },
            cancellationToken));
    }

    private static async ValueTask<List<InboxItem>> NewAsync(IUnitOfWork unit, TurnRun run, HashSet<Guid> known) =>
        (await unit.Turns.ReadyAsync(run.Agent.Id, run.Facts.Session.ConversationId, ClaimTurn.MostInputs)).FindAll(item => !known.Contains(item.Message.Id));

    /// <summary>Stores an answer that wants tools called, with what it used.</summary>
    internal async Task StoreStepAsync(TurnRun run, TurnStep step, CancellationToken cancellationToken)
    {
        run.Turn = await WriteAsync(
            run,
            async unit =>
            {
                var turn = await AddStepAsync(unit, run.Turn, step);
                unit.Turns.Save(turn);
                return turn;
            },
            cancellationToken);
        run.Steps.Add(step);
    }

    /// <summary>Stores what the tools of the newest step answered.</summary>
    internal async Task StoreResultsAsync(TurnRun run, IReadOnlyList<ToolResult> results, CancellationToken cancellationToken)
    {
        var step = run.Steps[^1];
        await WriteAsync(
            run,
            unit =>
            {
                unit.Turns.SaveResults(run.Turn.Id, step.Number, results);
                return ValueTask.FromResult(true);
            },
            cancellationToken);
        run.Steps[^1] = step with { Results = results };
    }

    /// <summary>
    /// Ends the turn in one transaction: the last answer and what it used where they are not stored yet, the message it becomes, what it answered acknowledged, the
    /// cursor, the session free. Returns false, and writes nothing, where something came meanwhile that the turn takes as well.
    /// </summary>
    internal async Task<bool> EndAsync(TurnRun run, ISessionRules rules, string text, TurnStep? last, SendInput? answer, bool mayGoOn, CancellationToken cancellationToken)
    {
        var known = run.Inputs.Select(item => item.Message.Id).ToHashSet();
        var (turn, sent, hint) = await WriteAsync(
            run,
            async unit =>
            {
                var now = time.GetUtcNow();
                if (mayGoOn && rules.TakesMessages && (await NewAsync(unit, run, known)).Count > 0)
                {
                    return (null, null, null);
                }
                var ended = last is null ? run.Turn : await AddStepAsync(unit, run.Turn, last);
                var (message, warning) = answer is null ? (null, null) : await SendAsync(unit, run, answer);
                ended = ended with
                {
                    State = message is null && (answer is not null || rules.Kind != SessionKind.Subagent) ? TurnState.Passed : TurnState.Answered,
                    Warnings = warning is null ? ended.Warnings : [.. ended.Warnings, warning],
                    ConversationId = message?.Receipt.Message.ConversationId ?? ended.ConversationId,
                    EndedAt = now,
                };
                unit.Turns.Save(ended);
                var told = await rules.EndedAsync(unit, new TurnEnd(run.Agent, run.Facts.Session, ended, text, Reason: null), now);
                await SettleInputsAsync(unit, run, reason: null, now);
                unit.Sessions.Release(run.Facts.Session.Id, null, 0, null);
                return ((Turn?)ended, message, told);
            },
            cancellationToken);
        if (turn is null)
        {
            return false;
        }

        run.Turn = turn;
        if (sent is { } committed)
        {
            send.Committed(committed);
        }

        Wake(hint);
        return true;
    }

    private void Wake(WakeHint? hint)
    {
        if (hint is { } told)
        {
            wake.Wake(told);
        }
    }

    /// <summary>Ends the turn because its root has met a bound: what it was about is delivered, and a person sees why.</summary>
    internal async Task BoundAsync(TurnRun run, ISessionRules rules, string reason, CancellationToken cancellationToken) => Wake(await WriteAsync(
        run,
        async unit =>
        {
            var now = time.GetUtcNow();
            var turn = await TurnLedger.SettleAsync(unit, run.Turn) with { State = TurnState.Bounded, Reason = reason, EndedAt = now };
            var root = (await unit.Budgets.RootAsync(turn.OrganizationId, turn.RootId))!;
            unit.Budgets.Save(BudgetRules.Stop(root, reason, now));
            unit.Turns.Save(turn);
            var told = await rules.EndedAsync(unit, new TurnEnd(run.Agent, run.Facts.Session, turn, Text: null, reason), now);
            await SettleInputsAsync(unit, run, "The turn was ended: " + reason, now);
            unit.Sessions.Release(run.Facts.Session.Id, null, 0, null);
            return told;
        },
        cancellationToken));

    /// <summary>Gives the turn back, to be taken up again, by this or another node, at once or from a time on.</summary>
    internal async Task HandBackAsync(TurnRun run, DateTimeOffset? notBefore, string? needsPerson, Func<Turn, Turn> change, CancellationToken cancellationToken) => await WriteAsync(
        run,
        async unit =>
        {
            var failures = (await unit.Sessions.FindAsync(run.Facts.Session.Id))!.Failures;
            unit.Turns.Save(change(await TurnLedger.SettleAsync(unit, run.Turn)));
            unit.Sessions.Release(run.Facts.Session.Id, run.Turn.Id, failures, notBefore);
            if (needsPerson is not null)
            {
                var now = time.GetUtcNow();
                unit.Obligations.Raise(new Attention(Guid.CreateVersion7(now), run.Agent.OrganizationId, "turn_waits", $"'{run.Agent.Name}' waits: {needsPerson}", run.Facts.Unread[0].Message.Id, now, ResolvedAt: null));
            }

            return true;
        },
        cancellationToken);

    /// <summary>Ends the turn as failed.</summary>
    internal async Task FailAsync(TurnRun run, ISessionRules rules, ClaimedTurn claimed, string reason, bool needsPerson, CancellationToken cancellationToken) =>
        Wake(await WriteAsync(run, unit => TurnFailure.WriteAsync(unit, rules, claimed, run.Turn, reason, needsPerson, time.GetUtcNow()), cancellationToken));

    private static async ValueTask<Turn> AddStepAsync(IUnitOfWork unit, Turn turn, TurnStep step)
    {
        unit.Turns.AddStep(turn.Id, step);
        if (step.Answer.Resume is { } resume)
        {
            unit.Sessions.SaveResume(turn.SessionId, resume);
        }

        return await TurnLedger.SettleAsync(unit, turn, step.Answer.Usage, step.Cost) with { CallsFailed = 0, Takeovers = 0 };
    }

    private static async ValueTask SettleInputsAsync(IUnitOfWork unit, TurnRun run, string? reason, DateTimeOffset now)
    {
        await unit.Agents.InboxAsync(run.Agent.Id);
        foreach (var item in run.Inputs)
        {
            unit.Turns.Acknowledge(run.Agent.Id, item.Message.Id, reason, now);
        }

        unit.Turns.AdvanceCursor(run.Agent.Id);
    }

    /// <summary>A refusal does not undo the turn: it ends without the message and says why.</summary>
    private async ValueTask<(Sent? Message, string? Warning)> SendAsync(IUnitOfWork unit, TurnRun run, SendInput answer)
    {
        var input = answer with { Key = TurnKeys.Final(run.Turn.Id), Content = Storable(answer.Content!) };
        try
        {
            return (await send.WriteAsync(unit, run.Caller, input), null);
        }
        catch (ParleyError error) when (input.To == Router.ChatAddress && IsRefusal(error))
        {
            // Whoever was named cannot be woken; the text is still said where everybody can read it.
            return (await send.WriteAsync(unit, run.Caller, input with { Mentions = [] }), $"Nobody was woken: {error.Message}");
        }
        catch (ParleyError error) when (IsRefusal(error))
        {
            return (null, $"The answer was not sent: {error.Code.Name}: {error.Message}");
        }
    }

    /// <summary>Whether an error is the answer to a send, and not a fault of the store.</summary>
    internal static bool IsRefusal(ParleyError error) => error.Code.HttpStatus is >= 400 and < 500;

    /// <summary>What a model wrote, without what no store can give back, and not longer than a message may be.</summary>
    internal static string Storable(string text)
    {
        var clean = Draft.Unstorable(text) ? new string([.. text.Where(letter => letter != '\0' && !char.IsSurrogate(letter))]) : text;
        return Encoding.UTF8.GetByteCount(clean) <= Limits.ContentBytes ? clean : Blocks.Whole(clean, (Limits.ContentBytes / 3) - 20) + "\n[cut by Parley]";
    }

    private Task<T> WriteAsync<T>(TurnRun run, Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) => database.WriteAsync(
        async unit =>
        {
            await HoldAsync(unit, run.Lease);
            return await work(unit);
        },
        cancellationToken);
}
