using Microsoft.Extensions.DependencyInjection;
using Parley.Client;
using Parley.Client.Wire;
using Parley.Core;
using Parley.Core.Schedules;
using Parley.Server.Tests.Schedules;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Nodes;

/// <summary>Two nodes on one database, both of which look for due schedules.</summary>
public sealed class TwoNodeScheduleTests
{
    private const int Schedules = 8;
    private const int Enough = 40;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_due_time_fires_once_on_one_of_them()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var here = await TestServer.StartNodeAsync(database.ConnectionString, TimeProvider.System, configure: null);
        await using var there = await TestServer.StartNodeAsync(database.ConnectionString, TimeProvider.System, configure: null);
        var tesla = await here.HostedAsync("tesla");
        using var owner = new ParleyClient(here.Address, here.OwnerSecret);
        for (var i = 0; i < Schedules; i++)
        {
            await owner.Schedules.AddAsync(new AddScheduleRequest("tesla", "Look.", EverySeconds: 1, Session: "main", Missed: "all"), Ct);
        }

        // Beside the two loops, both nodes are asked again and again, so that they meet at every due time.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var racing = Task.WhenAll(RaceAsync(here, stop.Token), RaceAsync(there, stop.Token));
        using var agent = new ParleyClient(there.Address, tesla.Secret);
        var marks = new List<(Guid Id, DateTimeOffset Due)>();
        await foreach (var message in agent.Inbox.FollowAsync(cancellation: Ct))
        {
            var mark = message.Metadata!.Value.GetProperty("parley.schedule");
            marks.Add((mark.GetProperty("id").GetGuid(), mark.GetProperty("due").GetDateTimeOffset()));
            if (marks.Count == Enough)
            {
                break;
            }
        }

        await stop.CancelAsync();
        await racing;
        marks.ShouldBeUnique();
        var conversation = (await owner.Messages.ListConversationsAsync(Ct)).Items.Single(one => one.Kind == "direct").Id;
        foreach (var schedule in (await owner.Schedules.ListAsync(Ct)).Items)
        {
            await owner.Schedules.PauseAsync(schedule.Name, Ct);
            var history = (await owner.Schedules.HistoryAsync(schedule.Name, cancellation: Ct)).Items;
            history.ShouldAllBe(firing => firing.Outcome == "started");
            // One entry for each second since the first, and one message for each entry.
            history.Select(firing => firing.Due).ShouldBe(Enumerable.Range(0, history.Count).Select(second => history[0].Due.AddSeconds(-second)));
            history.Select(firing => firing.MessageId).ShouldBeUnique();
            var posted = (await owner.Messages.ListAsync(new() { Conversation = conversation, Limit = 500 }, Ct)).Items.Where(message => message.Metadata?.GetProperty("parley.schedule").GetProperty("id").GetGuid() == schedule.Id);
            posted.Select(message => (Guid?)message.Id).Order().ShouldBe(history.Select(firing => firing.MessageId).Order());
        }
    }

    private static async Task RaceAsync(TestServer server, CancellationToken stop)
    {
        var fire = server.Services.GetRequiredService<FireSchedules>();
        while (!stop.IsCancellationRequested)
        {
            await fire.RunOnceAsync(Ct);
        }
    }
}
