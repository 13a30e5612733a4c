using System.Net.WebSockets;
using Parley.Client.Wire;
using Parley.Storage;
using Parley.Storage.Migrations;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>Stopping on purpose, and what is refused at a start.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    [Theory]
    [Alone]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Stopped_under_load_it_ends_in_time_tells_its_clients_and_keeps_what_it_accepted(string signal)
    {
        using var folder = new TempFolder();
        await using var server = new ServerProcess(folder["data"]);
        await server.MustStartAsync();
        var world = await World.CreateAsync(server);
        var violations = await CrashRun.RunAsync(world, rounds: 2, async (load, round) =>
        {
            await CrashRun.ProgressAsync(world, load, round);
            using var watcher = new ClientWebSocket();
            watcher.Options.SetRequestHeader("Authorization", "Bearer " + world.Members[0].Secret);
            await watcher.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/ws" }.Uri, TestContext.Current.CancellationToken);
            var closed = CloseCodeAsync(watcher);
            world.Ledger.Died();
            var (exitCode, took) = await server.StopAsync(signal);

            exitCode.ShouldBe(0, server.Log);
            took.ShouldBeLessThan(s_limit);
            (await closed.Within(s_limit)).ShouldBe(WebSocketCloseStatus.EndpointUnavailable); // 1001
            await server.MustStartAsync();
        });

        violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_served_where_that_works_with_this_one_and_else_refused_and_left_as_it_is()
    {
        using var folder = new TempFolder();
        await using var server = new ServerProcess(folder["data"]);
        await server.MustStartAsync();
        await server.StopAsync("TERM");
        await MigrateAsync(server, 9998, Migration.Newest);
        await server.MustStartAsync();
        await server.StopAsync("TERM");
        await MigrateAsync(server, 9999, 9999);

        (await server.StartAsync()).ShouldBeFalse();

        server.Log.ShouldContain("written by a newer Parley (migration 9999");
        server.Log.ShouldContain("Upgrade this program");
    }

    private static async Task MigrateAsync(ServerProcess server, int number, int compatibleFrom)
    {
        await using var database = await Database.OpenAsync(server.Storage, TimeProvider.System, TestContext.Current.CancellationToken);
        await database.Engine.WriteAsync(
            session => session.ExecuteAsync("insert into schema_migrations(number, name, applied_at, compatible_from) values ($1, 'from the future', 0, $2)", number, compatibleFrom),
            TestContext.Current.CancellationToken);
    }

    private static async Task<WebSocketCloseStatus?> CloseCodeAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        while ((await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken)).MessageType != WebSocketMessageType.Close)
        {
            // What was on its way before the end.
        }

        return socket.CloseStatus;
    }
}
