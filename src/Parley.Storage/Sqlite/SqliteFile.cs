namespace Parley.Storage.Sqlite;

/// <summary>The database file: who may read it, and how its connections are set up.</summary>
internal sealed class SqliteFile(string path, bool relaxed)
{
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
