using System.Globalization;
using System.Text;
using Parley.Bench.Report;

namespace Parley.Bench.Simulation;

/// <summary>Says what was measured, what is assumed and what follows.</summary>
static class SimulationReport
{
    const double SecondsADay = 86_400;
    const double Gigabyte = 1_000_000_000;

    /// <summary>NodeWakes rests five milliseconds after each notice.</summary>
    const double MostNoticesOfANode = 200;

    /// <summary>A second node is for the loss of the first.</summary>
    const int LeastNodes = 2;

    public static string Of(Outcome outcome)
    {
        var (plan, best) = (outcome.Plan, outcome.Best);
        var perDay = plan.Agents * (double)plan.MessagesADay;
        var nodes = outcome.Peaks.ConvertAll(peak => NodesFor(outcome, peak));
        var fullest = outcome.Peaks.Max();
        var largest = outcome.Tenants.MaxBy(tenant => tenant.Mean(plan))!;
        var text = new StringBuilder();
        text.AppendLine("Measured (one machine, all on it)").AppendLine(Table.Of(1, ["figure", "value"],
        [
            ["messages/s, highest of the runs", Number(best.Rate)],
            ["nodes in that run", Number(best.Nodes)],
            ["CPU of a node a message, us", Number(best.NodeMicrosecondsEach)],
            ["CPU of PostgreSQL a message, us", Number(best.DatabaseMicrosecondsEach)],
            ["bytes stored a message", Number(best.BytesEach)],
            ["bytes of log a message", Number(best.LogBytesEach)],
            ["sessions of a node", Number(best.ConnectionsPerNode)],
        ])).AppendLine();
        text.AppendLine("Assumed").AppendLine(Table.Of(1, ["figure", "value"],
        [
            ["agents", Number(plan.Agents)],
            ["messages of an agent a day", Number(plan.MessagesADay)],
            ["busiest hour, times the mean of an organization", Number(plan.Peak)],
            ["agents of the largest organization", Number(plan.Largest)],
            ["a database is filled to, percent of its capacity", Number(100 * plan.Load)],
            ["cores of a machine, as here", Number(Environment.ProcessorCount)],
        ])).AppendLine();
        text.AppendLine("Computed").AppendLine(Table.Of(1, ["figure", "value"],
        [
            ["messages a day", Number(perDay)],
            ["messages/s, mean of the day", Number(perDay / SecondsADay)],
            ["messages/s, sum of the databases' own peaks", Number(outcome.Peaks.Sum())],
            ["messages/s that one database takes on a machine of its own", Number(outcome.Capacity)],
            ["organizations", Number(outcome.Tenants.Count)],
            ["databases", Number(outcome.Databases.Count)],
            ["agents of a database, least and most", $"{Number(outcome.Databases.Min(Agents))} - {Number(outcome.Databases.Max(Agents))}"],
            ["organizations of a database, least and most", $"{Number(outcome.Databases.Min(one => one.Count))} - {Number(outcome.Databases.Max(one => one.Count))}"],
            ["fullest database at its peak, percent of its capacity", Number(100 * fullest / outcome.Capacity)],
            ["skew: fullest peak over mean peak", Table.Text("F2", fullest / outcome.Peaks.Average())],
            ["busiest organization alone at its peak, percent of a database", Number(100 * Peak(plan, largest) / outcome.Capacity)],
            ["nodes, each database at least two", Number(nodes.Sum())],
            ["sessions of PostgreSQL, each database at most", Number(nodes.Max() * best.ConnectionsPerNode)],
            ["notices/s (NOTIFY) of a database at most", Number(nodes.Max() * MostNoticesOfANode)],
            ["of them heard by all nodes together", Number(nodes.Max() * MostNoticesOfANode * nodes.Max())],
            ["GB stored a day, each database at most", Table.Text("F1", outcome.Databases.Max(one => one.Sum(tenant => tenant.Mean(plan))) * SecondsADay * best.BytesEach / Gigabyte)],
            ["MB/s of log to a standby, at the peak", Table.Text("F1", fullest * best.LogBytesEach / 1_000_000)],
        ])).AppendLine();
        text.AppendLine("One database is lost").Append(Table.Of(1, ["figure", "value"],
        [
            ["agents without service until its standby is promoted, percent at most", Table.Text("F1", 100.0 * outcome.Databases.Max(Agents) / plan.Agents)],
            ["organizations that notice, percent at most", Table.Text("F1", 100.0 * outcome.Databases.Max(one => one.Count) / outcome.Tenants.Count)],
            ["load that the others take over", "0"],
            ["messages refused meanwhile, of 15 s at its peak", Number(15 * fullest)],
            ["if its organizations were restored to the others instead: fullest, percent", Number(100 * Spread(outcome) / outcome.Capacity)],
        ]));
        return text.ToString();
    }

    static int Agents(List<Tenant> database) => database.Sum(tenant => tenant.Agents);

    /// <summary>Each node has a machine like this one, and is filled as a database is.</summary>
    static int NodesFor(Outcome outcome, double peak) =>
        Math.Max(LeastNodes, (int)Math.Ceiling(peak * outcome.Best.NodeMicrosecondsEach / 1_000_000 / (Environment.ProcessorCount * outcome.Plan.Load)));

    static double Peak(Plan plan, Tenant tenant) => tenant.At(plan, tenant.PeakHour);

    /// <summary>The fullest of the others, where each takes an equal part of the fullest one.</summary>
    static double Spread(Outcome outcome) => outcome.Databases.Count == 1
        ? 0
        : outcome.Peaks.Order().SkipLast(1).Max() + (outcome.Peaks.Max() / (outcome.Databases.Count - 1));

    static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
