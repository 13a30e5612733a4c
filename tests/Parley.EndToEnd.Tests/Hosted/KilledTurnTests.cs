using Parley.Client;
using Parley.Client.Wire;
using Parley.EndToEnd.Tests.Crash;
using Parley.Storage;

namespace Parley.EndToEnd.Tests.Hosted;

/// <summary>G9: a turn of several steps whose server is killed at each of them, before and after the model has answered.</summary>
public sealed class KilledTurnTests
{
    private static readonly TimeSpan Patience = Waiting.Patience;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Killed_at_every_step_a_turn_ends_once_and_sends_every_message_exactly_once() => RunAsync(database: null);

    [Fact]
    public async Task Killed_at_every_step_on_PostgreSQL_a_turn_ends_once_and_sends_every_message_exactly_once()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await RunAsync(database.ConnectionString);
    }

    private static async Task RunAsync(string? database)
    {
        using var folder = new TempFolder();
        await using var models = await FakeModels.StartAsync();
        var model = new SteppedModel();
        models.Always(model.Answer);
        await using var server = new ServerProcess(folder["data"], database, models: models.OpenAiUrl);
        await server.MustStartAsync();
        var secret = await PrepareAsync(server);

        var begun = await AsAaron(server, secret, aaron => aaron.Messages.SendAsync(new SendRequest { To = "tesla", Content = "first" }, Ct));
        for (var step = 0; step < SteppedModel.Steps; step++)
        {
            await model.Stalled[step].Within(Patience);
            await RestartAsync(server, waits: step == 0);
            var asked = await model.Asked[step].Within(Patience);
            await asked.Answered.Within(Patience);
            await RestartAsync(server);
        }

        await AsAaron(server, secret, aaron => ReceiveAsync(aaron, "final 1"));
        // What has ended stays so: after another death only the next message costs calls.
        var calls = models.Requests.Count;
        calls.ShouldBeInRange(2 * SteppedModel.Steps, 3 * SteppedModel.Steps);
        await RestartAsync(server);
        await AsAaron(server, secret, aaron => aaron.Messages.SendAsync(new SendRequest { To = "tesla", Content = "second" }, Ct));
        await AsAaron(server, secret, aaron => ReceiveAsync(aaron, "final 2"));
        models.Requests.Count.ShouldBe(calls + SteppedModel.Steps);

        using (var owner = server.Owner())
        {
            var tree = await owner.Hosting.ReadRootAsync(begun.MessageId, Ct);
            var turn = tree.Turns.ShouldHaveSingleItem();
            (turn.State, turn.Calls, turn.Messages, tree.Root.Turns, tree.Root.Tokens).ShouldBe(("answered", 3, 3, 1, turn.Usage.Input + turn.Usage.Output));
        }

        await server.KillAsync();
        await CheckStoredAsync(server);
    }

    private static async Task CheckStoredAsync(ServerProcess server)
    {
        var stored = await StoredState.ReadAsync(server.Storage);
        stored.Messages.Select(message => message.Content).ShouldBe(
            ["first", "by tool 1", "posted 1", "final 1", "second", "by tool 2", "posted 2", "final 2"], ignoreOrder: true);
        stored.Deliveries.Where(delivery => delivery.Agent == "aaron").Select(delivery => delivery.Number).ShouldBe([1, 2, 3, 4, 5, 6], ignoreOrder: true);
        var answered = stored.Deliveries.Where(delivery => delivery.Agent == "tesla").ToList();
        answered.Select(delivery => delivery.State).ShouldBe(["replied", "replied"]);
        var inbox = stored.Inboxes.Single(inbox => inbox.Agent == "tesla");
        (inbox.Head, inbox.Cursor).ShouldBe((2, 2));
        foreach (var conversation in stored.Messages.GroupBy(message => message.Conversation))
        {
            conversation.Select(message => message.Number).Order().ShouldBe(Enumerable.Range(1, conversation.Count()).Select(number => (long)number));
        }
    }

    /// <summary>A hosted agent and one from outside, linked; returns the token of the latter.</summary>
    private static async Task<string> PrepareAsync(ServerProcess server)
    {
        using var owner = server.Owner();
        await owner.Agents.AddAsync(new AddAgentRequest("tesla"), Ct);
        await owner.Agents.AddAsync(new AddAgentRequest("aaron"), Ct);
        await owner.Links.CreateAsync(new CreateLinkRequest("tesla", "aaron", new LinkSettingsPatch(DebounceSeconds: 0)), Ct);
        await owner.Hosting.HostAsync("tesla", new HostRequest("local/small"), Ct);
        return (await owner.Tokens.IssueAsync(new IssueTokenRequest("aaron"), Ct)).Secret;
    }

    /// <summary>
    /// Kills it and starts it again. On PostgreSQL another node might live, so that a dead one's turns are taken over only when their leases have ended: 30 s, which
    /// are waited out once and elsewhere ended by hand.
    /// </summary>
    private static async Task RestartAsync(ServerProcess server, bool waits = false)
    {
        await server.KillAsync();
        if (!waits && server.Storage.PostgresConnectionString is not null)
        {
            await using var database = await Database.OpenAsync(server.Storage, TimeProvider.System, Ct);
            await database.WriteAsync(unit => unit.Sessions.DropLeasesAsync(), Ct);
        }

        await server.MustStartAsync();
    }

    private static async Task<T> AsAaron<T>(ServerProcess server, string secret, Func<ParleyClient, Task<T>> act)
    {
        using var aaron = new ParleyClient(server.Address, secret);
        return await act(aaron).Within(Patience);
    }

    private static async Task<MessageView> ReceiveAsync(ParleyClient client, string content)
    {
        await foreach (var message in client.Inbox.FollowAsync(cancellation: Ct))
        {
            if (message.Content == content)
            {
                return message;
            }
        }

        throw new InvalidOperationException("The inbox ended.");
    }
}
