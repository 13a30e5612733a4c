namespace Parley.Core.Meetings;

/// <summary>What the turns of one agent in a meeting used.</summary>
/// <param name="Agent">The agent's name.</param>
/// <param name="Turns">How many ended, passes among them.</param>
/// <param name="InputTokens">Tokens read.</param>
/// <param name="OutputTokens">Tokens written.</param>
/// <param name="Cost">Millionths of a dollar.</param>
public sealed record TurnUse(string Agent, long Turns, long InputTokens, long OutputTokens, long Cost);

/// <summary>A meeting's figures.</summary>
/// <param name="Tally">What its messages say.</param>
/// <param name="Use">What its turns used, by agent.</param>
public sealed record MeetingStats(MeetingTally Tally, IReadOnlyList<TurnUse> Use);

/// <summary>Counts who spoke in a meeting, how deep, and what it cost.</summary>
public sealed class ReadMeetingStats(IDatabase database, ReadMeeting read)
{
    /// <summary>Reads the transcript page by page. Throws <c>not_found</c>.</summary>
    public async Task<MeetingStats> RunAsync(Caller caller, string nameOrId, CancellationToken cancellationToken)
    {
        var tally = new MeetingTally();
        await foreach (var message in read.AllAsync(caller, nameOrId, cancellationToken))
        {
            tally.Add(message);
        }

        var use = await database.ReadAsync(async unit => await unit.Meetings.UseAsync((await MeetingLookup.FoundAsync(unit, caller, nameOrId)).Id), cancellationToken);
        return new MeetingStats(tally, use);
    }
}
