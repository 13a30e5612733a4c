using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.WebSockets;

/// <summary>G4 and G13: the word that a message is there may overtake the word of the one before it, or get lost; the messages do not.</summary>
public sealed class WakeOrderTests
{
    [Theory]
    [InlineData("overtaken")]
    [InlineData("lost")]
    public async Task A_message_whose_wake_is_late_or_lost_still_comes_before_the_next(string wake)
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
        await server.LinkAsync("tesla", "aaron");
        using var socket = await server.ConnectAsync(aaron);
        var (organization, _) = await server.Services.GetRequiredService<Bootstrap>().RunAsync(TestContext.Current.CancellationToken);
        var caller = new Caller(CallerKind.Agent, organization.Id, tesla.Id, "tesla", Role.Member, Scopes.Read | Scopes.Send, Guid.NewGuid());
        var kept = new KeptWakes();
        var send = new SendMessage(server.Services.GetRequiredService<IDatabase>(), server.Services.GetRequiredService<Router>(), kept, TimeProvider.System);
        var live = server.Services.GetRequiredService<IWake>();
        for (long number = 1; number <= 30; number += 2)
        {
            await send.RunAsync(caller, new SendInput { To = "aaron", Content = $"{number}" }, TestContext.Current.CancellationToken);
            await send.RunAsync(caller, new SendInput { To = "aaron", Content = $"{number + 1}" }, TestContext.Current.CancellationToken);
            var (first, second) = (kept.Take(), kept.Take());
            live.Wake(second);
            if (wake == "overtaken")
            {
                live.Wake(first);
            }

            (await NumberAsync(socket)).ShouldBe(number);
            (await NumberAsync(socket)).ShouldBe(number + 1);
        }
    }

    private static async Task<long> NumberAsync(TestSocket socket)
    {
        while (true)
        {
            var frame = (await socket.NextAsync()).ShouldNotBeNull();
            if (frame.TryGetProperty("inbox_number", out var number))
            {
                return number.GetInt64();
            }
        }
    }

    /// <summary>Keeps the wakes until the test hands them on.</summary>
    private sealed class KeptWakes : IWake
    {
        private readonly ConcurrentQueue<WakeHint> hints = new();

        public void Wake(in WakeHint hint) => hints.Enqueue(hint);

        public WakeHint Take() => hints.TryDequeue(out var hint) ? hint : throw new InvalidOperationException("Nobody was woken.");
    }
}
