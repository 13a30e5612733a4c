using System.Text;

namespace Parley.Runtimes.Keys;

/// <summary>A file that only the server's user can read.</summary>
internal static class PrivateFile
{
    /// <summary>Written beside and moved over, so that a reader sees the old or the new one; never readable by others.</summary>
    public static void Write(string file, string text)
    {
        var beside = $"{file}.{Environment.ProcessId}";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(beside, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, file, overwrite: true);
    }
}
