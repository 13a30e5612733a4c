using Npgsql;
using Parley.Core;

namespace Parley.Storage.Postgres;

/// <summary>What a failure of PostgreSQL or of its connection means for the write it ended.</summary>
internal static class PostgresErrors
{
    private const string IdleTooLong = "25P03";

    /// <summary>
    /// A lost race with another transaction, for a row or for a table, or one that PostgreSQL ended because nothing came of this node for so long: nothing is stored, and the same unit may succeed
    /// when run again.
    /// </summary>
    public static bool IsLostRace(Exception failure) => failure is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable or IdleTooLong,
    };

    public static bool IsFull(Exception failure) => failure is PostgresException { SqlState: PostgresErrorCodes.DiskFull };

    /// <summary>The server or the way to it is at fault, not the statement.</summary>
    public static bool IsOutage(Exception failure) => failure switch
    {
        PostgresException { SqlState: var state } => IsOutage(state),
        NpgsqlException or TimeoutException or IOException => true,
        _ => false,
    };

    public static ConstraintException? Constraint(Exception failure) =>
        failure is PostgresException { SqlState: var state } && state.StartsWith("23", StringComparison.Ordinal)
            ? new ConstraintException(state == PostgresErrorCodes.UniqueViolation, failure.Message, failure)
            : null;

    public static Exception Translate(Exception failure, bool committing)
    {
        if (IsFull(failure))
            return StorageErrors.Full(failure);
        if (IsLostRace(failure))
            return ParleyError.Busy(TimeSpan.FromSeconds(1));
        if (!IsOutage(failure))
            return Constraint(failure) ?? failure;
        return committing ? StorageErrors.OutcomeUnknown(failure) : StorageErrors.Unavailable(failure.Message, failure);
    }

    /// <summary>Connection exceptions (08), resources (53), operator intervention (57), system errors (58), a server that only reads (25006).</summary>
    private static bool IsOutage(string state) => state is PostgresErrorCodes.ReadOnlySqlTransaction
        || state[..2] is "08" or "53" or "57" or "58" or "XX";
}
