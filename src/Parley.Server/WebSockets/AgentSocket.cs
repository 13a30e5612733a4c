using Parley.Core;
using Parley.Core.Messages;
using Parley.Server.Live;

namespace Parley.Server.WebSockets;

/// <summary>An agent's connection: its inbox comes in order, its frames are sent.</summary>
internal sealed class AgentSocket : FrameDoor, IInboxSink
{
    private readonly InboxFeed feed;
    private readonly AckPipeline acks;

    public AgentSocket(SocketOpening opening, SocketServices services)
        : base(opening, services)
    {
        feed = new InboxFeed(opening.Caller, services.Sources, this, services.Log);
        acks = new AckPipeline(services.Acknowledge, opening.Caller, opening.Output, feed, services.Database);
    }

    /// <inheritdoc/>
    public override string LastCursor => new Cursor(Services.Database.Epoch, feed.Position).ToString();

    /// <inheritdoc/>
    protected override bool IsBehind => feed.IsBehind;

    /// <summary>Runs until the end, from the given cursor or from the acknowledged one.</summary>
    public async Task RunAsync(string? cursor)
    {
        Services.Live.Add(feed);
        try
        {
            var inbox = (await Services.ReadInbox.RunAsync(Caller, after: null, 1, CancellationToken.None)).State;
            var after = cursor is null ? inbox.Cursor : Cursor.Parse(cursor, Services.Database.Epoch).Number;
            if (Opening.Strict)
            {
                await HelloAsync(inbox.Cursor, inbox.Head);
            }

            feed.Acknowledged(inbox.Cursor);
            feed.Start(after, inbox.Head);
            await ReadAsync();
        }
        finally
        {
            Services.Live.Remove(feed);
            feed.Stop();
            await Services.Sources.Marks.FinishAsync(feed);
        }
    }

    /// <inheritdoc/>
    bool IInboxSink.TryAppend(SharedFrame frame, long number, DeliveryState state, int attempts) => Output.TryAppend(frame, number, state, attempts);

    /// <inheritdoc/>
    void IInboxSink.Flush() => Output.Queue.Flush();

    /// <inheritdoc/>
    Task IInboxSink.RoomAsync() => Output.Queue.RoomAsync();

    /// <inheritdoc/>
    void IInboxSink.Stop(ParleyError error) => _ = StopAsync(error);

    protected override void OnClosing()
    {
        Services.Live.Remove(feed);
        feed.Stop();
    }

    protected override async ValueTask<bool> ControlAsync(SocketFrame frame)
    {
        switch (frame.Type)
        {
            case "ack":
                acks.Add(FrameParser.CursorOf(frame, Services.Database.Epoch).Number, frame.Ref);
                return true;
            case "resume":
                var cursor = FrameParser.CursorOf(frame, Services.Database.Epoch);
                await Output.AnswerAsync(new ResumedFrame("resumed", cursor.ToString()), SocketJson.Default.ResumedFrame);
                feed.Start(cursor.Number, head: 0);
                return true;
            default:
                return false;
        }
    }

    private async Task HelloAsync(long acknowledged, long head)
    {
        var epoch = Services.Database.Epoch;
        var hello = new HelloFrame("hello", SocketEndpoint.Protocol, Caller.Name, new Cursor(epoch, acknowledged).ToString(), head, epoch, ProductVersion.Current);
        await Output.AnswerAsync(hello, SocketJson.Default.HelloFrame);
        Output.Queue.Flush();
    }

    private async Task StopAsync(ParleyError error)
    {
        await Output.ErrorAsync(error, reference: null, key: null);
        Output.Queue.Flush();
    }
}
