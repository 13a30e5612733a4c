using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Parley.EndToEnd.Tests.Support;

/// <summary>
/// A disk whose power a test can cut. <see cref="CutPower"/> shuts the file system down without writing its journal or its cache,
/// so that what was not flushed is gone; <see cref="RestorePowerAsync"/> mounts it again, which replays the journal as after a crash.
/// </summary>
public sealed partial class PowerLossDisk : IAsyncDisposable
{
    // linux/fs.h: _IOR('X', 125, __u32), and "do not even write what is already in the log buffer".
    private const nuint Ext4IocShutdown = 0x8004587D;
    private const uint NoLogFlush = 2;

    /// <summary>O_CLOEXEC: or a program that another test starts at that moment would keep the folder open, and the disk busy, for as long as it runs.</summary>
    private const int CloseOnExec = 0x80000;
    private readonly LoopDisk _disk;

    private PowerLossDisk(LoopDisk disk) => _disk = disk;

    public string Path => _disk.Path;

    /// <summary>Skips the calling test, with the reason, where this machine cannot.</summary>
    public static async Task<PowerLossDisk> CreateAsync(int megabytes = 256) => new(await LoopDisk.CreateAsync(megabytes));

    /// <summary>From now on every read, write and flush on the disk fails. Processes that use it go on running and see the errors.</summary>
    public void CutPower()
    {
        using var folder = Open(Path, CloseOnExec);
        if (folder.IsInvalid || Ioctl(folder, Ext4IocShutdown, NoLogFlush) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "The file system could not be shut down");
        }
    }

    /// <summary>Mounts the disk again. Every process with a file open on it must have ended.</summary>
    public async Task RestorePowerAsync()
    {
        await _disk.UnmountAsync();
        await _disk.MountAsync();
    }

    public ValueTask DisposeAsync() => _disk.DisposeAsync();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle file, nuint request, in uint argument);
}
