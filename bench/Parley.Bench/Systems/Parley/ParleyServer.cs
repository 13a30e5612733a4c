using System.Globalization;
using Parley.Bench.Processes;

namespace Parley.Bench.Systems.Parley;

/// <summary>A running Parley. A database server that it uses counts as part of it.</summary>
sealed class ParleyServer(ServerProcess process, int port, string folder, IParleyDatabase database) : IServer
{
    const int SubscriberBatch = 100;

    readonly List<FrameConnection> connections = [];
    ParleyAccounts? accounts;

    public ProcessTree Processes { get; } = new([process.Id, .. database.ProcessIds]);

    public ProcessTree? Database { get; } = database.ProcessIds.Count == 0 ? null : new ProcessTree([.. database.ProcessIds]);

    public string LastOutput => process.LastOutput;

    public int Port => port;

    /// <summary>The server's own processes.</summary>
    public IReadOnlyList<int> ProcessIds => [process.Id];

    public Uri Address { get; } = new($"http://127.0.0.1:{port}");

    /// <summary>The owner's rights; the server has written the secret when it is ready.</summary>
    public ParleyAccounts Accounts => accounts ??= new ParleyAccounts(Address, File.ReadAllText(Path.Combine(folder, "owner.secret")).Trim());

    public async Task<IRoute> OpenPairAsync(int number, int window, CancellationToken cancellation)
    {
        var pair = await AddPairAsync(number, cancellation);
        return new ParleyRoute(
            new FrameSender(await ConnectAsync(pair.SenderToken, cancellation), pair.Receiver),
            [new FrameReceiver(await ConnectAsync(pair.ReceiverToken, cancellation), window)]);
    }

    /// <summary>Two linked agents.</summary>
    public async Task<ParleyPair> AddPairAsync(int number, CancellationToken cancellation)
    {
        var (sender, receiver) = (Name("sender", number), Name("receiver", number));
        var (senderToken, receiverToken) = (await Accounts.AddAgentAsync(sender, cancellation), await Accounts.AddAgentAsync(receiver, cancellation));
        var link = await Accounts.LinkAsync(sender, receiver, cancellation);
        await database.LiftQuotaAsync(link.Id, cancellation);
        return new ParleyPair(senderToken, receiver, receiverToken);
    }

    public async Task<IRoute> OpenChannelAsync(int subscribers, int window, CancellationToken cancellation)
    {
        var sender = new FrameSender(await ConnectAsync(await Accounts.AddAgentAsync("sender", cancellation), cancellation), "#general");
        var receivers = new List<FrameReceiver>();
        foreach (var token in await Accounts.AddAgentsAsync("subscriber", subscribers, cancellation))
            receivers.Add(new FrameReceiver(await ConnectAsync(token, cancellation), SubscriberBatch, least: SubscriberBatch));
        return new ParleyRoute(sender, receivers);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
            connection.Dispose();
        accounts?.Dispose();
        await process.DisposeAsync();
        await database.DisposeAsync();
    }

    public async Task<FrameConnection> ConnectAsync(string token, CancellationToken cancellation)
    {
        var connection = await FrameConnection.OpenAsync(port, token, cancellation);
        connections.Add(connection);
        return connection;
    }

    static string Name(string role, int number) => role + number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Two linked agents: the tokens of both, and the name of the one that is sent to.</summary>
sealed record ParleyPair(string SenderToken, string Receiver, string ReceiverToken);
