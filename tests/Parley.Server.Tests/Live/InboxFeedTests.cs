using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Server.Live;
using Parley.Server.Tests.Support;
using Parley.Tests.Support;

namespace Parley.Server.Tests.Live;

/// <summary>The way of an inbox to one connection, where the loop that looks for what is missing never runs.</summary>
public sealed class InboxFeedTests
{
    private static readonly TimeSpan Patience = Waiting.Patience;

    [Fact]
    public async Task What_is_told_without_its_message_is_read_and_handed_over_at_once()
    {
        await using var server = await TestServer.StartAsync();
        var (tesla, aaron) = (await server.AgentAsync("tesla"), await server.AgentAsync("aaron"));
        await server.LinkAsync("tesla", "aaron");
        var (organization, _) = await server.Services.GetRequiredService<Bootstrap>().RunAsync(TestContext.Current.CancellationToken);
        var sources = new FeedSources(
            server.Services.GetRequiredService<ReadInbox>(), server.Services.GetRequiredService<HaltBoard>(), server.Services.GetRequiredService<OfferMarks>(), new Laggards(TimeProvider.System),
            server.Services.GetRequiredService<Stopping>());
        var sink = new Sink();
        var feed = new InboxFeed(new Caller(CallerKind.Agent, organization.Id, aaron.Id, "aaron", Role.Member, Scopes.Read, Guid.NewGuid()), sources, sink, NullLogger.Instance);
        await SendAsync(tesla, "1");
        feed.Start(after: 0, head: 1);
        (await sink.NextAsync()).ShouldBe(1);

        for (var number = 2; number <= 20; number++)
        {
            await SendAsync(tesla, $"{number}");
            feed.Offer(number, frame: null).ShouldBeFalse("it is handed over by whoever reads it");
            (await sink.NextAsync()).ShouldBe(number);
        }
    }

    private static async Task SendAsync(TestAgent sender, string content)
    {
        using var sent = await sender.Http.PostAsync("/api/v1/messages", new { to = "aaron", content });
        sent.Status.ShouldBe(System.Net.HttpStatusCode.OK, sent.Body);
    }

    private sealed class Sink : IInboxSink
    {
        private readonly Channel<long> numbers = Channel.CreateUnbounded<long>();

        public Task<long> NextAsync() => numbers.Reader.ReadAsync().Within(Patience);

        public bool TryAppend(SharedFrame frame, long number, DeliveryState state, int attempts) => numbers.Writer.TryWrite(number);

        public void Flush()
        {
        }

        public Task RoomAsync() => Task.CompletedTask;

        public void Stop(ParleyError error) => numbers.Writer.Complete(error);
    }
}
