using Parley.Client;
using Parley.Client.Wire;
using Parley.Server.Tests.Support;

namespace Parley.Server.Tests.Meetings;

/// <summary>A server with a meeting of ceo, cto and cfo, all of them from outside, and a client for each.</summary>
internal sealed class Room(TestServer server) : IAsyncDisposable
{
    private static readonly string[] Names = ["ceo", "cto", "cfo"];
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly Dictionary<string, ParleyClient> clients = [];

    public TestServer Server => server;

    public ParleyClient Owner { get; } = new(server.Address, server.OwnerSecret);

    public Dictionary<string, TestAgent> Agents { get; } = [];

    public static async Task<Room> OpenAsync(int? length = null)
    {
        var room = new Room(await TestServer.StartAsync());
        foreach (var name in Names)
        {
            room.Agents[name] = await room.Server.AgentAsync(name);
            room.clients[name] = new ParleyClient(room.Server.Address, room.Agents[name].Secret);
        }

        await room.Owner.Meetings.StartAsync(new StartMeetingRequest(Names, "Launch", "board", length), TestContext.Current.CancellationToken);
        return room;
    }

    public ParleyClient Client(string name) => clients[name];

    /// <summary>The agent answers in the room the way it sends everything else.</summary>
    public async Task<MessageView> AnswerAsync(string name, string text)
    {
        var sent = await clients[name].Messages.SendAsync("meeting:board", text, TestContext.Current.CancellationToken);
        return await Owner.Messages.ReadAsync(sent.MessageId, TestContext.Current.CancellationToken);
    }

    /// <summary>Follows the room from its first message until what happened is enough.</summary>
    public async Task<List<MeetingEvent>> UntilAsync(Predicate<List<MeetingEvent>> enough, long? after = 0, ParleyClient? client = null, Func<MeetingEvent, Task>? each = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var events = new List<MeetingEvent>();
        await foreach (var happened in (client ?? Owner).Meetings.FollowAsync("board", after, patience.Token))
        {
            events.Add(happened);
            if (each is not null)
            {
                await each(happened);
            }

            if (enough(events))
            {
                break;
            }
        }

        return events;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients.Values.Append(Owner))
        {
            client.Dispose();
        }

        await server.DisposeAsync();
    }
}
