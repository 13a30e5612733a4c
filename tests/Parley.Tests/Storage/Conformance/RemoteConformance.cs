using Parley.Core;
using Parley.Core.Conversations;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Outbound;
using Parley.Core.Remotes;
using Parley.Runtimes.Keys;
using Parley.Tests.Remotes;
using Parley.Tests.Webhooks;

namespace Parley.Tests.Storage.Conformance;

/// <summary>What is said to an agent of another server reaches it in order and at least once, and its answer is there once, in the chain of what it answers.</summary>
public abstract class RemoteConformance(TestStore store) : Conformance(store)
{
    private readonly TempFolder keys = new();
    private readonly ScriptedDoor door = new();
    private Caller tesla = null!;
    private Caller echo = null!;
    private Link link = null!;

    private SealingKey Secrets => new(keys.Path);

    /// <summary>Answers to people have a route of their own.</summary>
    private SendMessage Send => new(House.Database, new Router(House.Board, new PersonRoutes()), House.Wake, House.Clock);

    private PushToRemotes Push => new(House.Database, door, Secrets, Send, House.Board, House.Wake, House.Clock);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        tesla = await House.AgentAsync("tesla");
        echo = await AddAsync("echo");
        link = await House.LinkAsync(tesla, echo);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        keys.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_answer_is_the_remote_agents_message_in_the_chain_of_what_it_answers()
    {
        var asked = (await House.SayAsync(tesla, "echo", "hello")).Message;
        (await House.DeliveryAsync(asked.Id)).State.ShouldBe(DeliveryState.Pending);
        await PushAsync();
        (door.Sent.ShouldHaveSingleItem().Text, door.Sent[0].From, door.Sent[0].Context).ShouldBe(("hello", "tesla", null));

        var answer = (await House.InboxAsync(tesla)).ShouldHaveSingleItem().Message;
        (answer.Content, answer.SenderId, answer.ParentId, answer.RootId, answer.Depth).ShouldBe(("echo: hello", echo.Id, asked.Id, asked.RootId, 1));
        var delivery = await House.DeliveryAsync(asked.Id);
        (delivery.State, delivery.Attempts).ShouldBe((DeliveryState.Replied, 1));
        (await InboxAsync(echo)).Cursor.ShouldBe(1);
        (await DueAsync()).ShouldBeEmpty();

        await House.SayAsync(tesla, "echo", "again");
        await PushAsync();
        door.Sent[1].Context.ShouldBe(new RemoteContext("context-1", null));
        (await House.CreditsAsync(link.Id)).CreditsRemaining.ShouldBe(30 - 4, "answers draw credits like everything that is said");
    }

    [Fact]
    public async Task A_remote_agent_that_cannot_be_reached_is_called_again_with_the_same_id_and_in_order()
    {
        door.ThenFails(ErrorCode.OutboundFailed, 2);
        await House.SayManyAsync(tesla, "echo", 2);
        await PushAsync();
        await PassAsync(TimeSpan.FromSeconds(2));
        (await InboxAsync(echo)).Cursor.ShouldBe(0);
        await PassAsync(TimeSpan.FromSeconds(7));
        await PushAsync();
        door.Sent.Select(message => message.Text).ShouldBe(["text 1", "text 1", "text 1", "text 2"]);
        door.Sent.Take(3).Select(message => message.Id).Distinct().ShouldHaveSingleItem();
        (await House.TextsAsync(tesla)).ShouldBe(["echo: text 1", "echo: text 2"]);
    }

    [Fact]
    public async Task After_the_last_attempt_it_is_a_dead_letter_the_sender_is_told_and_the_next_goes_on()
    {
        door.ThenFails(ErrorCode.OutboundFailed, 6);
        var lost = await House.SayAsync(tesla, "echo", "lost");
        for (var i = 0; i < 6; i++)
        {
            await PassAsync(TimeSpan.FromMinutes(13));
        }

        door.Sent.Count.ShouldBe(6);
        var delivery = await House.DeliveryAsync(lost.Message.Id);
        (delivery.State, delivery.Reason).ShouldBe((DeliveryState.Dead, "It takes no connections."));
        (await House.NoticesAsync(tesla)).ShouldHaveSingleItem().Content.ShouldBe($"'echo' could not process message {lost.Message.Id}: It takes no connections.");
        (await House.Attention.ListAsync(House.Owner, Ct)).ShouldHaveSingleItem().Kind.ShouldBe("dead_letter");

        await House.SayAsync(tesla, "echo", "found");
        await PushAsync();
        (await House.ReceivedAsync(tesla)).ShouldBe(["echo: found"]);

        await House.Dead.RetryAsync(House.Owner, lost.Message.Id, "echo", Ct);
        await PushAsync();
        (await House.ReceivedAsync(tesla)).ShouldBe(["echo: found", "echo: lost"]);
    }

