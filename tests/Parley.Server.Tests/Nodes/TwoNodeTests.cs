using Microsoft.Extensions.DependencyInjection;
using Parley.Core;
using Parley.Server.Tests.Support;
using Parley.Storage.Postgres;

namespace Parley.Server.Tests.Nodes;

/// <summary>Two nodes on one database, neither of which looks by itself: what comes across was told.</summary>
public sealed class TwoNodeTests
{
    [Fact]
    public async Task A_message_sent_on_one_node_reaches_a_socket_on_the_other_without_waiting_for_the_next_look()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var here = await TestServer.StartNodeAsync(database.ConnectionString, new PatientTime(), services => Join(services, database.ConnectionString));
        await using var there = await TestServer.StartNodeAsync(database.ConnectionString, new PatientTime(), services => Join(services, database.ConnectionString));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (one, other) = (here.Services.GetRequiredService<NodeWakes>(), there.Services.GetRequiredService<NodeWakes>());
        var running = Task.WhenAll(one.RunAsync(stop.Token), other.RunAsync(stop.Token));
        await Task.WhenAll(one.Met, other.Met).Within(TestSocket.Patience);

        var (tesla, aaron) = (await here.AgentAsync("tesla"), await here.AgentAsync("aaron"));
        await here.LinkAsync("tesla", "aaron");
        using var socket = await there.ConnectAsync(aaron, null, "parley.v1");
        await socket.NextAsync("hello");
        for (var i = 1; i <= 20; i++)
        {
            (await tesla.Http.PostAsync("/api/v1/messages", new { to = "aaron", content = $"{i}" })).Dispose();
            var message = await socket.NextAsync("chat");
            message.GetProperty("content").GetString().ShouldBe($"{i}");
            message.GetProperty("inbox_number").GetInt64().ShouldBe(i);
        }

        (await tesla.Http.PostAsync("/api/v1/messages", new { content = "to the channel" })).Dispose();
        (await socket.NextAsync("chat")).GetProperty("content").GetString().ShouldBe("to the channel");
        await stop.CancelAsync();
        await running.Within(TestSocket.Patience);
    }

    [Fact]
    public async Task A_node_does_not_hear_itself()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (first, second) = (new Heard(), new Heard());
        var (one, other) = (new NodeWakes(first, database.ConnectionString, TimeProvider.System), new NodeWakes(second, database.ConnectionString, TimeProvider.System));
        var running = Task.WhenAll(one.RunAsync(stop.Token), other.RunAsync(stop.Token));
        await Task.WhenAll(one.Met, other.Met).Within(TestSocket.Patience);

        var (mine, theirs) = (new InboxPosition(Guid.NewGuid(), 7), new InboxPosition(Guid.NewGuid(), 8));
        one.Wake(new WakeHint(Guid.Empty, Guid.Empty, [mine], Message: null));
        (await second.Next.Within(TestSocket.Patience)).ShouldBe([mine]);
        // In the order of the notices: had the first heard its own, it would have come before this one.
        var before = first.Hints;
        other.Wake(new WakeHint(Guid.Empty, Guid.Empty, [theirs], Message: null));
        (await first.Second.Within(TestSocket.Patience)).ShouldBe([theirs]);
        before.ShouldBe(1);
        await stop.CancelAsync();
        await running.Within(TestSocket.Patience);
    }

    private static void Join(IServiceCollection services, string connectionString)
    {
        var local = services.Last(service => service.ServiceType == typeof(IWake)).ImplementationFactory!;
        services.AddSingleton(all => new NodeWakes((IWake)local(all), connectionString, TimeProvider.System)).AddSingleton<IWake>(all => all.GetRequiredService<NodeWakes>());
    }

    private sealed class Heard : IWake
    {
        private readonly Signal<IReadOnlyList<InboxPosition>> next = new();
        private readonly Signal<IReadOnlyList<InboxPosition>> second = new();
        private int hints;

        public Signal<IReadOnlyList<InboxPosition>> Next => next;

        public Signal<IReadOnlyList<InboxPosition>> Second => second;

        public int Hints => Volatile.Read(ref hints);

        public void Wake(in WakeHint hint) => (Interlocked.Increment(ref hints) == 1 ? next : second).Raise(hint.Recipients);
    }
}
