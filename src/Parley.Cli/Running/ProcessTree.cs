using System.Diagnostics;
using System.Globalization;

namespace Parley.Cli.Running;

/// <summary>How much processor time a process and its children have used.</summary>
internal static class ProcessTree
{
    private const double TicksPerSecond = 100;

    /// <summary>All of them on Linux; elsewhere the process alone.</summary>
    public static TimeSpan Used(Process process)
    {
        try
        {
            return OperatingSystem.IsLinux() ? OnLinux(process.Id) : process.TotalProcessorTime;
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // It has just ended.
            return TimeSpan.Zero;
        }
    }

    /// <summary>The parent and the time used, out of a line of <c>/proc/PID/stat</c>; null for what is no such line.</summary>
    public static (int Parent, TimeSpan Used)? Parse(string line)
    {
        // The name stands in brackets and may hold anything.
        var fields = line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 14 && int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent) && long.TryParse(fields[11], CultureInfo.InvariantCulture, out var user) && long.TryParse(fields[12], CultureInfo.InvariantCulture, out var system)
            && long.TryParse(fields[13], CultureInfo.InvariantCulture, out var endedUser) && long.TryParse(fields[14], CultureInfo.InvariantCulture, out var endedSystem)
            ? (parent, TimeSpan.FromSeconds((user + system + endedUser + endedSystem) / TicksPerSecond))
            : null;
    }

    private static TimeSpan OnLinux(int root)
    {
        var all = new Dictionary<int, (int Parent, TimeSpan Used)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Read(folder) is { } line && Parse(line) is { } found)
            {
                all[id] = found;
            }
        }

        return all.Where(one => IsBelow(one.Key)).Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Value.Used);

        bool IsBelow(int id)
        {
            for (var depth = 0; depth < 64 && id > 1; depth++)
            {
                if (id == root)
                {
                    return true;
                }

                id = all.TryGetValue(id, out var here) ? here.Parent : 0;
            }

            return false;
        }
    }

    private static string? Read(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "stat"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
