using Parley.Core;
using Parley.Core.Turns;
using Parley.Tests.Storage.Conformance;
using Parley.Tests.Turns;

namespace Parley.Tests.Sessions;

/// <summary>What model calls used, added up, on both databases.</summary>
public abstract class SpendConformance(TestStore store) : Conformance(store)
{
    [Fact]
    public async Task Every_way_of_adding_up_comes_to_the_same_sum()
    {
        var turns = new TurnHouse(House);
        await turns.HostAsync("tesla");
        await turns.HostAsync("aaron");
        turns.Model.Always(_ => "Well.");
        foreach (var name in new[] { "tesla", "tesla", "aaron" })
        {
            await House.SayAsync(House.Owner, name, $"Hello {House.Now.Ticks}");
            await turns.RunAllAsync();
            House.Clock.Advance(TimeSpan.FromDays(1));
        }

        var spend = new ReadSpend(House.Database, House.Clock);
        foreach (var key in Enum.GetValues<SpendKey>())
        {
            var lines = await spend.RunAsync(House.Owner, key, 10, agent: null, 100, Ct);
            (lines.Sum(line => line.Usage.Total), lines.Sum(line => line.Calls), lines.Sum(line => line.Turns)).ShouldBe((330, 3, 3), key.ToString());
        }

        (await spend.RunAsync(House.Owner, SpendKey.Agent, 10, null, 100, Ct)).Select(line => (line.Key, line.Turns)).ShouldBe([("tesla", 2L), ("aaron", 1L)]);
        (await spend.RunAsync(House.Owner, SpendKey.Day, 10, "tesla", 100, Ct)).Select(line => line.Calls).ShouldBe([1L, 1L]);
        (await spend.RunAsync(House.Owner, SpendKey.Session, 10, "aaron", 100, Ct)).ShouldHaveSingleItem().Key.ShouldBe("agent:aaron:main");
        (await spend.RunAsync(House.Owner, SpendKey.Agent, 1, null, 100, Ct)).ShouldBeEmpty();
        await spend.RunAsync(House.Owner, SpendKey.Agent, 0, null, 100, Ct).RefusedAsync(ErrorCode.InvalidRequest);
        await spend.RunAsync(await House.AgentAsync("stranger"), SpendKey.Agent, 1, null, 100, Ct).RefusedAsync(ErrorCode.Forbidden);
    }
}

public sealed class SqliteSpendTests() : SpendConformance(new SqliteStore());

public sealed class PostgresSpendTests() : SpendConformance(new PostgresStore());
