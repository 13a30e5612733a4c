using System.CommandLine;
using Parley.Bench.Report;
using Parley.Bench.Simulation;
using Parley.Bench.Systems.Parley;

namespace Parley.Bench.Measures;

/// <summary>`simulate`: organizations placed on several databases, from what one database was measured to take.</summary>
static class SimulateMeasure
{
    public static Command Create()
    {
        var agents = Number("--agents", "Agents in all.", 1_000_000);
        var messages = Number("--messages", "Messages of an agent a day, on average.", 200);
        var peak = Number("--peak", "How many times its mean an organization sends at its busiest, up to 4.", 4, most: 4);
        var largest = Number("--largest", "Agents of the largest organization.", 20_000);
        var load = Number("--load", "How full a database may be at its own peak, in percent of what was measured.", 50, most: 100);
        var seed = Number("--seed", "Of the sizes and hours of the organizations.", 1);
        var figures = new Option<string?>("--figures") { Description = "Results of `nodes --json`; without it one node is measured first." };
        var install = new Option<bool>("--install") { Description = "Install PostgreSQL with apt-get where it is missing (as root)." };
        var parley = ParleyOption.Create();
        var command = new Command("simulate", "A million agents over several databases: load, skew, connections, loss of a database.") { agents, messages, peak, largest, load, seed, figures, install, parley };
        command.SetAction(async (parsed, cancellation) =>
        {
            IReadOnlyList<NodesFigures> measured = parsed.GetValue(figures) is { } file
                ? NodesMeasure.Read(file)
                : [await NodesMeasure.RunAsync(nodes: 1, window: 16, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(10), ParleyOption.Of(parsed, parley), parsed.GetValue(install), cancellation)];
            await NodesMeasure.WarnAsync(measured);
            var plan = new Plan(parsed.GetValue(agents), parsed.GetValue(messages), parsed.GetValue(peak), parsed.GetValue(largest), parsed.GetValue(load) / 100.0, parsed.GetValue(seed));
            Console.WriteLine(SimulationReport.Of(Placement.Run(plan, measured)));
            return 0;
        });
        return command;
    }

    static Option<int> Number(string name, string description, int standard, int most = int.MaxValue)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var number && (number < 1 || number > most))
                result.AddError($"{name} must be from 1 to {most}.");
        });
        return option;
    }
}
