namespace Parley.Cli.Connect;

/// <summary>Where a program's files are looked for.</summary>
/// <param name="Home">The person's home folder.</param>
/// <param name="Folder">The project's folder.</param>
/// <param name="IsProject">True where the project's files are meant.</param>
/// <param name="Environment">Reads a variable of the environment.</param>
internal sealed record Place(string Home, string Folder, bool IsProject, Func<string, string?> Environment)
{
    public string InHome(params string[] names) => Path.Combine([Home, .. names]);

    public string InFolder(params string[] names) => Path.Combine([Folder, .. names]);

    /// <summary>A folder that the program lets be named in the environment.</summary>
    public string Named(string variable, string otherwise) => Environment(variable) is { Length: > 0 } named ? named : otherwise;

    /// <summary>The first that exists, else the first.</summary>
    public static string Existing(params string[] files) => files.FirstOrDefault(File.Exists) ?? files[0];
}
