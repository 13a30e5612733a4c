namespace Parley.EndToEnd.Tests.Support;

/// <summary>An ext4 file system of its own, in a sparse file on a loop device, mounted in a temporary folder. Needs root.</summary>
public sealed class LoopDisk : IAsyncDisposable
{
    private static readonly Lazy<Task<string?>> s_obstacle = new(FindObstacleAsync);
    private readonly TempFolder _folder = new();
    private bool _mounted;

    private LoopDisk()
    {
    }

    /// <summary>Where the file system is mounted.</summary>
    public string Path => _folder["mount"];

    private string Image => _folder["disk.img"];

    /// <summary>Makes and mounts a disk. Skips the calling test, with the reason, where this machine cannot.</summary>
    public static async Task<LoopDisk> CreateAsync(int megabytes)
    {
        Assert.SkipWhen(await s_obstacle.Value is not null, $"No disk of its own for this test: {await s_obstacle.Value}");
        return await FormatAsync(megabytes);
    }

    public async Task MountAsync()
    {
        await Command.RunAsync("mount", "-o", "loop", Image, Path);
        _mounted = true;
    }

    /// <summary>Unmounts; whoever still has a file open on it must have ended. A program that is being started has for a moment what its starter has.</summary>
    public async Task UnmountAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (await Command.TryAsync("umount", Path) is { ExitCode: not 0 } busy)
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(Waiting.Patience, busy.Output);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        _mounted = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_mounted && (await Command.TryAsync("umount", Path)).ExitCode != 0)
        {
            await Command.RunAsync("umount", "--lazy", Path); // a process of a failed test still holds it
        }

        _folder.Dispose();
    }

    private static async Task<LoopDisk> FormatAsync(int megabytes)
    {
        var disk = new LoopDisk();
        try
        {
            Directory.CreateDirectory(disk.Path);
            await using (var image = File.Create(disk.Image))
            {
                image.SetLength(megabytes * 1024L * 1024L);
            }

            // No blocks kept back for root: "full" is the same for everyone.
            await Command.RunAsync(Command.Find("mkfs.ext4")!, "-q", "-F", "-b", "4096", "-m", "0", disk.Image);
            await disk.MountAsync();
            return disk;
        }
        catch
        {
            await disk.DisposeAsync();
            throw;
        }
    }

    private static async Task<string?> FindObstacleAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "mounting needs root.";
        }

        if (Command.Find("mkfs.ext4") is null || Command.Find("losetup") is null)
        {
            return "mkfs.ext4 or losetup is not installed (on Debian: apt install e2fsprogs mount).";
        }

        try
        {
            await (await FormatAsync(16)).DisposeAsync();
            return null;
        }
        catch (InvalidOperationException error)
        {
            return $"loop devices do not work here ({error.Message})";
        }
    }
}
