using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Storage;
using Parley.Storage.Migrations;
using Parley.Storage.Sqlite;
using Parley.Tests.Storage.Conformance;

namespace Parley.Tests.Storage.SqlDoor;

/// <summary>Whoever polls the file's <c>agent_chat</c> by the last id or time it saw misses nothing, however late a person approves.</summary>
public sealed class SqlitePollingTests() : Conformance.Conformance(new SqliteStore())
{
    [Theory]
    [InlineData("id")]
    [InlineData("created_at")]
    public async Task Polling_sees_a_message_that_was_approved_late(string column)
    {
        await House.PairAsync();
        await House.HoldType.RunAsync(House.Owner, "request", on: true, Ct);
        var tesla = TestHouse.CallerOf((await House.Database.ReadAsync(unit => unit.Agents.FindAsync(House.Owner.OrganizationId, "tesla"), Ct))!);
        var seen = new List<string>();
        var last = column == "id" ? "0" : "''";
        var held = new List<Guid>();
        for (var round = 0; round < 4; round++)
        {
            await House.SayAsync(tesla, "agent_chat", $"before {round}");
            held.Add((await House.SendAsync(tesla, new SendInput { To = "agent_chat", Type = "request", Content = $"held {round}" })).Message.Id);
            await House.SayAsync(tesla, "agent_chat", $"after {round}");
            last = await PollAsync(column, last, seen);
            if (round % 2 == 1)
            {
                await House.Holds.ApproveAsync(House.Owner, held[round], null, Ct);
                last = await PollAsync(column, last, seen);
                await House.Holds.ApproveAsync(House.Owner, held[round - 1], null, Ct);
            }
        }

        last = await PollAsync(column, last, seen);
        seen.ShouldBe(
        [
            "before 0", "after 0", "before 1", "after 1", "held 1", "held 0", "before 2", "after 2", "before 3", "after 3", "held 3", "held 2",
        ]);

        // An id is given once, also after retention has deleted the message that had it.
        await ScriptAsync("delete from deliveries; delete from messages;");
        await House.SayAsync(tesla, "agent_chat", "new");
        seen.Clear();
        await PollAsync(column, last, seen);
        seen.ShouldBe(["new"]);
    }

    [Fact]
    public async Task What_was_said_before_keeps_its_number_and_what_was_held_then_comes_later()
    {
        using var folder = new TempFolder();
        await using var engine = new SqliteEngine(new StorageOptions { SqlitePath = folder["old.db"] }, TimeProvider.System);
        var steps = Migration.Embedded(Dialect.Sqlite);
        await new MigrationRunner(engine, [.. steps.Take(2)], TimeProvider.System).RunAsync(Ct);
        await engine.WriteAsync(
            async session =>
            {
                await session.ScriptAsync(
                    """
                    insert into organizations values (x'01', 'default', 31, 0);
                    insert into conversations (id, organization_id, kind, name, head, created_at) values (x'02', x'01', 'chat', 'agent_chat', 4, 0);
                    insert into messages (id, organization_id, conversation_id, number, sender_kind, sender_id, sender_name, sender_type, type, content, metadata, mentions, root_id, depth, withheld, verdict, created_at)
                    select x'03' || char(n), x'01', x'02', n, 'user', x'04', 'owner', '', 'chat', 'text ' || n, '{}', '[]', x'05', 0, case when n in (2, 4) then 'held' else 'no' end, 'accepted', n * 1000
                    from (select 1 as n union all select 2 union all select 3 union all select 4);
                    """);
                return 0;
            },
            Ct);
        await new MigrationRunner(engine, steps, TimeProvider.System).RunAsync(Ct);
        await engine.WriteAsync(
            async session =>
            {
                await session.ScriptAsync("update messages set withheld = 'no' where number = 2; update messages set withheld = 'no' where number = 4;");
                return 0;
            },
            Ct);
        (await engine.ReadAsync(session => session.ListAsync("select id || ' ' || message from agent_chat order by created_at, id", row => row.Text(0)), Ct))
            .ShouldBe(["1 text 1", "3 text 3", "5 text 2", "6 text 4"]);
    }

    private async Task<string> PollAsync(string column, string last, List<string> seen)
    {
        var rows = await House.Database.Engine.ReadAsync(
            session => session.ListAsync($"select message, {column} from agent_chat where {column} > {last} order by {column}", row => (Text: row.Text(0), Mark: column == "id" ? $"{row.Long(1)}" : $"'{row.Text(1)}'")), Ct);
        seen.AddRange(rows.Select(row => row.Text));
        return rows.Count > 0 ? rows[^1].Mark : last;
    }

    private Task<int> ScriptAsync(string sql) => House.Database.Engine.WriteAsync(
        async session =>
        {
            await session.ScriptAsync(sql);
            return 0;
        },
        Ct);
}
