using Npgsql;

namespace Parley.Storage.Postgres;

/// <summary>
/// A commit that waits for its standby in vain is stored here and not there. PostgreSQL calls it done when it is cancelled, as after a time-out, and
/// says so only in a warning; here it counts as a commit whose outcome nobody knows.
/// </summary>
internal sealed class ReplicaWait : IDisposable
{
    private readonly NpgsqlConnection connection;
    private bool givenUp;

    public ReplicaWait(NpgsqlConnection connection)
    {
        this.connection = connection;
        connection.Notice += Look;
    }

    /// <summary>Throws where PostgreSQL has given up waiting.</summary>
    public void ThrowIfGivenUp()
    {
        if (givenUp)
        {
            throw new TimeoutException("the standby did not confirm the commit");
        }
    }

    public void Dispose() => connection.Notice -= Look;

    // The name of the function, because the text may be in any language.
    private void Look(object sender, NpgsqlNoticeEventArgs notice) => givenUp |= notice.Notice.Routine == "SyncRepWaitForLSN";
}
