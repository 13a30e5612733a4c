namespace Parley.Runtimes.Programs;

/// <summary>A file for one run of a program, that only the server's user can read. It lies in the data folder: programs are about that trust no settings below a folder that others may write.</summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly DirectoryInfo _folder;

    public ScratchFile(DirectoryInfo folder, string content)
    {
        _folder = folder;
        Path = System.IO.Path.Combine(_folder.FullName, "settings.json");
        File.WriteAllText(Path, content);
    }

    public string Path { get; }

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // It holds no secret and may stay.
        }
    }
}
