using System.Net;
using Npgsql;
using Parley.Client;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Server.Tests.Support;
using Parley.Storage;
using Parley.Storage.Migrations;

namespace Parley.Server.Tests.Nodes;

/// <summary>G9: nodes of two versions on one database. The newer one is this program with a migration more.</summary>
public sealed class UpgradeTests
{
    private static readonly string s_wider =
        $"""
        -- compatible from: {Migration.Newest}
        alter table messages add column tone text;
        alter table deliveries add column weight bigint not null default 0;
        create index messages_tone on messages (tone) where tone is not null;
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_a_newer_node_takes_the_place_of_one_of_two_everything_said_on_either_arrives_once_and_in_order()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var staying = await TestServer.StartVersionAsync(database.ConnectionString, Migration.Embedded);
        await using var leaving = await TestServer.StartVersionAsync(database.ConnectionString, Migration.Embedded);
        var (tesla, aaron) = (await staying.AgentAsync("tesla"), await staying.AgentAsync("aaron"));
        var house = new Talk(tesla, staying);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var talking = Task.Run(() => house.TalkAsync(stop.Token), Ct);
        await SayAsync(leaving, aaron, 20);

        using var owner = new ParleyClient(staying.Address, staying.OwnerSecret);
        await owner.Nodes.DrainAsync(await NameAsync(owner, leaving), Ct);
        await leaving.StopAsync();
        await using var newer = await TestServer.StartVersionAsync(database.ConnectionString, Newer(s_wider));
        (await ColumnsAsync(database.ConnectionString)).ShouldBe(2L, "the schema did not change: nothing is proven");
        await SayAsync(newer, aaron, 20);
        // One of the older version comes, as after a crash in the middle of the upgrade.
        await using (var again = await TestServer.StartVersionAsync(database.ConnectionString, Migration.Embedded))
        {
            await SayAsync(again, aaron, 20);
        }

        await stop.CancelAsync();
        var said = await talking.Within(TestSocket.Patience);
        said.ShouldBeGreaterThan(20);
        (await HeardAsync(newer, aaron)).ShouldBe(Enumerable.Range(1, said).Select(number => $"{number}"));
        (await HeardAsync(staying, tesla)).ShouldBe(Enumerable.Range(1, 60).Select(number => $"{((number - 1) % 20) + 1}"));
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(staying.Address, "/health/ready"), Ct)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_step_that_a_running_node_could_not_live_with_waits_until_that_node_is_gone_and_keeps_the_older_version_away()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var contracting = Newer("alter table conversations add column pace text");
        await using (var older = await TestServer.StartVersionAsync(database.ConnectionString, Migration.Embedded))
        {
            var refusal = await Should.ThrowAsync<ParleyError>(() => OpenAsync(database.ConnectionString, contracting));
            refusal.Message.ShouldContain($"still runs and knows migration {Migration.Newest}; it could not work with migration {Migration.Newest + 1}");
            refusal.Fix.ShouldStartWith("Stop that node first");
            await older.AgentAsync("tesla");
            await older.StopAsync();
        }

        await OpenAsync(database.ConnectionString, contracting);
        (await Should.ThrowAsync<ParleyError>(() => OpenAsync(database.ConnectionString, Migration.Embedded))).Fix.ShouldStartWith("Upgrade this program");
    }

    [Fact]
    public async Task A_node_that_was_lost_and_comes_back_to_a_schema_that_it_does_not_know_takes_no_more_writes()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var older = await TestServer.StartVersionAsync(database.ConnectionString, Migration.Embedded);
        var tesla = await older.AgentAsync("tesla");
        // As if nothing had been heard of it for long, held still or cut off: nobody waited for it.
        await ExecuteAsync(database.ConnectionString, $"insert into schema_migrations(number, name, applied_at, compatible_from) values ({Migration.Newest + 1}, 'newer', 0, {Migration.Newest + 1})");

        HttpStatusCode ready;
        using var http = new HttpClient();
        do
        {
            ready = (await http.GetAsync(new Uri(older.Address, "/health/ready"), Ct)).StatusCode;
        }
        while (ready == HttpStatusCode.OK);

        using var refused = await tesla.Http.PostAsync("/api/v1/messages", new { content = "too late" });
        refused.ShouldBe(HttpStatusCode.ServiceUnavailable, "storage_unavailable");
        refused.Body.ShouldContain("a newer Parley has changed the schema");
    }

    private static Func<Dialect, IReadOnlyList<Migration>> Newer(string sql) => dialect => [.. Migration.Embedded(dialect), new Migration(Migration.Newest + 1, "newer", sql)];

    private static async Task OpenAsync(string connectionString, Func<Dialect, IReadOnlyList<Migration>> migrations) =>
        await (await Database.OpenAsync(new StorageOptions { PostgresConnectionString = connectionString }, migrations, TimeProvider.System, Ct)).DisposeAsync();

    /// <summary>The name of a node, as soon as it has told of itself: that comes after its start.</summary>
    private static async Task<string> NameAsync(ParleyClient owner, TestServer node)
    {
        var address = node.Address.ToString().TrimEnd('/');
        using var patience = new CancellationTokenSource(TestSocket.Patience, TimeProvider.System);
        while (true)
        {
            if ((await owner.Nodes.ListAsync(patience.Token)).Items.SingleOrDefault(one => one.Address == address) is { } listed)
            {
                return listed.Name;
            }
        }
    }

    private static async Task SayAsync(TestServer server, TestAgent agent, int count)
    {
        using var http = server.Client(agent.Secret);
        for (var number = 1; number <= count; number++)
        {
            using var answer = await http.PostAsync("/api/v1/messages", new { content = $"{number}" });
            ((int)answer.Status).ShouldBeLessThan(300, answer.Body);
        }
    }

    /// <summary>What an agent has in its inbox, read on that node.</summary>
    private static async Task<List<string>> HeardAsync(TestServer server, TestAgent agent)
    {
        using var client = new ParleyClient(server.Address, agent.Secret);
        var heard = new List<string>();
        var cursor = "0";
        while (await client.Inbox.ReadAsync(cursor, limit: 200, cancellation: Ct) is { Items.Count: > 0 } page)
        {
            page.Items.Select(message => message.InboxNumber).ShouldBe(Enumerable.Range(heard.Count + 1, page.Items.Count).Select(number => (long?)number));
            heard.AddRange(page.Items.Select(message => message.Content!));
            cursor = page.Cursor;
        }

        return heard;
    }

    private static async Task<long> ColumnsAsync(string connectionString) =>
        (long)(await ExecuteAsync(connectionString, "select count(*) from information_schema.columns where column_name in ('tone', 'weight')"))!;

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }

    /// <summary>An agent that talks all the time.</summary>
    private sealed class Talk(TestAgent agent, TestServer server)
    {
        public async Task<int> TalkAsync(CancellationToken stopped)
        {
            using var http = server.Client(agent.Secret);
            var number = 0;
            while (!stopped.IsCancellationRequested)
            {
                using var answer = await http.PostAsync("/api/v1/messages", new { content = $"{number + 1}" });
                ((int)answer.Status).ShouldBeLessThan(300, answer.Body);
                number++;
            }

            return number;
        }
    }
}
