using Parley.Cli.Shell;

namespace Parley.Cli.Serve;

/// <summary>Keeps a second server off the data folder. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class FolderLock : IAsyncDisposable
{
    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    public static FolderLock Take(DataFolder folder)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = DataFolder.SecretMode;
            }

            return new FolderLock(new FileStream(Path.Combine(folder.Path, "server.lock"), options));
        }
        catch (IOException) when (folder.ReadServer() is { } running)
        {
            throw Refusal.Conflict(
                $"A Parley server runs on {folder.Path} already: {running.Url} (process {running.Pid}).",
                $"Use it, end it with 'kill {running.Pid}', or start another one with --data DIR --listen 127.0.0.1:PORT.");
        }
        catch (IOException)
        {
            throw Refusal.Conflict($"A Parley server is starting on {folder.Path} already.", "Use it, or start another one with --data DIR --listen 127.0.0.1:PORT.");
        }
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
