using System.Globalization;

namespace Parley.Bench.Processes;

/// <summary>The CPU time of everything that runs on this machine, to notice when something else took part of it.</summary>
static class Machine
{
    const double TicksPerSecond = 100;
    const int Idle = 3;
    const int WaitingForDisk = 4;
    const int Fields = 8; // What follows is counted in these already; see proc(5).

    public static double BusySeconds()
    {
        var total = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(Fields)
            .Where((_, field) => field is not (Idle or WaitingForDisk))
            .Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture));
        return total / TicksPerSecond;
    }
}
