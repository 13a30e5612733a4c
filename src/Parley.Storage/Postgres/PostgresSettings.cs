using Npgsql;
using Parley.Core;

namespace Parley.Storage.Postgres;

/// <summary>What of PostgreSQL's settings decides how safe a commit is, and the timeline that it is written to: null on a server that only reads.</summary>
internal sealed record PostgresSettings(string Fsync, string FullPageWrites, string SynchronousCommit, string SynchronousStandbyNames, string? Timeline = null)
{
    // A segment's name begins with the timeline, eight hexadecimal digits; unlike the control file it says so at once after a promotion.
    private const string Sql =
        """
        select current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
          case when not pg_is_in_recovery() then left(pg_walfile_name(pg_current_wal_lsn()), 8) end
        """;

    /// <summary>The setting by which an accepted message could be lost, or null.</summary>
    public string? Unsafe =>
        Fsync == "off" ? "fsync" : SynchronousCommit == "off" ? "synchronous_commit" : FullPageWrites == "off" ? "full_page_writes" : null;

    /// <summary>With <c>remote_write</c> the standby has not flushed, and with <c>local</c> nobody asks it.</summary>
    public string Durability => Unsafe is not null ? "relaxed" : SynchronousCommit is "on" or "remote_apply" && SynchronousStandbyNames.Trim().Length > 0 ? "disk+replica" : "disk";

    public static async Task<PostgresSettings> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new PostgresSettings(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4));
    }

    public ParleyError Refusal() => new(ErrorCode.StorageUnavailable, $"PostgreSQL runs with {Unsafe} = off: what Parley accepts could be lost.",
        $"Set {Unsafe} = on in the server, the database and the role, or ask for relaxed durability by name.");
}
