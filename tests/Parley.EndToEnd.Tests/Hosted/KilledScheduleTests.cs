using Parley.Client;
using Parley.Client.Wire;
using Parley.EndToEnd.Tests.Crash;

namespace Parley.EndToEnd.Tests.Hosted;

/// <summary>G9 for schedules: a server that is killed while due times come neither fires one twice nor loses what it has started.</summary>
public sealed class KilledScheduleTests
{
    private static readonly TimeSpan Patience = Waiting.Patience;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_between_due_times_again_and_again_every_due_time_is_accounted_for_once()
    {
        using var folder = new TempFolder();
        await using var server = new ServerProcess(folder["data"]);
        await server.MustStartAsync();
        await PrepareAsync(server, "all");
        for (var life = 0; life < 5; life++)
        {
            await GrowAsync(server);
            await server.KillAsync();
            await server.MustStartAsync();
        }

        var history = await PauseAsync(server);
        // "all" makes up for what came while the server was dead: one entry a second, without a gap, and nothing twice.
        history.ShouldAllBe(firing => firing.Outcome == "started" && firing.Missed == 0);
        history.Select(firing => firing.Due).ShouldBe(Enumerable.Range(0, history.Count).Select(second => history[0].Due.AddSeconds(-second)));
        await server.KillAsync();
        var posted = (await StoredState.ReadAsync(server.Storage)).Messages.Where(message => message.Key?.StartsWith("schedule:", StringComparison.Ordinal) == true).ToList();
        posted.Select(message => (Guid?)message.Id).ShouldBe(history.Select(firing => firing.MessageId), ignoreOrder: true);
        posted.Select(message => message.Key).ShouldBeUnique();
    }

    [Fact]
    public async Task What_came_due_while_the_server_was_dead_fires_once_on_its_return_and_says_how_many_were_missed()
    {
        using var folder = new TempFolder();
        await using var server = new ServerProcess(folder["data"]);
        await server.MustStartAsync();
        await PrepareAsync(server, "one");
        var before = await GrowAsync(server);
        await server.KillAsync();
        // Dead until three more due times have certainly passed.
        while (TimeProvider.System.GetUtcNow() < before[0].Due.AddSeconds(4))
        {
            await Task.Yield();
        }

        await server.MustStartAsync();
        await GrowAsync(server);
        var history = await PauseAsync(server);
        var first = history.First(firing => firing.Missed >= 2);
        first.Outcome.ShouldBe("started");
        history.ShouldAllBe(firing => firing.Outcome == "started");
        // Each due time is an entry, or counted by the next one.
        for (var i = 0; i + 1 < history.Count; i++)
        {
            (history[i].Due - history[i + 1].Due).ShouldBe(TimeSpan.FromSeconds(history[i].Missed + 1));
        }
    }

    private static async Task PrepareAsync(ServerProcess server, string missed)
    {
        using var owner = server.Owner();
        await owner.Agents.AddAsync(new AddAgentRequest("tesla"), Ct);
        await owner.Hosting.HostAsync("tesla", new HostRequest("demo/echo"), Ct);
        await owner.Schedules.AddAsync(new AddScheduleRequest("tesla", "Look.", "tick", EverySeconds: 1, Session: "main", Missed: missed), Ct);
    }

    /// <summary>Waits until it has fired again.</summary>
    private static async Task<IReadOnlyList<FiringView>> GrowAsync(ServerProcess server)
    {
        using var owner = server.Owner();
        var began = TimeProvider.System.GetTimestamp();
        var first = (await owner.Schedules.FindAsync("tick", Ct)).LastFiredAt;
        while ((await owner.Schedules.FindAsync("tick", Ct)).LastFiredAt == first)
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(Patience);
        }

        return (await owner.Schedules.HistoryAsync("tick", limit: 500, cancellation: Ct)).Items;
    }

    private static async Task<IReadOnlyList<FiringView>> PauseAsync(ServerProcess server)
    {
        using var owner = server.Owner();
        await owner.Schedules.PauseAsync("tick", Ct);
        return (await owner.Schedules.HistoryAsync("tick", limit: 500, cancellation: Ct)).Items;
    }
}
