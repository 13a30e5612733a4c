using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Parley.Runtimes.Processes;

/// <summary>
/// Ends a program with everything that it has started. On Linux each program leads a process group of its own, and its environment carries a mark by which also those are
/// found that have left the group.
/// </summary>
internal static class ProcessKill
{
    private const int Terminate = 15;
    private const int Kill = 9;
    private const int MostSweeps = 20;

    /// <summary>The program that gives another a process group of its own; null where there is none.</summary>
    public static string? GroupStarter { get; } = OperatingSystem.IsLinux() ? Array.Find(["/usr/bin/setsid", "/bin/setsid"], File.Exists) : null;

    /// <summary>Asks the program and its group to end.</summary>
    public static void Ask(Process process)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Send(GroupStarter is null ? process.Id : -process.Id, Terminate);
        }
    }

    /// <summary>Ends the program, its group, and whatever else carries the mark.</summary>
    public static void Everything(Process process, string mark)
    {
        if (GroupStarter is not null)
        {
            _ = Send(-process.Id, Kill);
        }

        try
        {
            process.Kill(entireProcessTree: GroupStarter is null);
        }
        catch (Exception fault) when (fault is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It is gone already.
        }

        // What is killed may have started something in between.
        for (var sweep = 0; sweep < MostSweeps && Sweep(mark); sweep++)
        {
        }
    }

    /// <summary>True where there was something to end.</summary>
    private static bool Sweep(string mark)
    {
        var found = false;
        foreach (var pid in Marked(mark))
        {
            found |= Send(pid, Kill) == 0;
        }

        return found;
    }

    /// <summary>The processes whose environment has the mark.</summary>
    public static IEnumerable<int> Marked(string mark)
    {
        if (!OperatingSystem.IsLinux())
        {
            yield break;
        }

        var bytes = System.Text.Encoding.UTF8.GetBytes(mark);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Holds(Path.Combine(folder, "environ"), bytes))
            {
                yield return pid;
            }
        }
    }

    private static bool Holds(string file, byte[] mark)
    {
        try
        {
            return File.ReadAllBytes(file).AsSpan().IndexOf(mark) >= 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or gone.
            return false;
        }
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Send(int process, int signal);
}
