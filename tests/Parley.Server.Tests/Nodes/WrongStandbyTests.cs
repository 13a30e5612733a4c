using Parley.Client;
using Parley.Core;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Nodes;

/// <summary>G5: of two standbys one had confirmed everything, and the other one is promoted.</summary>
public sealed class WrongStandbyTests
{
    [Fact]
    public async Task Where_a_standby_takes_over_that_had_not_confirmed_what_was_accepted_the_epoch_is_another()
    {
        await using var postgres = await PostgresPair.StartAsync();
        await postgres.SynchronizeAsync();
        await using var server = await TestServer.StartNodeAsync(postgres.ConnectionString, TimeProvider.System, configure: null);
        var tesla = await server.AgentAsync("tesla");
        var aaron = await server.AgentAsync("aaron");
        await SendAsync(tesla, "confirmed by the standby");
        await postgres.ReceiveAsync();
        await postgres.FallBehindAsync(receivers: 1);
        await SendAsync(tesla, "confirmed by another one");
        var epoch = server.Database.Epoch;
        var cursor = (await ReadAsync(server, aaron)).Cursor;

        await postgres.FailAsync();
        await ResumedAsync(tesla);

        server.Database.Epoch.ShouldNotBe(epoch);
        (await Should.ThrowAsync<ParleyException>(() => ReadAsync(server, aaron, cursor))).Code.ShouldBe("epoch_changed");
        (await ReadAsync(server, aaron)).Items.Select(message => message.Content).ShouldBe(["confirmed by the standby", "afterwards"], "the rig proves nothing where nothing was lost");
    }

    private static async Task SendAsync(TestAgent agent, string text)
    {
        using var answer = await agent.Http.PostAsync("/api/v1/messages", new { content = text });
        answer.Required("durability").GetString().ShouldBe("disk+replica");
    }

    private static async Task<Client.Wire.InboxPage> ReadAsync(TestServer server, TestAgent agent, string cursor = "0")
    {
        using var client = new ParleyClient(server.Address, agent.Secret);
        return await client.Inbox.ReadAsync(cursor);
    }

    private static async Task ResumedAsync(TestAgent agent)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var answer = await agent.Http.PostAsync("/api/v1/messages", new { content = "afterwards" });
            if ((int)answer.Status < 300)
            {
                return;
            }

            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TestSocket.Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
