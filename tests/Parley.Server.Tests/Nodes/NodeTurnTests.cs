using Microsoft.Extensions.DependencyInjection;
using Parley.Client;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Turns;
using Parley.Server.Tests.Support;
using Parley.Storage.Postgres;

namespace Parley.Server.Tests.Nodes;

/// <summary>Turns of one node, watched and ended on another.</summary>
public sealed class NodeTurnTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_watches_a_meeting_on_one_node_sees_what_is_said_on_the_other_as_it_comes_and_from_its_beginning()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var here = await TestServer.StartNodeAsync(database.ConnectionString, TimeProvider.System, services => Join(services, database.ConnectionString));
        await using var there = await TestServer.StartNodeAsync(database.ConnectionString, TimeProvider.System, services => Join(services, database.ConnectionString));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = Task.WhenAll(here.Services.GetRequiredService<NodeTurns>().RunAsync(stop.Token), there.Services.GetRequiredService<NodeTurns>().RunAsync(stop.Token));
        var agent = await here.AgentAsync("ceo");
        using var owner = new ParleyClient(there.Address, there.OwnerSecret);
        var meeting = await owner.Meetings.StartAsync(new StartMeetingRequest([agent.Name], "Launch", "board"), Ct);
        var note = new TurnNote(Guid.NewGuid(), meeting.Id, Guid.NewGuid(), "ceo", 1, TurnNoteKind.Started);
        Note(here, note);
        Note(here, note with { Kind = TurnNoteKind.Text, Text = "We " }); // nobody watches yet

        var turns = new List<TurnView>();
        await foreach (var happened in owner.Meetings.FollowAsync("board", null, Ct))
        {
            if (happened.Turn is { } turn)
            {
                turns.Add(turn);
                if (turn is { Kind: "text", Text: "We " })
                {
                    Note(here, note with { Kind = TurnNoteKind.Text, Text = "should." });
                    Note(here, note with { Kind = TurnNoteKind.Answered });
                }

                if (turn.Kind == "answered")
                {
                    break;
                }
            }
        }

        turns.Select(turn => turn.Kind).ShouldBe(["started", "text", "text", "answered"]);
        turns.ShouldAllBe(turn => turn.TurnId == note.TurnId && turn.Agent == "ceo" && turn.Depth == 1);
        string.Concat(turns.Select(turn => turn.Text)).ShouldBe("We should.");
        await stop.CancelAsync();
        await running.Within(TestSocket.Patience);
    }

    [Fact]
    public async Task A_turn_that_is_ended_on_one_node_is_stopped_on_the_node_that_runs_it()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var (here, there) = (new Stops(), new Stops());
        var one = new NodeTurns(new Nobody(), [here], database.ConnectionString, TimeProvider.System);
        var other = new NodeTurns(new Nobody(), [there], database.ConnectionString, TimeProvider.System);
        var running = Task.WhenAll(one.RunAsync(stop.Token), other.RunAsync(stop.Token));
        var turn = Guid.NewGuid();

        // A hint, and nobody may listen yet: repeated until it is heard.
        while (!there.Stopped.IsCompleted)
        {
            one.Stop(turn);
            await Task.WhenAny(there.Stopped, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ct));
        }

        (await there.Stopped).ShouldBe(turn);
        here.Stopped.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await running.Within(TestSocket.Patience);
    }

    private static void Note(TestServer server, TurnNote note)
    {
        foreach (var watch in server.Services.GetServices<ITurnWatch>())
        {
            watch.Note(note);
        }
    }

    private static void Join(IServiceCollection services, string connection)
    {
        var stop = services.Last(service => service.ServiceType == typeof(ITurnStop)).ImplementationFactory!;
        services.AddSingleton(all => new NodeTurns(all.GetRequiredService<ITurnAudience>(), [(ITurnStop)stop(all)], connection, TimeProvider.System));
        services.AddSingleton<ITurnWatch>(all => all.GetRequiredService<NodeTurns>()).AddSingleton<ITurnStop>(all => all.GetRequiredService<NodeTurns>());
    }

    private sealed class Stops : ITurnStop
    {
        private readonly TaskCompletionSource<Guid> stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Guid> Stopped => stopped.Task;

        public void Stop(Guid turnId) => stopped.TrySetResult(turnId);
    }

    private sealed class Nobody : ITurnAudience
    {
        public event Action? Changed
        {
            add { }
            remove { }
        }

        public IReadOnlyCollection<Guid> Watched => [];

        public IReadOnlyList<TurnNote> SoFar(Guid conversationId) => [];

        public void Show(TurnNote note) => throw new NotSupportedException();
    }
}
