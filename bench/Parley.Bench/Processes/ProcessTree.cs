using System.Globalization;

namespace Parley.Bench.Processes;

/// <summary>CPU time and memory of processes and everything below them, read from /proc.</summary>
sealed class ProcessTree(params int[] roots)
{
    const double TicksPerSecond = 100;
    const double KilobytesPerMegabyte = 1024;

    /// <summary>User and system seconds so far, including children that have ended.</summary>
    public double CpuSeconds() => Members().Sum(stat => stat.Ticks) / TicksPerSecond;

    /// <summary>Peak resident megabytes. Pages that the processes share are counted once, not once a process.</summary>
    public double PeakMegabytes() => Megabytes("VmHWM:");

    /// <summary>Resident megabytes now, counted in the same way.</summary>
    public double ResidentMegabytes() => Megabytes("VmRSS:");

    double Megabytes(string measure)
    {
        var all = Members().Select(member => Memory.Of(member.Id, measure)).ToList();
        var shared = all.Select(memory => memory.Shared).DefaultIfEmpty().Max();
        var files = all.Select(memory => memory.Files).DefaultIfEmpty().Max();
        return (all.Sum(memory => memory.Own) + shared + files) / KilobytesPerMegabyte;
    }

    List<Stat> Members()
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? Stat.Of(id) : null)
            .OfType<Stat>()
            .ToList();
        var children = all.ToLookup(stat => stat.Parent);
        var found = all.Where(stat => roots.Contains(stat.Id)).ToList();
        for (var next = 0; next < found.Count; next++)
            found.AddRange(children[found[next].Id]);
        return found;
    }

    static string? ReadOrNothing(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null; // The process has ended in between.
        }
    }

    sealed record Stat(int Id, int Parent, long Ticks)
    {
        public static Stat? Of(int id)
        {
            if (ReadOrNothing($"/proc/{id}/stat") is not { } text)
                return null;
            // The name in parentheses may hold spaces; the fields after it are numbered from 3 in proc(5).
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(id, (int)Field(4), Field(14) + Field(15) + Field(16) + Field(17));

            long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Kilobytes of one process: those of the measure without the pages it shares, and those.</summary>
    sealed record Memory(long Own, long Shared, long Files)
    {
        public static Memory Of(int id, string measure)
        {
            var lines = ReadOrNothing($"/proc/{id}/status")?.Split('\n') ?? [];
            var (shared, files) = (Kilobytes("RssShmem:"), Kilobytes("RssFile:"));
            return new Memory(Math.Max(0, Kilobytes(measure) - shared - files), shared, files);

            long Kilobytes(string label)
            {
                var line = lines.FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal));
                return line is null ? 0 : long.Parse(line[label.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            }
        }
    }
}
