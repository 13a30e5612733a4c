namespace Parley.Bench.Processes;

/// <summary>A folder for one server's data, deleted at the end. Others may enter it: PostgreSQL runs as a user of its own.</summary>
sealed class TempFolder : IDisposable
{
    const UnixFileMode Enterable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Path { get; } = Directory.CreateTempSubdirectory("parley-bench-").FullName;

    public TempFolder() => File.SetUnixFileMode(Path, Enterable);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
