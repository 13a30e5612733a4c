using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Core;
using Parley.Server.Live;

namespace Parley.Server.WebSockets;

/// <summary>A person's connection: what is said in a project's channels from now on, read from the conversations; and their frames are sent.</summary>
internal sealed partial class ObserverSocket(SocketOpening opening, SocketServices services, Guid projectId) : FrameDoor(opening, services), IProjectListener
{
    private const int PageRows = 100;
    private readonly Dictionary<Guid, long> positions = []; // a channel that is created later begins at 0
    private readonly Lock gate = new();
    private bool reading = true;
    private bool again;

    /// <inheritdoc/>
    public Guid ProjectId => projectId;

    /// <inheritdoc/>
    public override string LastCursor => "0";

    /// <inheritdoc/>
    protected override bool IsBehind => Volatile.Read(ref again);

    /// <summary>Runs until the end.</summary>
    public async Task RunAsync()
    {
        foreach (var channel in Opening.Channels)
        {
            positions[channel.Id] = channel.Head;
        }

        if (Opening.Strict)
        {
            var hello = new HelloFrame("hello", SocketEndpoint.Protocol, Caller.Name, Cursor: null, Head: null, Services.Database.Epoch, ProductVersion.Current);
            await Output.AnswerAsync(hello, SocketJson.Default.HelloFrame);
            Output.Queue.Flush();
        }

        reading = false;
        Services.Live.Add(this);
        try
        {
            Check();
            await ReadAsync();
        }
        finally
        {
            Services.Live.Remove(this);
        }
    }

    /// <inheritdoc/>
    public void Check()
    {
        lock (gate)
        {
            again = true;
            if (reading || IsClosing)
            {
                return;
            }

            reading = true;
        }

        _ = ReadNewAsync();
    }

    protected override void OnClosing() => Services.Live.Remove(this);

    protected override ValueTask<bool> ControlAsync(SocketFrame frame) => frame.Type is "ack" or "resume"
        ? throw new ParleyError(ErrorCode.Forbidden, "Only an agent has an inbox.", "Connect with an agent's token.")
        : ValueTask.FromResult(false);

    private Task<List<Conversation>> ChannelsAsync() =>
        Services.Database.ReadAsync(unit => unit.Conversations.ListChannelsAsync(projectId), Services.Sources.Stopping);

    private async Task ReadNewAsync()
    {
        try
        {
            while (TakeTurn())
            {
                foreach (var channel in await ChannelsAsync())
                {
                    await ReadNewAsync(channel);
                }

                Output.Queue.Flush();
            }
        }
        catch (Exception fault)
        {
            // The rows are safe; the next look begins again.
            lock (gate)
            {
                reading = false;
            }

            if (fault is not OperationCanceledException)
            {
                ReadFailed(Services.Log, fault, Caller.Name);
            }
        }
    }

    private bool TakeTurn()
    {
        lock (gate)
        {
            reading = again && !IsClosing;
            again = false;
            return reading;
        }
    }

    private async Task ReadNewAsync(Conversation channel)
    {
        while (positions.GetValueOrDefault(channel.Id) is var after && after < channel.Head)
        {
            var query = new HistoryQuery(Caller.OrganizationId, channel.Id, After: after, Limit: PageRows);
            var page = await Services.ReadMessages.PageAsync(Caller, query, Services.Sources.Stopping);
            foreach (var message in page)
            {
                await AppendAsync(new SharedFrame(message));
                positions[channel.Id] = message.Number;
            }

            if (page.Count < PageRows)
            {
                positions[channel.Id] = Math.Max(channel.Head, positions.GetValueOrDefault(channel.Id));
            }
        }
    }

    private async Task AppendAsync(SharedFrame frame)
    {
        while (!Output.TryAppend(frame) && !Output.Queue.IsClosed)
        {
            Output.Queue.Flush();
            await Output.Queue.RoomAsync();
        }
    }

    [Microsoft.Extensions.Logging.LoggerMessage(Microsoft.Extensions.Logging.LogLevel.Warning, "The channels that {User} watches could not be read; it is tried again")]
    private static partial void ReadFailed(Microsoft.Extensions.Logging.ILogger log, Exception fault, string user);
}
