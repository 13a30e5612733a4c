namespace Parley.Tests.Support;

/// <summary>A folder of its own for one test, deleted with everything in it at the end.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("parley-").FullName;

    public string Path { get; }

    /// <summary>The path of a file or folder inside; it need not exist.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test has deleted it already.
        }
    }
}
