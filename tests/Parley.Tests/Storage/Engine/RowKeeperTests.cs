using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Maintenance;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Storage;
using Parley.Storage.Sqlite;
using Parley.Tests.Storage.Conformance;

namespace Parley.Tests.Storage.Engine;

/// <summary>What SQLite's writer keeps in memory is what the database holds, whatever happens between two looks at it.</summary>
public sealed class RowKeeperTests : IAsyncLifetime
{
    private const int Batches = 12;
    private const int BatchSize = 40;
    private static readonly string[] Names = ["ada", "bea", "cyd"];

    private readonly SqliteStore store = new();
    private readonly List<Caller> agents = [];
    private readonly Dictionary<(string, string), Link> links = [];
    private TestHouse house = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        house = await TestHouse.OpenAsync(store);
        foreach (var name in Names)
        {
            agents.Add(await house.AgentAsync(name));
        }

        await LinkAsync(0, 1);
        await LinkAsync(1, 2);
    }

    public async ValueTask DisposeAsync()
    {
        await house.DisposeAsync();
        await store.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_is_changed_in_between_a_send_sees_what_the_database_holds(int seed)
    {
        var random = new Random(seed);
        for (var batch = 0; batch < Batches; batch++)
        {
            // In one group commit, then across several, then with a stranger writing in between.
            var (begun, written, release) = house.Database.Engine.Hold();
            await begun;
            var together = Enumerable.Range(0, BatchSize).Select(_ => StepAsync(random)).ToList();
            release.Set();
            await written;
            await Task.WhenAll(together);
            await StepAsync(random);
            await CompareAsync();
            ChangeFromOutside(random);
            house.Clock.Advance(TimeSpan.FromMinutes(random.Next(90)));
        }

        var counted = await house.Database.Engine.ReadAsync(
            session => session.ListAsync("select head, (select count(*) from messages where conversation_id = c.id) from conversations c", row => (row.Long(0), row.Long(1))), Ct);
        counted.ShouldAllBe(pair => pair.Item1 == pair.Item2);
        counted.Sum(pair => pair.Item1).ShouldBeGreaterThan(Batches);
        (await house.Database.Inspector.InspectAsync(Ct)).Where(finding => finding.Check is "inbox_numbers" or "acknowledged").ShouldAllBe(finding => finding.Status == FindingStatus.Ok);
    }

    [Fact]
    public async Task A_link_that_another_process_switches_off_carries_no_more_messages()
    {
        await house.SayAsync(agents[0], "bea", "one");
        Outside("update links set enabled = 0");
        await house.SayAsync(agents[0], "bea", "two").RefusedAsync(ErrorCode.NotLinked);
        Outside("update links set enabled = 1; update link_states set credits_remaining = 7");
        (await house.SayAsync(agents[0], "bea", "three")).Message.CreditsLeft.ShouldBe(6);
    }

    [Fact]
    public async Task A_trigger_that_another_process_adds_is_noticed()
    {
        await house.SayAsync(agents[0], "bea", "one");
        Outside("create trigger off after insert on messages begin update links set enabled = 0; end");
        await house.SayAsync(agents[0], "bea", "two");
        await house.SayAsync(agents[0], "bea", "three").RefusedAsync(ErrorCode.NotLinked);
    }

    [Fact]
    public async Task A_trigger_that_a_script_adds_is_noticed_in_the_same_unit()
    {
        await house.SayAsync(agents[0], "bea", "one");
        var enabled = await house.Database.Engine.WriteAsync(
            async session =>
            {
                var unit = new UnitOfWork(session, writing: true);
                await session.ScriptAsync("create trigger off after update on users begin update links set enabled = 0; end");
                var before = await unit.Conversations.FindPeersAsync(agents[0].OrganizationId, agents[0].Id, "bea");
                await session.ExecuteAsync("update users set name = name");
                var after = await unit.Conversations.FindPeersAsync(agents[0].OrganizationId, agents[0].Id, "bea");
                return (before!.Link!.Settings.Enabled, after!.Link!.Settings.Enabled);
            },
            Ct);
        enabled.ShouldBe((true, false));
    }

    private async Task LinkAsync(int one, int other) =>
        links[(Names[one], Names[other])] = await house.LinkAsync(agents[one], agents[other], new LinkSettings(MessagesPerWindow: 20, WindowHours: 1, DebounceSeconds: 0));

    /// <summary>One thing that may happen; what is refused is as good as what is done.</summary>
    private async Task StepAsync(Random random)
    {
        var one = random.Next(Names.Length);
        var (other, link, number, flag) = ((one + 1 + random.Next(2)) % Names.Length, links.Values.ElementAt(random.Next(links.Count)), random.Next(1, 30), random.Next(3) > 0);
        try
        {
            await (random.Next(13) switch
            {
                0 => house.EditLink.RunAsync(house.Owner, link.Id, settings => settings with { Enabled = flag }, Ct),
                1 => house.EditLink.RunAsync(house.Owner, link.Id, settings => settings with { MessagesPerWindow = number, Hold = !flag }, Ct),
                2 => new SetFeatures(house.Database, house.Clock).RunAsync(house.Owner, _ => flag ? Features.All : Features.None, Ct),
                3 => house.Acknowledge.RunAsync(agents[one], number, Ct),
                4 => FailAsync(agents[one], link, flag),
                5 => house.SayAsync(agents[one], "#general", $"{number}"),
                6 => CompareAsync(),
                7 => house.ReleaseDeferred.RunOnceAsync(Ct),
                8 => RenameAsync(agents[one], flag),
                _ => house.SayAsync(agents[one], Names[other], $"{number}"),
            });
        }
        catch (ParleyError)
        {
        }
        catch (InvalidOperationException failure) when (failure.Message == "undone")
        {
        }
    }

    /// <summary>Changes what a send looks at, looks at it, and fails.</summary>
    private Task<int> FailAsync(Caller agent, Link link, bool flag) => house.Database.WriteAsync<int>(
        async unit =>
        {
            unit.Links.Update(link.Id, new LinkSettings(MessagesPerWindow: 1, Enabled: flag));
            unit.Organizations.SetFeatures(agent.OrganizationId, Features.None);
            _ = unit.Deliveries.AcknowledgeAsync(agent.Id, 1, default);
            await unit.Conversations.NextNumberAsync(link.ConversationId);
            await unit.Conversations.FindPeersAsync(agent.OrganizationId, link.AgentA, Names[1]);
            if (await unit.Links.StateAsync(link.Id) is { } state)
            {
                unit.Links.SaveState(state with { CreditsRemaining = 0, Waiting = 5 });
            }

            throw new InvalidOperationException("undone");
        },
        Ct);

    private Task<int> RenameAsync(Caller agent, bool flag) => house.Database.Engine.WriteAsync(
        session => session.ExecuteAsync("update agents set type = $2, hold = $3 where id = $1", agent.Id, flag ? "a" : "b", !flag), Ct);

    private async Task CompareAsync()
    {
        var differences = await house.Database.Engine.WriteAsync(
            async session =>
            {
                var found = new List<string>();
                var (kept, plain) = (new UnitOfWork(session, writing: true), new UnitOfWork(new PlainSession(session), writing: true));
                session.Keeper.ShouldNotBeNull();
                foreach (var agent in agents)
                {
                    foreach (var name in Names)
                    {
                        var (one, other) = (await kept.Conversations.FindPeersAsync(agent.OrganizationId, agent.Id, name), await plain.Conversations.FindPeersAsync(agent.OrganizationId, agent.Id, name));
                        Compare(found, one, other);
                    }

                    Compare(found, await kept.Agents.InboxAsync(agent.Id), await plain.Agents.InboxAsync(agent.Id));
                }

                foreach (var link in links.Values)
                {
                    Compare(found, await kept.Links.StateAsync(link.Id), await plain.Links.StateAsync(link.Id));
                }

                return found;
            },
            Ct);
        differences.ShouldBeEmpty();
    }

    private static void Compare<T>(List<string> differences, T kept, T held)
    {
        if (!Equals(kept, held))
        {
            differences.Add($"kept {kept}, held {held}");
        }
    }

    private void ChangeFromOutside(Random random) => Outside(random.Next(4) switch
    {
        0 => "update links set enabled = 1, messages_per_window = 15",
        1 => "update link_states set credits_remaining = 3",
        2 => "update agents set hold = 0",
        _ => "update organizations set features = 31",
    });

    private void Outside(string sql)
    {
        using var connection = new SqliteConnection(store.File, readOnly: false);
        connection.Script("pragma busy_timeout = 5000; " + sql);
    }

    /// <summary>Asks the database each time.</summary>
    private sealed class PlainSession(Session session) : Session
    {
        public override Dialect Dialect => session.Dialect;

        public override ValueTask<T?> FirstAsync<T>(string sql, Func<Row, T> map, params object?[] args)
            where T : default => session.FirstAsync(sql, map, args);

        public override ValueTask<List<T>> ListAsync<T>(string sql, Func<Row, T> map, params object?[] args) => session.ListAsync(sql, map, args);

        public override ValueTask<int> ExecuteAsync(string sql, params object?[] args) => session.ExecuteAsync(sql, args);

        public override void Queue(string sql, params object?[] args) => session.Queue(sql, args);

        public override Later<T> Ahead<T>(string sql, Func<Row, T> map, params object?[] args) => session.Ahead(sql, map, args);

        public override ValueTask ScriptAsync(string sql) => session.ScriptAsync(sql);
    }
}
