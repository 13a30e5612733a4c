using Parley.Client;
using Parley.Client.Sockets;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>Mixed work of all agents of a world at once: half of them through WebSockets, half through plain HTTP.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Pipelined = 8;
    private static readonly TimeSpan Patience = Waiting.Patience;
    private readonly World world;
    private readonly CancellationTokenSource sending = new();
    private readonly CancellationTokenSource reading = new();
    private readonly TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> senders = [];
    private readonly List<Task> readers = [];
    private readonly List<IDisposable> clients = [];
    private readonly List<ChannelSocket> sockets = [];

    private Load(World world) => this.world = world;

    public static async Task<Load> StartAsync(World world)
    {
        var load = new Load(world);
        foreach (var member in world.Members)
        {
            var client = world.ClientOf(member);
            load.clients.Add(client);
            if (member.BySocket)
            {
                await load.StartSocketAsync(member, client);
            }
            else
            {
                load.StartPlain(member, client);
            }
        }

        var owner = world.Server.Owner();
        load.clients.Add(owner);
        load.readers.Add(Task.Run(() => load.WatchAsync(() => new Supervisor(world, owner).RunAsync(load.reading.Token))));
        return load;
    }

    /// <summary>Waits for something, or fails with what went wrong in a client meanwhile.</summary>
    public async Task WhileAsync(Task work) => await await Task.WhenAny(work, failed.Task);

    /// <summary>Sends nothing new and waits for the answers to what is under way.</summary>
    public async Task StopSendingAsync()
    {
        await sending.CancelAsync();
        await Task.WhenAll(senders).Within(Patience);
    }

    /// <summary>Ends when every reader has what its inbox holds.</summary>
    public async Task CatchUpAsync()
    {
        foreach (var member in world.Members)
        {
            using var client = world.ClientOf(member);
            var reading = world.Ledger.ReadingOf(member.Name);
            var confirmed = reading.Acknowledged; // its reader may acknowledge more while the page is on its way
            var page = await client.Inbox.ReadAsync(limit: 1);
            reading.See(page.Acknowledged, "the inbox", confirmed);
            await WhileAsync(reading.Count.ReachAsync(page.Head)).Within(Patience, $"the inbox of {member.Name} up to {page.Head}, {reading.Count.Value} received");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await sending.CancelAsync();
        await reading.CancelAsync();
        foreach (var socket in sockets)
        {
            await socket.DisposeAsync();
        }

        foreach (var client in clients)
        {
            client.Dispose();
        }

        await Task.WhenAll(senders.Concat(readers)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        sending.Dispose();
        reading.Dispose();
    }

    private async Task StartSocketAsync(Member member, ParleyClient client)
    {
        var socket = await client.OpenSocketAsync(new SocketOptions { Project = "default" });
        sockets.Add(socket);
        Start(
            new Sender(world, member, Pipelined, request => socket.SendAsync(request, reading.Token), sendOnce: null),
            () => Reader.RunAsync(world.Ledger.ReadingOf(member.Name), socket.ReadAllAsync(reading.Token), cursor => socket.AckAsync(cursor, reading.Token), reading.Token));
    }

    private void StartPlain(Member member, ParleyClient client)
    {
        var once = world.ClientOf(member, keys: false);
        clients.Add(once);
        Start(
            new Sender(world, member, window: 1, request => client.Messages.SendAsync(request, reading.Token), request => once.Messages.SendAsync(request, reading.Token)),
            () => Reader.RunAsync(
                world.Ledger.ReadingOf(member.Name), client.Inbox.FollowAsync("0", reading.Token), cursor => client.Inbox.AcknowledgeAsync(cursor, reading.Token), reading.Token));
    }

    private void Start(Sender sender, Func<Task> reader)
    {
        senders.Add(Task.Run(() => WatchAsync(() => sender.RunAsync(sending.Token))));
        readers.Add(Task.Run(() => WatchAsync(reader)));
    }

    private async Task WatchAsync(Func<Task> client)
    {
        try
        {
            await client();
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // The load has ended.
        }
        catch (Exception fault)
        {
            failed.TrySetException(fault);
            throw;
        }
    }
}
