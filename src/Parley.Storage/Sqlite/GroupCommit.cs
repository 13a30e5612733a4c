namespace Parley.Storage.Sqlite;

/// <summary>
/// Takes the writes that wait, runs them in one transaction, commits once, and only then answers them all: many writes share one flush, and one
/// that fails undoes nothing but itself. Savepoints would cost every write a tenth of its time, and hardly any fails after it has written: when
/// one does, the transaction begins anew, this time with a savepoint for each. So a write must be repeatable, as it must be on PostgreSQL.
/// </summary>
internal sealed class GroupCommit(WriteQueue queue, TimeProvider time, Action<SqlitePoint>? fault)
{
    private const int MostUnits = 2_000;
    private static readonly TimeSpan LongestGroup = TimeSpan.FromMilliseconds(20);

    /// <summary>For so long a group also takes what arrives while it runs: a commit costs as much as several writes, so sharing it is worth the wait.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(1);

    private readonly List<(IWriteUnit Unit, Exception? Error)> _group = [];

    /// <summary>Runs one group; null if it is committed, else what happened to it. The caller then answers the group.</summary>
    public GroupFault? Run(SqliteConnection connection)
    {
        _group.Clear();
        var committing = false;
        try
        {
            connection.Begin("begin immediate");
            RunGroup(connection);
            connection.Keeper?.Save();
            committing = true;
            fault?.Invoke(SqlitePoint.BeforeCommit);
            connection.Commit();
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

    private void RunGroup(SqliteConnection connection)
    {
        var start = time.GetTimestamp();
        var savepoints = false;
        var waited = queue.Count;
        for (var taken = 0; taken < MostUnits; taken++)
        {
            if (taken >= waited && time.GetElapsedTime(start) > Gathering)
                return;
            if (!queue.TryTake(out var unit))
                return;
            if (!unit.TryBegin())
                continue;
            _group.Add((unit, null));
            if (savepoints)
                RunInSavepoint(connection, _group.Count - 1);
            else if (!TryRun(connection, _group.Count - 1))
            {
                savepoints = true;
                RunAgain(connection);
            }
            if (time.GetElapsedTime(start) > LongestGroup)
                return;
        }
    }

    /// <summary>Runs the group's units from the first on, now with a savepoint for each.</summary>
    private void RunAgain(SqliteConnection connection)
    {
        connection.Rollback();
        connection.Begin("begin immediate");
        for (var i = 0; i < _group.Count; i++)
            RunInSavepoint(connection, i);
    }

    private void RunInSavepoint(SqliteConnection connection, int index)
    {
        connection.BeginUnit();
        connection.EndUnit(failed: !TryRun(connection, index));
    }

    /// <summary>Notes the unit's own failure; false where it has left something behind. A failure of the storage is thrown.</summary>
    private bool TryRun(SqliteConnection connection, int index)
    {
        fault?.Invoke(SqlitePoint.BeforeUnit);
        connection.HasWritten = false;
        var unit = _group[index].Unit;
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
        _group[index] = (unit, error);
        return error is null || !connection.HasWritten;
    }
}

/// <summary>Why a group was not committed, and whether the commit itself had begun.</summary>
internal sealed record GroupFault(SqliteException Cause, bool Committing);
