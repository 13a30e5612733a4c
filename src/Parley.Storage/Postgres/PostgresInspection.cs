using System.Globalization;
using Parley.Core;
using Parley.Core.Maintenance;

namespace Parley.Storage.Postgres;

/// <summary>What can be said of a PostgreSQL server from inside: its version, what it flushes, how large the database is.</summary>
internal static class PostgresInspection
{
    private const int OldestTested = 14;

    public static async ValueTask<List<Finding>> ReadAsync(Session session)
    {
        List<Finding> findings = [];
        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes"])
        {
            var value = await session.FirstAsync("select current_setting($1)", row => row.Text(0), setting);
            findings.Add(value == "off"
                ? new Finding(setting, FindingStatus.Fault, $"{setting} is off: what was accepted can be lost with the power.", $"Set {setting} = on in the server, the database and the role.")
                : Finding.Fine(setting, $"{setting} is {value}."));
        }

        var version = await session.FirstAsync("select current_setting('server_version_num')::bigint", row => row.Long(0)) / 10_000;
        var size = await session.FirstAsync("select pg_database_size(current_database())", row => row.Long(0));
        findings.Add(version >= OldestTested
            ? Finding.Fine("postgresql", string.Create(CultureInfo.InvariantCulture, $"PostgreSQL {version}."))
            : new Finding("postgresql", FindingStatus.Warning, string.Create(CultureInfo.InvariantCulture, $"PostgreSQL {version} is older than what Parley is tested with."), "Upgrade PostgreSQL to 14 or newer."));
        findings.Add(Finding.Fine("database's size", $"The database has {ByteSize.Text(size)}; the free space of its disk cannot be seen from here."));
        return findings;
    }
}
