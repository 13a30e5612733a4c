namespace Parley.EndToEnd.Tests.Support;

/// <summary>A small disk that a test can fill to the last block and empty again.</summary>
public sealed class FullDisk : IAsyncDisposable
{
    private const int NoSpace = 28; // ENOSPC
    private readonly LoopDisk _disk;

    private FullDisk(LoopDisk disk) => _disk = disk;

    public string Path => _disk.Path;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Skips the calling test, with the reason, where this machine cannot.</summary>
    public static async Task<FullDisk> CreateAsync(int megabytes = 32) => new(await LoopDisk.CreateAsync(megabytes));

    /// <summary>Writes until not one block is free. May be called again when something else has been deleted.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var size in (int[])[1 << 20, 1 << 12])
        {
            try
            {
                while (true)
                {
                    ballast.Write(new byte[size]);
                    ballast.Flush(flushToDisk: true);
                }
            }
            catch (IOException error) when ((error.HResult & 0xFFFF) == NoSpace || new DriveInfo(Path).AvailableFreeSpace < size)
            {
                // Full for blocks of this size.
            }
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Free() => File.Delete(Ballast);

    public ValueTask DisposeAsync() => _disk.DisposeAsync();
}
