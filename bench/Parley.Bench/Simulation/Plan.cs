namespace Parley.Bench.Simulation;

/// <summary>What the simulation assumes.</summary>
/// <param name="Agents">Agents in all.</param>
/// <param name="MessagesADay">Messages of an agent a day, on average; each has one recipient that acknowledges it.</param>
/// <param name="Peak">How many times its mean an organization sends in its busiest hour.</param>
/// <param name="Largest">Agents of the largest organization.</param>
/// <param name="Load">How full a database may be at its own peak: the rest is for what was not foreseen.</param>
/// <param name="Seed">Of the sizes and hours.</param>
sealed record Plan(int Agents, int MessagesADay, int Peak, int Largest, double Load, int Seed);

/// <summary>An organization: the unit that is placed.</summary>
/// <param name="Agents">Its size.</param>
/// <param name="Activity">How much its agents send, beside the average of 1.</param>
/// <param name="PeakHour">When it sends most, UTC.</param>
sealed record Tenant(int Agents, double Activity, double PeakHour)
{
    const double HoursADay = 24;
    const double SecondsADay = 86_400;

    /// <summary>Messages a second, on average over the day.</summary>
    public double Mean(Plan plan) => Agents * Activity * plan.MessagesADay / SecondsADay;

    /// <summary>Messages a second at an hour: a bell around its peak over an even base, with the mean of the day kept.</summary>
    public double At(Plan plan, double hour)
    {
        var distance = Math.Abs(((hour - PeakHour + (1.5 * HoursADay)) % HoursADay) - (HoursADay / 2));
        return Mean(plan) * Shape(plan.Peak, distance);
    }

    /// <summary>
    /// A share of the day's messages falls into working hours, as a bell of two hours to each side; the rest is spread evenly. The share is such that the top of the bell is the peak.
    /// </summary>
    static double Shape(double peak, double distance)
    {
        const double Width = 2;
        var bell = HoursADay / (Width * Math.Sqrt(2 * Math.PI));
        var share = Math.Clamp((peak - 1) / (bell - 1), 0, 1);
        return 1 - share + (share * bell * Math.Exp(-distance * distance / (2 * Width * Width)));
    }
}
