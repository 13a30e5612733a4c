using System.Runtime.InteropServices;
using SQLitePCL;

namespace Parley.Storage.Sqlite;

/// <summary>Chooses the SQLite library: the system's where it is new enough, else the one that comes with Parley.</summary>
internal static class NativeSqlite
{
    /// <summary>3.35.0 brought RETURNING, which the shared SQL needs.</summary>
    private const int OldestUsable = 3_035_000;

    private static readonly string[] SystemNames = ["libsqlite3.so.0", "libsqlite3.dylib"];

    private static readonly Lazy<bool> Loaded = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (_, _, _) => FindInSystem());
        Batteries_V2.Init();
        // Nobody reads the memory statistics, and their mutex around every allocation costs the writer a sixth of its time.
        _ = raw.sqlite3_shutdown();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
        _ = raw.sqlite3_initialize();
        return true;
    });

    public static bool EnsureLoaded() => Loaded.Value;

    private static nint FindInSystem()
    {
        foreach (var name in SystemNames)
        {
            if (NativeLibrary.TryLoad(name, out var library) && Version(library) >= OldestUsable)
                return library;
        }
        return 0;
    }

    private static int Version(nint library) =>
        Marshal.GetDelegateForFunctionPointer<VersionNumber>(NativeLibrary.GetExport(library, "sqlite3_libversion_number"))();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();
}
