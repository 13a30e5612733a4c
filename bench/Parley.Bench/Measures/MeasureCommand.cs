using System.CommandLine;
using Parley.Bench.Systems.Parley;

namespace Parley.Bench.Measures;

/// <summary>A command that measures Parley alone, and prints one table.</summary>
static class MeasureCommand
{
    public static Command Create(string name, string description, Option<int> size, Func<ParleySystem, int, CancellationToken, Task<string>> measure)
    {
        var parley = ParleyOption.Create();
        var command = new Command(name, description) { size, parley };
        command.SetAction(async (parsed, cancellation) =>
        {
            var program = ParleyOption.Of(parsed, parley);
            await program.BuildAsync(cancellation);
            Console.WriteLine(await measure(ParleySystem.OnSqlite("parley", program), parsed.GetValue(size), cancellation));
            return 0;
        });
        return command;
    }

    public static Option<int> Size(string name, string description, int standard) => new(name) { Description = description, DefaultValueFactory = _ => standard };
}
