using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Turns;

namespace Parley.Core.Sessions;

/// <summary>Reads what happened in a spawned session: what was said, and each model call with the tools it called.</summary>
public sealed class ReadSessionLog(IDatabase database)
{
    /// <summary>Returns the entries in the order of time. Throws <c>not_found</c>.</summary>
    public Task<SessionLog> RunAsync(Caller caller, string name, CancellationToken cancellationToken)
    {
        caller.Require(Scopes.Read);
        return database.ReadAsync(
            async unit =>
            {
                var session = await SessionLookup.FoundAsync(unit, caller, name);
                var entries = new List<SessionLogEntry>();
                long after = 0;
                while (await unit.Messages.PageAsync(new HistoryQuery(session.OrganizationId, session.ConversationId, After: after, Limit: Limits.PageRows)) is { Count: > 0 } page)
                {
                    entries.AddRange(page.Where(message => message.Withheld == Withheld.No || !caller.IsAgent).Select(message => new SessionLogEntry(message.CreatedAt, message, null, null)));
                    after = page[^1].Number;
                }

                var turns = new List<SessionTurn>();
                foreach (var turn in await unit.Turns.OfSessionAsync(session.Id))
                {
                    var steps = await unit.Turns.StepsAsync(turn.Id);
                    turns.Add(new SessionTurn(turn, steps.Count));
                    entries.AddRange(steps.Where(step => step.Answer.ToolCalls.Count > 0 || step.Answer.OwnCalls.Count > 0 || step.Followup is not null)
                        .Select(step => new SessionLogEntry(step.At, null, turn, step)));
                    // Of a turn that runs it is not known yet, and whoever follows the log counts its entries.
                    if (turn.EndedAt is { } ended && (turn.Warnings.Count > 0 || turn.Reason is not null))
                    {
                        entries.Add(new SessionLogEntry(ended, null, turn, null));
                    }
                }

                return new SessionLog(session, [.. entries.OrderBy(entry => entry.At).ThenBy(entry => entry.Message?.Number ?? 0)]) { Turns = turns };
            },
            cancellationToken);
    }
}

/// <summary>A session's log.</summary>
/// <param name="Session">The session.</param>
/// <param name="Entries">What happened, by time.</param>
public sealed record SessionLog(Subagent Session, IReadOnlyList<SessionLogEntry> Entries)
{
    /// <summary>Its turns, in the order in which they began.</summary>
    public IReadOnlyList<SessionTurn> Turns { get; init; } = [];

    /// <summary>The number, from 1 on, of the newest model call whose tools have not answered yet; null where none is waited for.</summary>
    public int? Open => Entries.Select((entry, i) => (entry, Number: i + 1)).LastOrDefault(pair => IsOpen(pair.entry)) is { Number: > 0 and var number } && !Session.Ended ? number : null;

    /// <summary>Whether the tools of the model call with that number have answered.</summary>
    public bool IsAnswered(int number) => number <= Entries.Count && Entries[number - 1] is { Step.Results: not null };

    private static bool IsOpen(SessionLogEntry entry) => entry is { Turn.EndedAt: null, Step: { Results: null, Answer.ToolCalls.Count: > 0 } };
}

/// <summary>One thing that happened: a message, a model call that did not end its turn, or how a turn ended where that needs saying.</summary>
/// <param name="At">When.</param>
/// <param name="Message">What was said, or null.</param>
/// <param name="Turn">In which turn, or null.</param>
/// <param name="Step">The model call, or null.</param>
public sealed record SessionLogEntry(DateTimeOffset At, Message? Message, Turn? Turn, TurnStep? Step);

/// <summary>A turn of a session.</summary>
/// <param name="Turn">What it used.</param>
/// <param name="Calls">Model calls that were answered.</param>
public sealed record SessionTurn(Turn Turn, int Calls);
