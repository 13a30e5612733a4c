using Npgsql;
using Parley.Core.Channels;
using Parley.Core.Halts;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.SqlDoor;

public sealed class SqlSenderTests
{
    [Fact]
    public async Task A_role_speaks_for_its_agent_alone()
    {
        await using var rig = await DoorRig.CreateAsync();
        var tesla = await rig.LinkedAsync("tesla", "aaron");
        foreach (var stranger in new[] { "aaron", "nobody", "", "tesla2" })
        {
            var refusal = await tesla.SayAsync(stranger, "hello", "aaron").RefusedAsync("forbidden");
            refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
            refusal.Hint!.ShouldContain("tesla");
        }

        await rig.ConnectAsOwner().SayAsync("tesla", "hello", "aaron").RefusedAsync("forbidden");
        (await rig.ConnectAsOwner().ScalarAsync<long>("select count(*) from parley_sql.chat_inbox")).ShouldBe(0);
        await tesla.SayAsync("TESLA", "one", "aaron");
        await tesla.RunAsync("insert into agent_chat (message) values ('two')");
        await rig.TakeAsync();
        (await tesla.ListAsync<string>("select sender || message from agent_chat order by id")).ShouldBe(["teslaone", "teslatwo"]);
    }

    [Fact]
    public async Task A_role_can_use_nothing_but_its_views()
    {
        await using var rig = await DoorRig.CreateAsync();
        var tesla = await rig.LinkedAsync("tesla", "aaron");
        var aaron = await rig.IssueAsync("aaron");
        var owner = rig.ConnectAsOwner();
        foreach (var table in await owner.ListAsync<string>("select format('%I.%I', relnamespace::regnamespace, relname) from pg_class where relkind in ('r', 'p', 'v', 'S') and relnamespace in ('public'::regnamespace, 'parley_sql'::regnamespace)"))
        {
            await DeniedAsync(tesla, $"select * from {table}");
        }

        string[] others =
        [
            "update agent_chat set message = 'x'", "delete from agent_chat", "truncate agent_chat", "insert into public.messages default values",
            "insert into agent_messages (content) values ('x')", "insert into agent_chat_refused (message) values ('x')",
            $"set role \"{aaron.Role.Name}\"", "set role parley", "set session authorization parley", "create table x (id int)", "create temp table x (id int)",
            "create table public.x (id int)", "create schema x", "create role x", "alter role current_user createrole", "select public.parley_open_door(gen_random_uuid())::text from public.store",
            "create trigger x instead of insert on agent_chat for each row execute function public.parley_insert_chat()", "copy agent_chat to program 'true'", "select lo_create(0)", "select lo_from_bytea(0, 'x')", "select pg_read_file('PG_VERSION')",
            "create function pg_temp.f() returns int language sql as 'select 1'",
        ];
        foreach (var statement in others)
        {
            await DeniedAsync(tesla, statement);
        }
    }

    [Fact]
    public async Task A_role_sees_only_its_own_organization_and_in_agent_messages_only_its_channels()
    {
        await using var rig = await DoorRig.CreateAsync();
        var tesla = await rig.LinkedAsync("tesla", "aaron");
        var boss = await rig.AddOrganizationAsync("other");
        await rig.AddAgentAsync("spy", boss);
        await rig.AddAgentAsync("tesla", boss);
        await rig.LinkAsync("spy", "tesla", person: boss);
        var spy = await rig.ConnectAsync("spy", boss);
        await tesla.SayAsync("tesla", "secret", "aaron");
        await spy.SayAsync("spy", "other", "tesla");
        await spy.SayAsync("spy", "nobody", "aaron").RefusedAsync("unknown_recipient");
        await rig.TakeAsync();
        (await spy.ListAsync<string>("select id || message from agent_chat")).ShouldBe(["1other"]);
        (await tesla.ListAsync<string>("select id || message from agent_chat")).ShouldBe(["1secret"]);

        await new CreateChannel(rig.Database, TimeProvider.System).RunAsync(rig.Owner, null, "ops", DoorRig.Ct);
        await rig.Send.RunAsync(rig.Owner, new SendInput { To = "#general", Content = "for all", Type = "status" }, DoorRig.Ct);
        await rig.Send.RunAsync(rig.Owner, new SendInput { To = "#ops", Content = "for few" }, DoorRig.Ct);
        (await tesla.ListAsync<string>("select content || message_type from agent_messages")).ShouldBe(["for allstatus"]);
        (await spy.ListAsync<string>("select content from agent_messages")).ShouldBeEmpty();
        (await rig.ConnectAsOwner().ListAsync<string>("select content from agent_messages order by created_at")).ShouldBe(["for all", "for few"]);
        // What stands in another row is not told by an error of the reader's own condition.
        (await spy.ListAsync<string>("select message from agent_chat where 1 / (case when message = 'secret' then 0 else 1 end) = 1")).ShouldBe(["other"]);
        (await tesla.ListAsync<string>("select content from agent_messages where 1 / (case when content = 'for few' then 0 else 1 end) = 1")).ShouldBe(["for all"]);
        await DeniedAsync(spy, $"select * from parley_{rig.Owner.OrganizationId:N}.agent_chat");
    }

