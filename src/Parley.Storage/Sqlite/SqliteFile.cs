using SQLitePCL;

namespace Parley.Storage.Sqlite;

/// <summary>The database file: who may read it, and how its connections are set up.</summary>
internal sealed class SqliteFile(string path, bool relaxed)
{
    private const int PageBytes = 4096;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Makes the file and its folder, readable by the owner alone; SQLite gives its log the same mode.</summary>
    public void Create()
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            File.Open(Path, FileMode.OpenOrCreate).Dispose();
            return;
        }
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        File.Open(Path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = OwnerOnly }).Dispose();
        foreach (var suffix in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(Path + suffix))
                File.SetUnixFileMode(Path + suffix, OwnerOnly);
        }
    }

    public SqliteConnection OpenWriter()
    {
        var connection = new SqliteConnection(Path, readOnly: false);
        Configure(connection, $"""
            pragma busy_timeout = 1000;
            pragma journal_mode = wal;
            pragma synchronous = {(relaxed ? "off" : "full")};
            pragma wal_autocheckpoint = 0;
            pragma foreign_keys = on;
            pragma temp_store = memory;
            pragma cache_size = -65536;
            pragma journal_size_limit = 67108864;
            """);
        return connection;
    }

    /// <summary>The size of the log. A server that stopped in order leaves none behind.</summary>
    public long LogBytes => new FileInfo(Path + "-wal") is { Exists: true } log ? log.Length : 0;

    /// <summary>How many pages the log holds at most.</summary>
    public int LogPages => (int)(LogBytes / PageBytes);

    /// <summary>SQLite's verdict on the file as it stands: <c>ok</c> or what is wrong; null where it was cancelled before the end.</summary>
    public string? QuickCheck(CancellationToken ct)
    {
        using var connection = OpenReader();
        using var stop = ct.Register(connection.Interrupt);
        try
        {
            return ct.IsCancellationRequested ? null : connection.First("pragma quick_check(1)", row => row.Text(0), []);
        }
        catch (SqliteException failure) when (failure.PrimaryCode == raw.SQLITE_INTERRUPT)
        {
            return null;
        }
        catch (SqliteException failure) when (failure.IsDamage)
        {
            return failure.Message;
        }
    }

    /// <summary>Opens the file after a fault: it must pass SQLite's check, and everything in its log must reach the disk again.</summary>
    public SqliteConnection OpenChecked()
    {
        var connection = OpenWriter();
        try
        {
            var verdict = connection.First("pragma quick_check(1)", row => row.Text(0), []);
            if (verdict != "ok")
                throw new SqliteException(raw.SQLITE_CORRUPT, verdict ?? "the check gave no answer");
            // Pages whose flush failed may be gone from the log: what was read from it is written and flushed anew.
            if (connection.First("pragma wal_checkpoint(truncate)", row => row.Bool(0), []))
                throw new SqliteException(raw.SQLITE_BUSY, "a read that began before the fault still runs");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A commit that makes the file and its log grow, then one that gives the pages back.</summary>
    public static void Probe(SqliteConnection connection) => connection.Script("""
        begin immediate;
        create table if not exists parley_probe(filler blob);
        insert into parley_probe values (zeroblob(65536));
        commit;
        drop table parley_probe;
        """);

    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(Path, readOnly: true);
        Configure(connection, """
            pragma busy_timeout = 5000;
            pragma query_only = on;
            pragma temp_store = memory;
            pragma cache_size = -16384;
            pragma mmap_size = 268435456;
            """);
        return connection;
    }

    private static void Configure(SqliteConnection connection, string script)
    {
        try
        {
            connection.Script(script);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
