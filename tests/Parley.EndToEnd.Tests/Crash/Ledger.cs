using System.Collections.Concurrent;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>A message that a client wants to send: on which connection, and as which one there.</summary>
internal sealed record Attempt(string Sender, int Order, SendRequest Request);

/// <summary>An answer of the server, to which it is held.</summary>
internal sealed record Answered(Attempt Attempt, SendResponse Response, bool Repeated);

/// <summary>Everything that the clients were told, kept outside of the server.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, Reading> readings = new();
    private readonly ConcurrentDictionary<string, Counter> answered = new();
    private int underWay;

    public ConcurrentQueue<Answered> Answers { get; } = new();

    /// <summary>Sends of which nothing may have been stored: what was repeated may have been, by an earlier try without an answer.</summary>
    public ConcurrentQueue<(Attempt Attempt, string Code)> Refusals { get; } = new();

    public ConcurrentQueue<Guid> Approvals { get; } = new();

    /// <summary>How many sends were answered.</summary>
    public Counter Answered { get; } = new();

    /// <summary>How many sends were refused.</summary>
    public Counter Refused { get; } = new();

    /// <summary>How many sends had no answer when the server died: the proof that it died at work.</summary>
    public int CutOff { get; private set; }

    public int Deaths { get; private set; }

    public ICollection<Reading> Readings => readings.Values;

    public Reading ReadingOf(string agent) => readings.GetOrAdd(agent, name => new Reading(name));

    /// <summary>How many sends of one agent were answered.</summary>
    public Counter AnsweredTo(string sender) => answered.GetOrAdd(sender, _ => new Counter());

    /// <summary>Call when the server has died or is about to be killed.</summary>
    public void Died()
    {
        Deaths++;
        CutOff += Volatile.Read(ref underWay);
    }

    /// <summary>Sends, and notes the answer; false where it has to be repeated to learn what became of it.</summary>
    public async Task<bool> NoteAsync(Attempt attempt, Func<SendRequest, Task<SendResponse>> send, bool repeated)
    {
        Interlocked.Increment(ref underWay);
        try
        {
            Answers.Enqueue(new Answered(attempt, await send(attempt.Request), repeated));
            Answered.Increment();
            AnsweredTo(attempt.Sender).Increment();
            return true;
        }
        catch (ParleyException error) when (Patiently.IsWithoutAnswer(error))
        {
            return false;
        }
        catch (ParleyException error)
        {
            Refused.Increment();
            if (!repeated)
            {
                Refusals.Enqueue((attempt, error.Code));
            }

            return !repeated || !Patiently.MayPass(error);
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    public override string ToString()
    {
        var answers = Answers.ToArray();
        var verdicts = answers.GroupBy(answer => answer.Response.Verdict).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}");
        return $"{answers.Length} acknowledged ({string.Join(", ", verdicts)}), {answers.Count(answer => answer.Response.Duplicate)} of them answered as duplicates, {Deaths} deaths that cut off {CutOff} sends, "
            + $"{Approvals.Count} approved, {Refused.Value} refused, {Readings.Sum(reading => reading.Count.Value)} received, {Readings.Sum(reading => reading.Acknowledgements)} acknowledgements of cursors";
    }
}