    [Fact]
    public async Task A_refused_insert_says_why_and_stores_nothing()
    {
        await using var rig = await DoorRig.CreateAsync();
        var tesla = await rig.LinkedAsync("tesla", "aaron");
        await rig.AddAgentAsync("stranger");
        await rig.AddAgentAsync("off");
        await rig.LinkAsync("tesla", "off", new LinkSettings(Enabled: false));
        await tesla.SayAsync("tesla", "x", "ghost").RefusedAsync("unknown_recipient");
        await tesla.SayAsync("tesla", "x", "aaron", "stranger").RefusedAsync("not_linked");
        await tesla.SayAsync("tesla", "x", "off").RefusedAsync("not_linked");
        await tesla.SayAsync("tesla", " \n", "aaron").RefusedAsync("invalid_request");
        await tesla.SayAsync("tesla", "x", "not a name").RefusedAsync("invalid_request");
        await tesla.SayAsync("tesla", new string('ä', 40_000), "aaron").RefusedAsync("too_large");
        await tesla.SayAsync("tesla", "x", [.. Enumerable.Range(0, 17).Select(i => $"a{i}")]).RefusedAsync("too_large");
        await tesla.RunAsync("insert into agent_chat (id, message) values (7, 'x')").RefusedAsync("invalid_request");
        await tesla.RunAsync("insert into agent_chat (message, created_at) values ('x', now() - interval '1 day')").RefusedAsync("invalid_request");
        await tesla.RunAsync("insert into agent_chat (message, mentions) values ('x', array[null])").RefusedAsync("invalid_request");
        (await rig.ConnectAsOwner().ScalarAsync<long>("select count(*) from parley_sql.chat_inbox")).ShouldBe(0);
    }

    [Fact]
    public async Task Halts_of_agent_recipient_link_organization_and_server_refuse_the_insert()
    {
        await using var rig = await DoorRig.CreateAsync();
        var tesla = await rig.LinkedAsync("tesla", "aaron");
        var link = await rig.Database.ReadAsync(unit => unit.Links.ListAsync(rig.Owner.OrganizationId, null), DoorRig.Ct);
        foreach (var (scope, target) in new[] { (HaltScope.Agent, "tesla"), (HaltScope.Agent, "aaron"), (HaltScope.Link, link[0].Id.ToString()), (HaltScope.Organization, null), (HaltScope.Server, null) })
        {
            await new PullHalt(rig.Database, rig.Board, TimeProvider.System).RunAsync(rig.Owner, scope, target, "too loud", DoorRig.Ct);
            (await tesla.SayAsync("tesla", "x", "aaron").RefusedAsync("halted")).MessageText.ShouldContain("too loud");
            await new ReleaseHalt(rig.Database, rig.Board, TimeProvider.System).RunAsync(rig.Owner, scope, target, DoorRig.Ct);
        }

        (await tesla.SayAsync("tesla", "x", "aaron")).ShouldBe(1);
    }

    [Fact]
    public async Task No_more_can_wait_than_the_bound_of_deferred_messages()
    {
        await using var rig = await DoorRig.CreateAsync();
        var tesla = await rig.LinkedAsync("tesla", "aaron", new LinkSettings(MessagesPerWindow: 10));
        await tesla.RunAsync("insert into agent_chat (message, mentions) select 'n' || n, array['aaron'] from generate_series(1, 111) n").RefusedAsync("queue_full");
        (await tesla.RunAsync("insert into agent_chat (message, mentions) select 'n' || n, array['aaron'] from generate_series(1, 60) n")).ShouldBe(60);
        await rig.TakeAsync();
        await tesla.RunAsync("insert into agent_chat (message, mentions) select 'm' || n, array['aaron'] from generate_series(1, 51) n").RefusedAsync("queue_full");
        (await tesla.RunAsync("insert into agent_chat (message, mentions) select 'm' || n, array['aaron'] from generate_series(1, 50) n")).ShouldBe(50);
        await rig.TakeAsync();
        (await tesla.ScalarAsync<long>("select count(*) from agent_chat")).ShouldBe(110);
        (await tesla.ScalarAsync<long>("select count(*) from agent_chat_refused")).ShouldBe(0);
        await tesla.RunAsync("insert into agent_chat (message) select 'to all ' || n from generate_series(1, 501) n").RefusedAsync("queue_full");
    }

    [Fact]
    public async Task A_session_cannot_give_up_the_flush()
    {
        await using var rig = await DoorRig.CreateAsync();
        var tesla = await rig.LinkedAsync("tesla", "aaron");
        await using var connection = await tesla.OpenConnectionAsync(DoorRig.Ct);
        await using var transaction = await connection.BeginTransactionAsync(DoorRig.Ct);
        await using var command = new NpgsqlCommand("set synchronous_commit = off; insert into agent_chat (message) values ('x'); show synchronous_commit", connection, transaction);
        (await command.ExecuteScalarAsync(DoorRig.Ct)).ShouldBe("on");
    }

    private static async Task DeniedAsync(NpgsqlDataSource source, string statement)
    {
        var refusal = await Should.ThrowAsync<PostgresException>(() => source.RunAsync(statement), statement);
        refusal.SqlState.ShouldBeOneOf([PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.InvalidParameterValue, PostgresErrorCodes.WrongObjectType, PostgresErrorCodes.ObjectNotInPrerequisiteState], $"{statement}: {refusal.MessageText}");
    }
}