    [Fact]
    public async Task A_task_is_looked_at_until_it_is_done()
    {
        door.Then(new RemoteAnswer(RemoteState.Working, null, "context-1", "task-1"), new RemoteAnswer(RemoteState.Working, null, null, "task-1"), new RemoteAnswer(RemoteState.Done, "forty-two", "context-1", "task-1"));
        var asked = await House.SayAsync(tesla, "echo", "think");
        await PushAsync();
        (await House.DeliveryAsync(asked.Message.Id)).State.ShouldBe(DeliveryState.Offered);
        await PassAsync(TimeSpan.FromSeconds(2));
        await PassAsync(TimeSpan.FromSeconds(4));
        door.Looks.ShouldBe(["task-1", "task-1"]);
        door.Sent.ShouldHaveSingleItem();
        (await House.TextsAsync(tesla)).ShouldBe(["forty-two"]);
        (await House.DeliveryAsync(asked.Message.Id)).State.ShouldBe(DeliveryState.Replied);
    }

    [Fact]
    public async Task A_task_without_an_end_is_a_dead_letter_after_a_quarter_of_an_hour()
    {
        door.Then(new RemoteAnswer(RemoteState.Working, null, "context-1", "task-1"));
        var asked = await House.SayAsync(tesla, "echo", "think");
        for (var i = 0; i < 40; i++)
        {
            await PassAsync(TimeSpan.FromSeconds(30));
        }

        (await House.DeliveryAsync(asked.Message.Id)).ShouldSatisfyAllConditions(
            delivery => delivery.State.ShouldBe(DeliveryState.Dead), delivery => delivery.Reason.ShouldBe("The remote agent was not done after 15 minutes."));
        door.Looks.Count.ShouldBeInRange(20, 40);
    }

