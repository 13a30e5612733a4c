using Parley.Core.Messages;
using Parley.Storage;
using Parley.Storage.Migrations;
using Parley.Storage.Postgres;

namespace Parley.Tests.Storage.SqlDoor;

public sealed class ChatLogTests
{
    [Fact]
    public async Task What_was_said_before_the_door_was_built_is_in_it_under_its_number()
    {
        await using var postgres = await PostgresServer.CreateDatabaseAsync();
        await using var engine = await PostgresEngine.OpenAsync(new StorageOptions { PostgresConnectionString = postgres.ConnectionString }, TimeProvider.System, DoorRig.Ct);
        var steps = Migration.Embedded(Dialect.Postgres);
        await new MigrationRunner(engine, [steps[0]], TimeProvider.System).RunAsync(DoorRig.Ct);
        await engine.WriteAsync(
            async session =>
            {
                await session.ScriptAsync(
                    """
                    insert into organizations values (gen_random_uuid(), 'default', 31, 0);
                    insert into conversations (id, organization_id, kind, name, created_at) select gen_random_uuid(), id, kind, kind, 0 from organizations, unnest(array['chat', 'direct']) kind;
                    insert into messages (id, organization_id, conversation_id, number, sender_kind, sender_id, sender_name, sender_type, type, content, metadata, mentions, root_id, depth, withheld, verdict, created_at)
                    select gen_random_uuid(), organization_id, id, n, 'user', gen_random_uuid(), 'owner', '', 'chat', kind || n, '{}', '["a"]', gen_random_uuid(), 0, 'no', 'accepted', 1000
                    from conversations, generate_series(1, 3) n;
                    """);
                return 0;
            },
            DoorRig.Ct);
        await new MigrationRunner(engine, steps, TimeProvider.System).RunAsync(DoorRig.Ct);
        (await engine.ReadAsync(session => session.ListAsync("select id || sender || message || mentions[1] || (created_at > timestamptz 'epoch') from agent_chat order by created_at", row => row.Text(0)), DoorRig.Ct))
            .ShouldBe(["1ownerchat1atrue", "2ownerchat2atrue", "3ownerchat3atrue"]);
    }

    [Fact]
    public async Task What_retention_deletes_leaves_the_table_and_its_id_is_never_given_again()
    {
        await using var rig = await DoorRig.CreateAsync();
        var role = await rig.LinkedAsync("tesla", "aaron");
        foreach (var text in new[] { "one", "two" })
        {
            await rig.Send.RunAsync(rig.Owner, new SendInput { To = "agent_chat", Content = text }, DoorRig.Ct);
        }

        await rig.ConnectAsOwner().RunAsync("delete from messages");
        (await role.ListAsync<long>("select id from agent_chat")).ShouldBeEmpty();
        await rig.Send.RunAsync(rig.Owner, new SendInput { To = "agent_chat", Content = "three" }, DoorRig.Ct);
        (await role.ListAsync<long>("select id from agent_chat")).ShouldBe([3]);
    }

    [Fact]
    public async Task Times_never_run_backwards_whatever_the_clock_of_the_sender()
    {
        await using var rig = await DoorRig.CreateAsync();
        var role = await rig.LinkedAsync("tesla", "aaron");
        foreach (var hours in new[] { 0, -1, 1, 0 })
        {
            var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow().AddHours(hours));
            await new SendMessage(rig.Database, new Router(rig.Board), rig, clock).RunAsync(rig.Owner, new SendInput { To = "agent_chat", Content = "x" }, DoorRig.Ct);
        }

        (await role.ListAsync<long>("select id from agent_chat order by created_at")).ShouldBe([1, 2, 3, 4]);
        (await role.ScalarAsync<long>("select count(distinct created_at) from agent_chat")).ShouldBe(4);
    }

    [Fact]
    public async Task Who_listens_hears_of_an_insert_also_after_the_connection_was_cut()
    {
        await using var rig = await DoorRig.CreateAsync();
        var role = await rig.LinkedAsync("tesla", "aaron");
        using var stop = new CancellationTokenSource();
        var heard = new SemaphoreSlim(0);
        var listening = new ChatNotices(rig.ConnectionString, TimeProvider.System).RunAsync(() => heard.Release(), stop.Token);
        var patience = Waiting.Patience;
        (await heard.WaitAsync(patience, DoorRig.Ct)).ShouldBeTrue();
        await role.SayAsync("tesla", "one", "aaron");
        (await heard.WaitAsync(patience, DoorRig.Ct)).ShouldBeTrue();
        await rig.ConnectAsOwner().RunAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen parley_chat'");
        (await heard.WaitAsync(patience, DoorRig.Ct)).ShouldBeTrue();
        await role.SayAsync("tesla", "two", "aaron");
        (await heard.WaitAsync(patience, DoorRig.Ct)).ShouldBeTrue();
        await stop.CancelAsync();
        await listening.Within(patience);
    }

    [Fact]
    public async Task A_restore_fills_the_table_anew_and_ends_the_roles()
    {
        await using var rig = await DoorRig.CreateAsync();
        var role = await rig.LinkedAsync("tesla", "aaron");
        var owner = rig.ConnectAsOwner();
        foreach (var text in new[] { "one", "two" })
        {
            await rig.Send.RunAsync(rig.Owner, new SendInput { To = "agent_chat", Content = text }, DoorRig.Ct);
        }

        await role.SayAsync("tesla", "waits", "aaron");
        // As a restore does it: everything is deleted without triggers, then inserted with them.
        await owner.RunAsync(
            """
            begin;
            set constraints all deferred;
            create temp table saved_organizations on commit drop as select * from organizations;
            create temp table saved_messages on commit drop as select * from messages;
            set local session_replication_role = replica;
            delete from messages;
            delete from organizations;
            set local session_replication_role = origin;
            insert into organizations select * from saved_organizations;
            insert into messages select * from saved_messages where number = 2;
            commit;
            """);
        (await owner.ListAsync<string>("select id || message from agent_chat")).ShouldBe(["2two"]);
        (await owner.ScalarAsync<long>("select count(*) from parley_sql.chat_inbox")).ShouldBe(0);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => role.RunAsync("select * from agent_chat"));
        (await (await rig.ConnectAsync("tesla")).ListAsync<string>("select message from agent_chat")).ShouldBe(["two"]);
    }
}
