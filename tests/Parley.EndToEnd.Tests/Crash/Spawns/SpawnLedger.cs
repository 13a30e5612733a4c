using System.Collections.Concurrent;

namespace Parley.EndToEnd.Tests.Crash.Spawns;

/// <summary>What a sub-agent of the load does.</summary>
internal enum Work
{
    /// <summary>Answers.</summary>
    Plain,

    /// <summary>Calls a tool, then answers.</summary>
    Tool,

    /// <summary>Spawns one of its own and answers with what came of it.</summary>
    Nest,

    /// <summary>Is killed by its parent while it works.</summary>
    Kill,

    /// <summary>Has a model that says no end, and a second.</summary>
    Late,
}

/// <summary>A spawn that a parent wants, under a key that it keeps until it has an answer.</summary>
internal sealed record AskedSpawn(string Parent, string Key, Work Work)
{
    /// <summary>Every task is another one, so that each may be there once.</summary>
    public string Task => $"Do: {Work} for {Key}";
}

/// <summary>An answer of the server, to which it is held.</summary>
internal sealed record AcknowledgedSpawn(AskedSpawn Asked, string Session);

/// <summary>A result as the parent reads it in its inbox.</summary>
internal sealed record ReadResult(string Parent, long Number, string Session, string Status);

/// <summary>Everything that the parents were told, kept outside of the server.</summary>
internal sealed class SpawnLedger
{
    private int lost;

    public ConcurrentQueue<AcknowledgedSpawn> Acknowledged { get; } = new();

    /// <summary>How many spawns were acknowledged, each once.</summary>
    public Counter Spawned { get; } = new();

    public ConcurrentQueue<ReadResult> Results { get; } = new();

    public int Deaths { get; private set; }

    /// <summary>How many model calls of sub-agents had no answer when the server died: the proof that it died at work.</summary>
    public int CutOff { get; private set; }

    /// <summary>How many spawns were sent without an answer coming back.</summary>
    public int Lost => lost;

    public void LostAnswer() => Interlocked.Increment(ref lost);

    public void Died(int underWay)
    {
        Deaths++;
        CutOff += underWay;
    }
}
