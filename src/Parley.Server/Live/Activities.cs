using System.Collections.Concurrent;

namespace Parley.Server.Live;

/// <summary>What agents say they are doing, on this node and in memory only: a program that says nothing any more is gone.</summary>
internal sealed class Activities(TimeProvider time)
{
    public const string Gone = "gone";

    /// <summary>Programs say it every ten seconds.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(35);

    private readonly ConcurrentDictionary<Guid, Said> all = new();

    /// <summary>Keeps what the agent does, and since when it does that.</summary>
    public void Say(Guid agentId, string state)
    {
        var now = new Said(state, time.GetUtcNow(), time.GetTimestamp());
        all.AddOrUpdate(agentId, now, (_, before) => before.State == state && !IsOver(before) ? now with { Since = before.Since } : now);
    }

    /// <summary><c>busy</c>, <c>idle</c> or <c>gone</c>, and since when; null where the agent has said nothing since the server began.</summary>
    public (string State, DateTimeOffset Since)? Find(Guid agentId)
    {
        if (!all.TryGetValue(agentId, out var said))
        {
            return null;
        }

        return IsOver(said) ? (Gone, time.GetUtcNow() - time.GetElapsedTime(said.At)) : (said.State, said.Since);
    }

    private bool IsOver(Said said) => said.State != Gone && time.GetElapsedTime(said.At) > Life;

    private sealed record Said(string State, DateTimeOffset Since, long At);
}
