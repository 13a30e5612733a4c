using Parley.Cli.Shell;
using Parley.Client.Wire;
using Parley.Core;

namespace Parley.Cli;

/// <summary>What can be checked without a server: the folder's rights, the disk's space, the clock.</summary>
internal static class LocalChecks
{
    private const long LittleSpace = 1024L * 1024 * 1024;
    private const long NoSpace = 64L * 1024 * 1024;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static IEnumerable<DoctorFinding> Run(DataFolder folder)
    {
        if (!Directory.Exists(folder.Path))
        {
            yield return new DoctorFinding("data folder", "warning", $"There is no folder {folder.Path}.", "'parley up' creates it; --data names another one.");
        }
        else
        {
            yield return CheckModes(folder.Path);
            yield return CheckSpace(folder.Path);
        }

        yield return CheckClock(TimeProvider.System.GetUtcNow());
    }

    internal static DoctorFinding CheckModes(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return new DoctorFinding("data folder", "ok", path, "");
        }

        string? open = null;
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Prepend(path))
        {
            if ((File.GetUnixFileMode(file) & Others) != 0)
            {
                open = file;
                break;
            }
        }

        return open is null
            ? new DoctorFinding("data folder", "ok", $"{path} is readable by its owner only.", "")
            : new DoctorFinding("data folder", "fault", $"Others have rights to {open}.", $"chmod -R go= '{path}'");
    }

    internal static DoctorFinding CheckSpace(string path)
    {
        var free = new DriveInfo(path).AvailableFreeSpace;
        return free switch
        {
            < NoSpace => new DoctorFinding("data folder's disk", "fault", $"{ByteSize.Text(free)} are free.", "Make room: sending stops when the disk is full."),
            < LittleSpace => new DoctorFinding("data folder's disk", "warning", $"{ByteSize.Text(free)} are free.", "Make room before it is full."),
            _ => new DoctorFinding("data folder's disk", "ok", $"{ByteSize.Text(free)} are free.", ""),
        };
    }

    internal static DoctorFinding CheckClock(DateTimeOffset now)
    {
        var built = File.GetLastWriteTimeUtc(typeof(LocalChecks).Assembly.Location);
        return now.UtcDateTime < built.AddDays(-1)
            ? new DoctorFinding("this machine's clock", "fault", $"The clock shows {Format.Local(now)}, before this program was built.", "Set the clock; tokens and windows depend on it.")
            : new DoctorFinding("this machine's clock", "ok", $"It shows {Format.Local(now)}.", "");
    }
}
