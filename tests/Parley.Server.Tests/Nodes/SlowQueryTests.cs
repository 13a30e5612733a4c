using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Parley.Client;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Organizations;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Nodes;

/// <summary>G16: all connections of two nodes are held by slow queries, and many more wait for them.</summary>
public sealed class SlowQueryTests
{
    private const string Slow = "select 1 from pg_sleep(30)";
    private const int AtOnce = 60;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Alone]
    public async Task While_slow_queries_hold_every_connection_a_halt_acts_on_both_nodes_within_two_seconds_and_the_pool_stays_bounded()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var here = await TestServer.StartNodeAsync(database.ConnectionString, TimeProvider.System, configure: null);
        await using var there = await TestServer.StartNodeAsync(database.ConnectionString, TimeProvider.System, configure: null);
        var tesla = await here.AgentAsync("tesla");
        using var owner = new ParleyClient(here.Address, here.OwnerSecret);
        var slow = new[] { here, there }.SelectMany(node => Enumerable.Range(0, AtOnce).SelectMany(_ => new[]
        {
            node.Database.Engine.ReadAsync(session => session.FirstAsync(Slow, row => row.Int(0)), Ct),
            node.Database.Engine.WriteAsync(session => session.FirstAsync(Slow, row => row.Int(0)), Ct),
        })).ToList();
        while (await AskAsync(database.ConnectionString, Held) < 32)
        {
            slow.ShouldAllBe(task => !task.IsCompleted);
        }

        var ordinary = there.Database.ReadAsync(unit => unit.Halts.ListAsync(), Ct);
        var began = TimeProvider.System.GetTimestamp();
        await owner.Halts.PullAsync(new HaltRequest("agent", "tesla", "stop"), Ct);
        var board = there.Services.GetRequiredService<HaltBoard>();
        while (board.Find(HaltScope.Agent, tesla.Id) is null)
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(s_limit);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        }

        ordinary.IsCompleted.ShouldBeFalse("an ordinary read came through: the connections were not held");
        (await AskAsync(database.ConnectionString, "select count(*) from pg_stat_activity where datname = current_database()")).ShouldBeLessThanOrEqualTo(2 * 20 + 1 + 2);
        await UntilOverAsync(database.ConnectionString, slow);
        (await Record.ExceptionAsync(() => ordinary)).ShouldSatisfyAllConditions(failure => (failure is null or ParleyError).ShouldBeTrue());
    }

    private const string Held = $"select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query = '{Slow}'";

    /// <summary>Ends the queries that run, and those that take their places.</summary>
    private static async Task UntilOverAsync(string connectionString, List<Task<int>> slow)
    {
        while (slow.Exists(task => !task.IsCompleted))
        {
            await AskAsync(connectionString, $"select count(pg_cancel_backend(pid)) from pg_stat_activity where datname = current_database() and query = '{Slow}' and state = 'active'");
        }

        slow.ShouldAllBe(task => task.IsFaulted);
    }

    private static async Task<long> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }
}
