using Parley.Bench.Measures;

namespace Parley.Bench.Simulation;

/// <summary>
/// Organizations are drawn, each is put on the database that is then least full, the largest first, and the day is gone through in steps of five minutes. A database takes what one PostgreSQL was measured to take.
/// </summary>
static class Placement
{
    const int Steps = 288;
    const double HoursADay = 24;
    const int SmallestOrganization = 2;

    /// <summary>Few organizations are large: of a Pareto distribution with this exponent the largest tenth has about half of the agents.</summary>
    const double Tail = 1.2;

    /// <summary>Spread of how busy organizations are: one in six is twice as busy as the average one, one in six half as busy.</summary>
    const double Spread = 0.7;

    public static Outcome Run(Plan plan, IReadOnlyList<NodesFigures> measured)
    {
        var best = measured.MaxBy(run => run.Rate)!;
        var capacity = Capacity(best);
        var random = new Random(plan.Seed);
        var tenants = Draw(plan, random);
        var count = 1;
        while (true)
        {
            var databases = Place(plan, tenants, count);
            var peak = databases.Max(database => Peak(plan, database));
            if (peak <= plan.Load * capacity || count >= tenants.Count)
                return new Outcome(plan, best, measured, capacity, tenants, databases, [.. databases.Select(database => Peak(plan, database))]);
            count = Math.Max(count + 1, (int)(count * Math.Min(2, peak / (plan.Load * capacity))));
        }
    }

    /// <summary>
    /// Where the machine was full it was shared: on one of its own, with as many cores, PostgreSQL has the CPU that nodes and generator had, at the same cost a message. Where it was not full, waiting was the limit,
    /// and no more than was measured is assumed.
    /// </summary>
    static double Capacity(NodesFigures run)
    {
        var busy = run.NodesShare + run.DatabaseShare + run.GeneratorShare + run.OtherShare;
        return busy < 0.9 || run.DatabaseShare <= 0 ? run.Rate : run.Rate / run.DatabaseShare * 0.9;
    }

    static List<Tenant> Draw(Plan plan, Random random)
    {
        var tenants = new List<Tenant> { Next(plan.Largest) };
        for (var left = plan.Agents - plan.Largest; left > 0; left -= tenants[^1].Agents)
        {
            var size = (int)Math.Min(plan.Largest, SmallestOrganization / Math.Pow(1 - random.NextDouble(), 1 / Tail));
            tenants.Add(Next(Math.Min(left, size)));
        }

        // The mean of all is what was asked for, whatever was drawn.
        var sent = tenants.Sum(tenant => tenant.Agents * tenant.Activity) / tenants.Sum(tenant => (double)tenant.Agents);
        return [.. tenants.Select(tenant => tenant with { Activity = tenant.Activity / sent })];

        Tenant Next(int agents) => new(agents, Math.Exp(Spread * Normal(random)), (14 + (Normal(random) * 5) + 24) % 24);
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    static List<List<Tenant>> Place(Plan plan, List<Tenant> tenants, int count)
    {
        var databases = Enumerable.Range(0, count).Select(_ => new List<Tenant>()).ToList();
        var emptiest = new PriorityQueue<int, double>(databases.Select((_, index) => (index, 0.0)));
        foreach (var tenant in tenants.OrderByDescending(tenant => tenant.Mean(plan)))
        {
            emptiest.TryDequeue(out var index, out var load);
            databases[index].Add(tenant);
            emptiest.Enqueue(index, load + tenant.Mean(plan));
        }

        return databases;
    }

    /// <summary>Messages a second at the busiest time of its day.</summary>
    static double Peak(Plan plan, List<Tenant> database)
    {
        // Tenants with the same peak hour, to a quarter, have the same shape.
        var shapes = database.GroupBy(tenant => Math.Round(tenant.PeakHour * 4) / 4).Select(group => new Tenant(1, group.Sum(tenant => tenant.Agents * tenant.Activity), group.Key)).ToList();
        return Enumerable.Range(0, Steps).Max(step => shapes.Sum(shape => shape.At(plan, step * HoursADay / Steps)));
    }
}

/// <summary>What came out.</summary>
sealed record Outcome(
    Plan Plan, NodesFigures Best, IReadOnlyList<NodesFigures> Measured, double Capacity, List<Tenant> Tenants, List<List<Tenant>> Databases, List<double> Peaks);
