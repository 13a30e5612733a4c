namespace Parley.Storage.Postgres;

/// <summary>The moment from which a unit may be stored: either its COMMIT goes out, or it is given up for good, never both.</summary>
internal sealed class CommitPoint
{
    private const int Passed = 1;
    private const int Closed = 2;
    private int state;

    /// <summary>Whether the COMMIT may have gone out.</summary>
    public bool IsPassed => Volatile.Read(ref state) == Passed;

    /// <summary>Before the COMMIT is sent; false where the unit was given up.</summary>
    public bool TryPass() => Interlocked.CompareExchange(ref state, Passed, 0) == 0;

    /// <summary>Gives the unit up, so that it is never stored; false where its COMMIT has gone out.</summary>
    public bool TryClose() => Interlocked.CompareExchange(ref state, Closed, 0) == 0;
}
