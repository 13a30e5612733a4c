using System.Globalization;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>A world under load whose server dies again and again, and the comparison at its end.</summary>
internal static class CrashRun
{
    private const int FewestForEach = 3;
    public static readonly TimeSpan Patience = Waiting.Patience;

    /// <summary>A number of rounds: the usual one, or what <c>./test crash --name N</c> says.</summary>
    public static int Rounds(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("PARLEY_CRASH_" + name), CultureInfo.InvariantCulture, out var rounds) ? rounds : usual;

    /// <summary>Runs the load, lets the server die that many times in the way given, which has to start it again, and returns what was broken.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(World world, int rounds, Func<Load, int, Task> die)
    {
        await using (var load = await Load.StartAsync(world))
        {
            await ProgressAsync(world, load, EverybodyAsync(world), "at the start");
            for (var round = 1; round <= rounds; round++)
            {
                await die(load, round);
            }

            await ProgressAsync(world, load, EverybodyAsync(world), "at the end");
            await load.StopSendingAsync();
            await load.CatchUpAsync();
        }

        await world.Server.KillAsync();
        var violations = await Audit.RunAsync(world);
        TestContext.Current.TestOutputHelper!.WriteLine($"{world.Ledger}; {violations.Count} violations");
        return violations;
    }

    /// <summary>Ends at a random moment under load; now and then only after everybody has found the server again.</summary>
    public static async Task ProgressAsync(World world, Load load, int round)
    {
        await ProgressAsync(world, load, round % 3 == 0 ? EverybodyAsync(world) : world.Ledger.Answered.MoreAsync(Random.Shared.Next(10, 300)), $"in round {round}");
        await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(30)), TimeProvider.System);
    }

    private static async Task ProgressAsync(World world, Load load, Task progress, string when)
    {
        try
        {
            await load.WhileAsync(progress).Within(Patience);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"No progress {when}. {await world.DescribeAsync()}", error);
        }
    }

    private static Task EverybodyAsync(World world) => Task.WhenAll(world.Members.Select(member => world.Ledger.AnsweredTo(member.Name).MoreAsync(FewestForEach)));
}
