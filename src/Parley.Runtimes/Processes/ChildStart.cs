namespace Parley.Runtimes.Processes;

/// <summary>A program to be started.</summary>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Folder">Where it runs.</param>
/// <param name="Environment">All that it gets.</param>
internal sealed record ChildStart(IReadOnlyList<string> Command, string Folder, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>What it may print at most, in bytes.</summary>
    public long MostOutput { get; init; } = 16 * 1024 * 1024;

    /// <summary>Where the program is, found as a shell would in the <c>PATH</c> that it gets; null where it is not.</summary>
    public string? Found()
    {
        var name = Command[0];
        if (name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            var full = Path.GetFullPath(name, Folder);
            return File.Exists(full) ? full : null;
        }

        return (Environment.GetValueOrDefault("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string file) => File.Exists(file)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
