namespace Parley.Runtimes.Programs;

/// <summary>A file for one run of a program, that only the server's user can read.</summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parley-run-");

    public ScratchFile(string content)
    {
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
            // The system cleans its temporary folder up; the file holds no secret.
        }
    }
}
