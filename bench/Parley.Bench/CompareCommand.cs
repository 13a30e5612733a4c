using System.CommandLine;
using System.Text.Json;
using Parley.Bench.Report;
using Parley.Bench.Systems;
using Parley.Bench.Systems.Parley;
using Parley.Bench.Systems.Postgres;
using Parley.Bench.Systems.RabbitMq;
using Parley.Bench.Systems.Redis;
using Parley.Bench.Works;

namespace Parley.Bench;

/// <summary>`compare`: every chosen system through every chosen work, then one table on standard output.</summary>
static class CompareCommand
{
    const int Pairs = 50;
    const int Window = 16;
    const int Subscribers = 1000;

    static readonly Dictionary<string, Func<ParleyProgram, bool, ISystem>> Systems = new()
    {
        ["redis"] = (_, install) => new RedisSystem(install),
        ["rabbitmq"] = (_, install) => new RabbitMqSystem("rabbitmq", "classic", install),
        ["rabbitmq-quorum"] = (_, install) => new RabbitMqSystem("rabbitmq-quorum", "quorum", install),
        ["postgres"] = (_, install) => new PostgresSystem(install),
        ["parley"] = (program, _) => ParleySystem.OnSqlite("parley", program),
        ["parley-postgres"] = (program, install) => ParleySystem.OnPostgres("parley-postgres", program, install),
    };

    static readonly Dictionary<string, Func<IWork>> Works = new()
    {
        ["pairs"] = () => new PairsWork("pairs", Pairs, window: 1),
        ["pairs-window"] = () => new PairsWork("pairs-window", Pairs, Window),
        ["single"] = () => new SingleWork(),
        ["fanout"] = () => new FanoutWork(Subscribers, Window),
    };

    static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var systems = Chosen("--systems", "Systems to compare, the first is the one the others are related to.", Systems.Keys);
        var works = Chosen("--works", "Kinds of traffic.", Works.Keys);
        var seconds = Number("--seconds", "Recorded seconds of each run.", standard: 10, most: 600);
        var warmUp = Number("--warm-up", "Seconds before them, which are not recorded.", standard: 2, most: 600);
        var attempts = Number("--attempts", "Runs at most, while other programs take more than 5 % of the CPU; the least disturbed counts.", standard: 1, most: 20);
        var json = new Option<bool>("--json") { Description = "Print the results as JSON instead of a table." };
        var install = new Option<bool>("--install") { Description = "Install a missing Debian package with apt-get (as root)." };
        var parley = ParleyOption.Create();
        var before = new Option<string?>("--before") { Description = "Another build of Parley, compared first as 'parley-before'." };

        var command = new Command("compare", "Compare systems side by side.") { systems, works, seconds, warmUp, attempts, json, install, parley, before };
        command.SetAction(async (parsed, cancellation) =>
        {
            var runner = new Runner(TimeSpan.FromSeconds(parsed.GetValue(warmUp)), TimeSpan.FromSeconds(parsed.GetValue(seconds)), TimeProvider.System);
            var comparison = new Comparison(runner, parsed.GetValue(attempts));
            var complete = await comparison.RunAsync(
                [.. Before(parsed.GetValue(before)), .. Names(parsed, systems).Select(name => Systems[name](ParleyOption.Of(parsed, parley), parsed.GetValue(install)))],
                [.. Names(parsed, works).Select(name => Works[name])],
                cancellation);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(comparison.Results, JsonOptions) : Table.Of(comparison.Results));
            return complete ? 0 : 1;
        });
        return command;
    }

    static IEnumerable<ISystem> Before(string? path)
    {
        if (path is not null)
            yield return ParleySystem.OnSqlite("parley-before", new ParleyProgram(path));
    }

    static Option<int> Number(string name, string description, int standard, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var number && (number < 1 || number > most))
                result.AddError($"{name} must be from 1 to {most}.");
        });
        return option;
    }

    static Option<string> Chosen(string name, string description, IReadOnlyCollection<string> known)
    {
        var all = string.Join(',', known);
        var option = new Option<string>(name) { Description = $"{description} Comma-separated, of {all}.", DefaultValueFactory = _ => all };
        option.Validators.Add(result =>
        {
            foreach (var unknown in Split(result.GetValueOrDefault<string>()).Except(known))
                result.AddError($"{name}: there is no '{unknown}', only {all}.");
        });
        return option;
    }

    static string[] Names(ParseResult parsed, Option<string> option) => Split(parsed.GetValue(option));

    static string[] Split(string? list) => list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