    [Fact]
    public async Task A_task_that_fails_is_a_dead_letter_at_once()
    {
        door.Then(new RemoteAnswer(RemoteState.Failed, "The remote agent's task ended as rejected: not my job"));
        var asked = await House.SayAsync(tesla, "echo", "think");
        await PushAsync();
        (await House.DeliveryAsync(asked.Message.Id)).Reason.ShouldBe("The remote agent's task ended as rejected: not my job");
        (await House.NoticesAsync(tesla)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_question_is_answered_by_the_next_message_of_the_conversation()
    {
        door.Then(new RemoteAnswer(RemoteState.InputRequired, "Which port?", "context-1", "task-1"), new RemoteAnswer(RemoteState.Done, "done", "context-1", "task-1"));
        await House.SayAsync(tesla, "echo", "Deploy it");
        await PushAsync();
        await House.SayAsync(tesla, "echo", "8443");
        await PushAsync();
        door.Sent[1].Context.ShouldBe(new RemoteContext("context-1", "task-1"));
        await House.SayAsync(tesla, "echo", "thanks");
        await PushAsync();
        door.Sent[2].Context.ShouldBe(new RemoteContext("context-1", null));
        (await House.TextsAsync(tesla)).ShouldBe(["Which port?", "done", "echo: thanks"]);
    }

    [Fact]
    public async Task Two_remote_agents_that_echo_each_other_end_at_the_depth_of_the_chain()
    {
        var parrot = await AddAsync("parrot");
        await House.LinkAsync(echo, parrot);
        await House.SayAsync(parrot, "echo", "hello");
        for (var i = 0; i < 50; i++)
        {
            await PushAsync();
        }

        door.Sent.Count.ShouldBe(5, "depths 0 to 4");
        (await DueAsync()).ShouldBeEmpty();
        var last = (await House.InboxAsync(parrot)).Concat(await House.InboxAsync(echo)).MaxBy(item => item.Message.Depth)!;
        (last.Message.Depth, last.State).ShouldBe((5, DeliveryState.Acknowledged));
        (await House.DeliveryAsync(last.Message.Id)).Reason.ShouldBe("The remote agent was not called: The chain has reached its depth of 4 (max_depth).");
    }

    [Fact]
    public async Task With_an_empty_quota_an_answer_waits_for_credits_like_every_message()
    {
        await new EditLink(House.Database, House.Clock).RunAsync(House.Owner, link.Id, settings => settings with { MessagesPerWindow = 1 }, Ct);
        await House.SayAsync(tesla, "echo", "hello");
        await PushAsync();
        (await House.ReceivedAsync(tesla)).ShouldBeEmpty();
        (await DueAsync()).ShouldBeEmpty();
        await House.PassAsync(TimeSpan.FromHours(7));
        (await House.ReceivedAsync(tesla)).ShouldBe(["echo: hello"]);
    }

    [Fact]
    public async Task A_crash_after_the_call_and_before_its_record_repeats_it_with_the_same_id_and_there_is_one_answer()
    {
        door.Answers.Enqueue(() => throw new InvalidOperationException("The process is gone."));
        await House.SayAsync(tesla, "echo", "hello");
        await Should.ThrowAsync<InvalidOperationException>(PushAsync);
        (await DueAsync()).ShouldBeEmpty("the lease holds");
        await RestartAsync();
        await House.Database.WriteAsync(unit => unit.Remotes.DropLeasesAsync(), Ct);
        await PushAsync();
        door.Sent.Count.ShouldBe(2);
        door.Sent.Select(message => message.Id).Distinct().ShouldHaveSingleItem();
        (await House.TextsAsync(tesla)).ShouldBe(["echo: hello"]);
    }

    [Fact]
    public async Task A_crash_between_the_answer_and_the_acknowledgement_makes_no_second_answer()
    {
        var asked = (await House.SayAsync(tesla, "echo", "hello")).Message;
        await PushAsync();
        await House.Database.WriteAsync(
            unit =>
            {
                // As a server leaves it that dies after it has sent the answer.
                unit.Remotes.Save(new RemoteCall { AgentId = echo.Id, MessageId = asked.Id, Number = 1, Phase = RemotePhase.Answer, Answer = "echo: hello", StartedAt = House.Now, NextAt = House.Now });
                return ValueTask.FromResult(true);
            },
            Ct);
        await PushAsync();
        (await House.TextsAsync(tesla)).ShouldBe(["echo: hello"]);
        (await DueAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_lost_the_lease_writes_nothing()
    {
        door.Answers.Enqueue(() =>
        {
            House.Database.WriteAsync(unit => unit.Remotes.DropLeasesAsync(), Ct).GetAwaiter().GetResult();
            PushAsync().GetAwaiter().GetResult();
            return new RemoteAnswer(RemoteState.Done, "late");
        });
        await House.SayAsync(tesla, "echo", "hello");
        await PushAsync();
        (await House.TextsAsync(tesla)).ShouldBe(["echo: hello"]);
    }

    [Fact]
    public async Task However_many_nodes_look_a_message_is_handed_over_once()
    {
        await House.SayAsync(tesla, "echo", "hello");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PushAsync()));
        door.Sent.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_halt_keeps_messages_back_until_its_release()
    {
        await House.SayAsync(tesla, "echo", "hello");
        await House.Halt.RunAsync(House.Owner, HaltScope.Agent, "echo", null, Ct);
        await PushAsync();
        door.Sent.ShouldBeEmpty();
        await House.Resume.RunAsync(House.Owner, HaltScope.Agent, "echo", Ct);
        await PushAsync();
        (await House.TextsAsync(tesla)).ShouldBe(["echo: hello"]);
    }

    [Fact]
    public async Task In_a_channel_it_is_called_where_it_is_mentioned_and_answers_there()
    {
        await House.SayAsync(tesla, "#general", "to nobody");
        await House.SayAsync(tesla, "#general", "to @echo");
        await PushAsync();
        door.Sent.ShouldHaveSingleItem().Text.ShouldBe("to @echo");
        var answer = (await House.InboxAsync(tesla)).ShouldHaveSingleItem().Message;
        (answer.ConversationKind, answer.Content).ShouldBe((ConversationKind.Channel, "echo: to @echo"));
        (await InboxAsync(echo)).Cursor.ShouldBe(2);
    }

    [Fact]
    public async Task A_person_is_answered_in_the_conversation_of_the_two()
    {
        var asked = (await House.SayAsync(House.Owner, "echo", "hello")).Message;
        await PushAsync();
        var said = await House.Database.ReadAsync(unit => unit.Messages.PageAsync(new HistoryQuery(House.Owner.OrganizationId, asked.ConversationId)), Ct);
        said.Select(message => message.Content).Order().ShouldBe(["echo: hello", "hello"]);
    }

    [Fact]
    public async Task A_token_is_stored_encrypted_and_used_for_each_call_and_a_node_without_the_key_leaves_them_to_others()
    {
        var secret = await AddAsync("secret", "very-secret-token");
        await House.LinkAsync(tesla, secret);
        var stored = await House.Database.ReadAsync(unit => unit.Remotes.FindAsync(secret.Id), Ct);
        stored!.Credential.ShouldNotBeNull().ShouldNotContain("very");
        await House.SayAsync(tesla, "secret", "hello");
        using var elsewhere = new TempFolder();
        var other = new SealingKey(elsewhere.Path);
        other.Seal("x", "y");
        await new PushToRemotes(House.Database, door, other, Send, House.Board, House.Wake, House.Clock).RunOnceAsync(Ct);
        door.Sent.ShouldBeEmpty();
        await PushAsync();
        door.Tokens.ShouldContain("very-secret-token");
        door.Sent.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_token_goes_to_the_server_of_the_card_alone_and_only_from_variables_that_are_meant_for_it()
    {
        door.Card = door.Card with { Interface = new RemoteInterface("https://elsewhere.example.org/a2a", RemoteBinding.JsonRpc, "1.0") };
        (await RefusalAsync(() => AddAsync("other", "token"))).ShouldBe(ErrorCode.InvalidRequest);
        (await RefusalAsync(() => RemoteAsync(new RemoteInput("https://agents.example.org", "other", TokenVariable: "PARLEY_DATABASE")))).ShouldBe(ErrorCode.InvalidRequest);
        await AddAsync("other");
    }

    [Fact]
    public async Task A_preview_adds_nothing_and_what_is_added_is_an_agent_like_any_other()
    {
        var shown = await RemoteAsync(new RemoteInput("https://agents.example.org", Preview: true));
        (shown.Remote.Name, shown.Remote.CardName, string.Join(',', shown.Skills)).ShouldBe(("echo-agent", "Echo Agent", "Echo"));
        (await new ListRemoteAgents(House.Database).RunAsync(House.Owner, Ct)).Select(remote => remote.Remote.Name).ShouldBe(["echo"]);
        door.Card = door.Card with { Description = "Says it twice." };
        (await new RefreshRemoteAgent(House.Database, door, Secrets, House.Clock).RunAsync(House.Owner, "echo", Ct)).Remote.Description.ShouldBe("Says it twice.");
        (await RefusalAsync(() => AddAsync("tesla"))).ShouldBe(ErrorCode.Conflict);
        (await RefusalAsync(() => new AddRemoteAgent(House.Database, door, new OpenPolicy { Current = new OutboundPolicy() }, Secrets, House.Clock).RunAsync(House.Owner, new RemoteInput("https://agents.example.org"), Ct))).ShouldBe(ErrorCode.OutboundRefused);
        await House.RemoveAgent.RunAsync(House.Owner, "echo", Ct);
        (await new ListRemoteAgents(House.Database).RunAsync(House.Owner, Ct)).ShouldBeEmpty();
    }

    private async Task<Caller> AddAsync(string name, string? token = null)
    {
        var added = await RemoteAsync(new RemoteInput("https://agents.example.org", name, Token: token));
        return new Caller(CallerKind.Agent, House.Owner.OrganizationId, added.Remote.AgentId, name, Role.Member, Scopes.Read | Scopes.Send, Guid.NewGuid());
    }

    private Task<RemoteOverview> RemoteAsync(RemoteInput input) => new AddRemoteAgent(House.Database, door, new OpenPolicy(), Secrets, House.Clock).RunAsync(House.Owner, input, Ct);

    private async Task PushAsync()
    {
        while (await Push.RunOnceAsync(Ct))
        {
        }
    }

    private Task PassAsync(TimeSpan time)
    {
        House.Clock.Advance(time);
        return PushAsync();
    }

    private Task<List<Guid>> DueAsync() => Push.DueAsync(100, Ct);

    private async Task<Parley.Core.Agents.InboxState> InboxAsync(Caller agent) => await House.Database.ReadAsync(unit => unit.Agents.InboxAsync(agent.Id), Ct);

    private static async Task<ErrorCode> RefusalAsync(Func<Task> call) => (await Should.ThrowAsync<ParleyError>(call)).Code;
}

public sealed class SqliteRemoteTests() : RemoteConformance(new SqliteStore());

public sealed class PostgresRemoteTests() : RemoteConformance(new PostgresStore());
