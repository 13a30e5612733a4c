namespace Parley.Storage.Sqlite;

/// <summary>
/// Takes the writes that wait, runs each in a savepoint of one transaction, commits once, and only then answers them all: many writes share
/// one flush, and one that fails undoes nothing but itself.
/// </summary>
internal sealed class GroupCommit(WriteQueue queue, TimeProvider time, Action<SqlitePoint>? fault)
{
    private const int MostUnits = 2_000;
    private static readonly TimeSpan LongestGroup = TimeSpan.FromMilliseconds(20);

    private readonly List<(IWriteUnit Unit, Exception? Error)> _group = [];

    /// <summary>Runs one group; null if it is committed, else what happened to it. The caller then answers the group.</summary>
    public GroupFault? Run(SqliteConnection connection)
    {
        _group.Clear();
        var committing = false;
        try
        {
            connection.Begin("begin immediate");
            RunUnits(connection);
            committing = true;
            fault?.Invoke(SqlitePoint.BeforeCommit);
            connection.Execute("commit");
            return null;
        }
        catch (Exception failure) when (failure is SqliteException or ConstraintException)
        {
            var cause = failure as SqliteException ?? (SqliteException)failure.InnerException!;
            return new GroupFault(cause, committing);
        }
    }

    /// <summary>Completes the callers of a committed group.</summary>
    public void Complete()
    {
        foreach (var (unit, error) in _group)
        {
            if (error is null)
                unit.Complete();
            else
                unit.Fail(error);
        }
        _group.Clear();
    }

    /// <summary>Fails the callers of a group that was not committed; those that had failed by themselves keep their own error.</summary>
    public void Fail(Func<Exception> refusal)
    {
        foreach (var (unit, error) in _group)
            unit.Fail(error ?? refusal());
        _group.Clear();
    }

    private void RunUnits(SqliteConnection connection)
    {
        var start = time.GetTimestamp();
        for (var left = Math.Min(queue.Count, MostUnits); left > 0; left--)
        {
            if (!queue.TryTake(out var unit))
                return;
            if (!unit.TryBegin())
                continue;
            _group.Add((unit, null));
            var error = RunOne(connection, unit);
            if (error is not null)
                _group[^1] = (unit, error);
            if (time.GetElapsedTime(start) > LongestGroup)
                return;
        }
    }

    /// <summary>The unit's own failure, after its savepoint was rolled back; a failure of the storage is thrown.</summary>
    private Exception? RunOne(SqliteConnection connection, IWriteUnit unit)
    {
        fault?.Invoke(SqlitePoint.BeforeUnit);
        connection.Execute("savepoint unit");
        var session = new SqliteSession(connection);
        Exception? error = null;
        try
        {
            unit.Run(session);
        }
#pragma warning disable CA1031 // Whatever the unit throws belongs to its caller.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            error = thrown;
        }
        session.End();
        if (connection.TransactionFault is { } lost)
            throw lost;
        if (error is not null)
            connection.Execute("rollback to unit");
        connection.Execute("release unit");
        return error;
    }
}

/// <summary>Why a group was not committed, and whether the commit itself had begun.</summary>
internal sealed record GroupFault(SqliteException Cause, bool Committing);
