using Parley.Core;
using Parley.Core.Halts;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Storage;

namespace Parley.Tests.Storage.SqlDoor;

public sealed class SqlQueueTests
{
    [Fact]
    public async Task What_is_refused_after_all_is_told_in_the_view_and_in_the_inbox_and_the_rest_goes_on()
    {
        await using var rig = await DoorRig.CreateAsync();
        var tesla = await rig.AddAgentAsync("tesla");
        await rig.AddAgentAsync("aaron");
        var link = await rig.LinkAsync("tesla", "aaron");
        var role = await rig.ConnectAsync("tesla");
        var other = await rig.ConnectAsync("aaron");
        await role.SayAsync("tesla", "too late", "aaron");
        await role.RunAsync("insert into agent_chat (message) values ('to all')");
        await new RemoveLink(rig.Database, rig, TimeProvider.System).RunAsync(rig.Owner, link.Id, DoorRig.Ct);
        await rig.TakeAsync();

        (await role.ListAsync<string>("select message || ' ' || code || ' ' || mentions[1] from agent_chat_refused where reason <> '' and fix <> '' and refused_at >= created_at"))
            .ShouldBe(["too late not_linked aaron"]);
        (await other.ListAsync<string>("select message from agent_chat_refused")).ShouldBeEmpty();
        (await role.ListAsync<string>("select message from agent_chat")).ShouldBe(["to all"]);
        var notice = (await rig.InboxAsync(tesla)).Items.ShouldHaveSingleItem().Message;
        notice.Type.ShouldBe(MessageType.System);
        notice.Content.ShouldContain("not_linked");
        (await rig.Taker.RunOnceAsync(DoorRig.Ct)).ShouldBeFalse();
        (await rig.InboxAsync(tesla)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_waited_when_the_feature_was_switched_off_is_refused()
    {
        await using var rig = await DoorRig.CreateAsync();
        var role = await rig.LinkedAsync("tesla", "aaron");
        await role.SayAsync("tesla", "hello", "aaron");
        await new SetFeatures(rig.Database, TimeProvider.System).RunAsync(rig.Owner, on => on & ~Features.SqlDoor, DoorRig.Ct);
        await rig.TakeAsync();
        (await rig.ConnectAsOwner().ListAsync<string>("select code from parley_sql.chat_inbox where state = 'refused'")).ShouldBe(["feature_off"]);
    }

    [Fact]
    public async Task An_insert_that_is_rolled_back_is_never_sent()
    {
        await using var rig = await DoorRig.CreateAsync();
        var role = await rig.LinkedAsync("tesla", "aaron");
        await role.RunAsync("begin; insert into agent_chat (message, mentions) values ('no', array['aaron']); rollback");
        await rig.TakeAsync();
        (await role.ScalarAsync<long>("select count(*) from agent_chat")).ShouldBe(0);
    }

    [Fact]
    public async Task Several_nodes_send_each_row_once_and_in_the_order_inserted()
    {
        await using var rig = await DoorRig.CreateAsync();
        var role = await rig.LinkedAsync("tesla", "aaron", new LinkSettings(MessagesPerWindow: 500));
        await role.RunAsync("insert into agent_chat (message, mentions) select n::text, array['aaron'] from generate_series(1, 150) n");
        var nodes = new List<Database>();
        for (var i = 0; i < 3; i++)
        {
            nodes.Add(await DoorRig.OpenAsync(rig.ConnectionString));
        }

        await Task.WhenAll(nodes.Select(async node =>
        {
            var send = new SendMessage(node, new Router(new HaltBoard()), rig, TimeProvider.System);
            var taker = new TakeSqlMessages(node, send, rig, TimeProvider.System);
            while (await taker.RunOnceAsync(DoorRig.Ct))
            {
            }
        }));
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        (await role.ListAsync<string>("select message from agent_chat order by id")).ShouldBe(Enumerable.Range(1, 150).Select(n => $"{n}"));
        (await role.ListAsync<long>("select id from agent_chat order by created_at")).ShouldBe(Enumerable.Range(1, 150).Select(n => (long)n));
        (await role.ScalarAsync<long>("select count(*) from agent_chat_refused")).ShouldBe(0);
        (await rig.ConnectAsOwner().ScalarAsync<long>("select count(*) from parley_sql.chat_inbox")).ShouldBe(0);
    }

    [Fact]
    public async Task A_row_whose_write_failed_is_sent_by_the_next_round()
    {
        await using var rig = await DoorRig.CreateAsync();
        var role = await rig.LinkedAsync("tesla", "aaron");
        await role.SayAsync("tesla", "hello", "aaron");
        var owner = rig.ConnectAsOwner();
        await owner.RunAsync("create function fail() returns trigger language plpgsql as $$ begin raise exception using errcode = '53100'; end $$; create constraint trigger fail after insert on deliveries deferrable initially deferred for each row execute function fail()");
        (await Should.ThrowAsync<ParleyError>(rig.TakeAsync)).Code.ShouldBe(ErrorCode.StorageFull);
        (await owner.ListAsync<string>("select state from parley_sql.chat_inbox")).ShouldBe(["queued"]);
        await owner.RunAsync("drop trigger fail on deliveries");
        await using var node = await DoorRig.OpenAsync(rig.ConnectionString);
        await new TakeSqlMessages(node, new SendMessage(node, new Router(rig.Board), rig, TimeProvider.System), rig, TimeProvider.System).RunOnceAsync(DoorRig.Ct);
        (await role.ListAsync<string>("select message from agent_chat")).ShouldBe(["hello"]);
    }
}
