using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Messages;

namespace Parley.Tests.Storage.SqlDoor;

public sealed class FoundingStatementTests
{
    [Fact]
    public async Task The_statements_of_the_founding_document_run_as_written()
    {
        await using var rig = await DoorRig.CreateAsync();
        var sender = await rig.LinkedAsync("mcp-name", "peer-name");
        var peer = await rig.ConnectAsync("peer-name");
        await sender.RunAsync(
            """
            INSERT INTO agent_chat (sender, message, mentions)
            VALUES ('mcp-name', 'Message content', ARRAY['peer-name']);
            """);
        await rig.TakeAsync();

        (await peer.ListAsync<string>(
            """
            SELECT message FROM (SELECT * FROM agent_chat
            WHERE mentions @> ARRAY['peer-name']
            AND created_at > now() - interval '1 hour'
            ORDER BY created_at) AS found;
            """)).ShouldBe(["Message content"]);
        const string Poll =
            """
            SELECT id, sender, message, created_at
            FROM agent_chat
            WHERE mentions @> ARRAY['peer-name']
            AND id > $1
            ORDER BY created_at;
            """;
        (await peer.ListAsync<long>(Poll, 0L)).ShouldBe([1]);
        (await peer.ListAsync<long>(Poll, 1L)).ShouldBeEmpty();
        (await peer.ListAsync<string>(
            "select column_name || ' ' || data_type from information_schema.columns where table_name = 'agent_chat' and table_schema = current_schema() order by ordinal_position"))
            .ShouldBe(["id bigint", "sender character varying", "message text", "mentions ARRAY", "created_at timestamp with time zone"]);
    }

    [Fact]
    public async Task A_mention_is_delivered_like_any_other_message_and_draws_a_credit()
    {
        await using var rig = await DoorRig.CreateAsync();
        var sender = await rig.LinkedAsync("tesla", "aaron");
        await sender.SayAsync("Tesla", "hello", "Aaron");
        await rig.TakeAsync();

        var aaron = await rig.Database.ReadAsync(unit => unit.Agents.FindAsync(rig.Owner.OrganizationId, "aaron"), DoorRig.Ct);
        var inbox = await rig.InboxAsync(rig.Owner with { Kind = Core.CallerKind.Agent, Id = aaron!.Id });
        var message = inbox.Items.ShouldHaveSingleItem().Message;
        (message.Content, message.SenderName, message.CreditsLeft, message.ConversationKind).ShouldBe(("hello", "tesla", 29, ConversationKind.Chat));
        (await sender.ScalarAsync<string[]>("select mentions from agent_chat where id = $1", message.Number)).ShouldBe(["aaron"]);
    }

    [Fact]
    public async Task An_alias_in_the_mentions_stands_for_its_agent()
    {
        await using var rig = await DoorRig.CreateAsync();
        var sender = await rig.LinkedAsync("tesla", "aaron");
        await new Core.Agents.EditAgent(rig.Database, TimeProvider.System).RunAsync(rig.Owner, "aaron", new Core.Agents.EditAgentInput(Aliases: ["reviewer"]), DoorRig.Ct);
        await new Core.Agents.EditAgent(rig.Database, TimeProvider.System).RunAsync(rig.Owner, "tesla", new Core.Agents.EditAgentInput(Aliases: ["me"]), DoorRig.Ct);
        await sender.SayAsync("tesla", "hello", "Reviewer", "aaron", "me");
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => sender.SayAsync("tesla", "hello", "reviewers"))).Detail.ShouldBe("unknown_recipient");
        await rig.TakeAsync();
        (await sender.ListAsync<string>("select array_to_string(mentions, ' ') from agent_chat")).ShouldBe(["aaron tesla"]);
        var aaron = await rig.Database.ReadAsync(unit => unit.Agents.FindAsync(rig.Owner.OrganizationId, "aaron"), DoorRig.Ct);
        (await rig.InboxAsync(rig.Owner with { Kind = Core.CallerKind.Agent, Id = aaron!.Id })).Items.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Returning_gives_the_row_without_the_id_that_it_has_not_yet()
    {
        await using var rig = await DoorRig.CreateAsync();
        var sender = await rig.LinkedAsync("tesla", "aaron");
        (await sender.ListAsync<string>("INSERT INTO agent_chat (message, mentions) VALUES ('hello', ARRAY['aaron', '@aaron']) RETURNING sender || mentions[1] || cardinality(mentions) || (created_at <= clock_timestamp())"))
            .ShouldBe(["teslaaaron1true"]);
        (await sender.ScalarAsync<object>("INSERT INTO agent_chat (message) VALUES ('to all') RETURNING id")).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_sent_at_another_door_is_in_the_table_and_a_released_hold_comes_under_a_new_id()
    {
        await using var rig = await DoorRig.CreateAsync();
        var reader = await rig.LinkedAsync("tesla", "aaron");
        var aaron = await rig.AddAgentAsync("held");
        await new EditAgent(rig.Database, TimeProvider.System).RunAsync(rig.Owner, "held", new EditAgentInput(Hold: true), DoorRig.Ct);
        var held = await rig.Send.RunAsync(aaron, new SendInput { To = "agent_chat", Content = "wait" }, DoorRig.Ct);
        await rig.Send.RunAsync(rig.Owner, new SendInput { To = "agent_chat", Content = "from a person" }, DoorRig.Ct);
        (await reader.ListAsync<string>("select id || message from agent_chat order by id")).ShouldBe(["2from a person"]);

        await new DecideHold(rig.Database, rig, TimeProvider.System).ApproveAsync(rig.Owner, held.Message.Id, "edited", DoorRig.Ct);
        (await reader.ListAsync<string>("select id || message from agent_chat order by created_at")).ShouldBe(["2from a person", "3edited"]);
    }

    [Fact]
    public async Task The_query_of_mentions_uses_the_index()
    {
        await using var rig = await DoorRig.CreateAsync();
        var sender = await rig.LinkedAsync("tesla", "aaron");
        await rig.ConnectAsOwner().RunAsync(
            """
            insert into parley_sql.chat_log (organization_id, id, message_id, sender, message, mentions, created_at)
            select $1, n, gen_random_uuid(), 'tesla', repeat('x', 200), array['agent' || n % 2000], now() + n * interval '1 ms' from generate_series(1, 50000) n
            """,
            rig.Owner.OrganizationId);
        await rig.ConnectAsOwner().RunAsync("analyze parley_sql.chat_log");
        foreach (var condition in new[] { "created_at > now() - interval '1 hour'", "id > 3" })
        {
            var plan = string.Join('\n', await sender.ListAsync<string>($"explain SELECT * FROM agent_chat WHERE mentions @> ARRAY['agent7'] AND {condition} ORDER BY created_at"));
            plan.ShouldContain("mentions_idx", customMessage: plan);
            plan.ShouldContain("Bitmap Index Scan", customMessage: plan);
        }
    }
}
