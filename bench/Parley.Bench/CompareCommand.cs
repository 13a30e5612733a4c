using System.CommandLine;
using System.Text.Json;
using Parley.Bench.Report;
using Parley.Bench.Systems;
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

    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    static readonly Dictionary<string, Func<bool, ISystem>> Systems = new()
    {
        ["redis"] = install => new RedisSystem(install),
        ["rabbitmq"] = install => new RabbitMqSystem("rabbitmq", "classic", install),
        ["rabbitmq-quorum"] = install => new RabbitMqSystem("rabbitmq-quorum", "quorum", install),
        ["postgres"] = install => new PostgresSystem(install),
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
        var seconds = new Option<int>("--seconds") { Description = "Recorded seconds of each run, after 2 s of warm-up.", DefaultValueFactory = _ => 10 };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 600)
                result.AddError("--seconds must be from 1 to 600.");
        });
        var json = new Option<bool>("--json") { Description = "Print the results as JSON instead of a table." };
        var install = new Option<bool>("--install") { Description = "Install a missing Debian package with apt-get (as root)." };

        var command = new Command("compare", "Compare systems side by side.") { systems, works, seconds, json, install };
        command.SetAction(async (parsed, cancellation) =>
        {
            var runner = new Runner(WarmUp, TimeSpan.FromSeconds(parsed.GetValue(seconds)), TimeProvider.System);
            var chosen = Names(parsed, systems).Select(name => Systems[name](parsed.GetValue(install))).ToList();
            var (results, failures) = await RunAllAsync(runner, chosen, Names(parsed, works), cancellation);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(results, JsonOptions) : Table.Of(results));
            return failures == 0 ? 0 : 1;
        });
        return command;
    }

    static async Task<(List<Result> Results, int Failures)> RunAllAsync(
        Runner runner, List<ISystem> systems, string[] works, CancellationToken cancellation)
    {
        var results = new List<Result>();
        var failures = 0;
        foreach (var work in works)
        {
            foreach (var system in systems)
            {
                await Console.Error.WriteLineAsync($"{work}: {system.Name} ...");
                try
                {
                    var result = await runner.RunAsync(system, Works[work](), cancellation);
                    results.Add(result);
                    await Console.Error.WriteLineAsync($"{work}: {system.Name} {result.Rate:N0}/s, p50 {result.P50Milliseconds:F3} ms, p99 {result.P99Milliseconds:F3} ms");
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    failures++;
                    await Console.Error.WriteLineAsync($"{work}: {system.Name} failed: {failure.Message}");
                }
            }
        }

        return (results, failures);
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
