using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Parley.Client.Wire;

namespace Parley.Client.Sockets;

/// <summary>
/// A live connection of an agent: what it has not acknowledged, then what comes, and pipelined sends. It reconnects by itself, resumes at its cursor and repeats
/// unanswered sends with their keys, so that its reader sees every message once and no send is stored twice. For many senders and one reader.
/// </summary>
public sealed partial class ChannelSocket : IAsyncDisposable
{
    private const int LargestFrame = 256 * 1024;

    private readonly ParleyClientOptions client;
    private readonly SocketDialer dialer;
    private readonly PendingAnswers pending = new();
    private readonly ReceivedMessages received;
    private readonly FrameReceiver receiver = new();
    private readonly FrameWriter writer = new();
    private readonly SemaphoreSlim sending = new(1, 1);
    private readonly CancellationTokenSource stop = new();
    private readonly Keys keys = new();
    private readonly Backoff backoff;

    private ClientWebSocket? live;
    private Task running = Task.CompletedTask;

    private ChannelSocket(ParleyClientOptions client, SocketOptions options)
    {
        this.client = client;
        dialer = new SocketDialer(client, options);
        backoff = new Backoff(client.Time, options.ReconnectFor);
        received = new ReceivedMessages(options.Buffered, options.Cursor);
    }

    /// <summary>The agent, or for a person the user, that the token speaks for.</summary>
    public string Agent { get; private set; } = "";

    /// <summary>True while there is a connection.</summary>
    public bool Connected => Volatile.Read(ref live) is not null;

    internal static async Task<ChannelSocket> OpenAsync(ParleyClientOptions client, SocketOptions options, CancellationToken cancellation)
    {
        var socket = new ChannelSocket(client, options);
        var (first, hello) = await socket.dialer.DialAsync(options.Cursor, cancellation).ConfigureAwait(false);
        socket.Agent = hello.Agent;
        socket.live = first;
        socket.running = Task.Run(() => socket.RunAsync(first), CancellationToken.None);
        return socket;
    }

    /// <summary>
    /// Sends a message and returns the server's answer; many may be on their way at once, and they are numbered in the order of the calls. Cancelling gives up
    /// waiting, not the send. Throws <c>outcome_unknown</c> where a lost connection may have stored it; any other error means that nothing was stored.
    /// </summary>
    public async Task<SendResponse> SendAsync(SendRequest message, CancellationToken cancellation = default)
    {
        if (message.Key is null && client.GenerateKeys)
        {
            message = message with { Key = keys.Next() };
        }

        var send = new PendingSend(message);
        await sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var reference = pending.Add(send);
            var frame = writer.Send(message, reference);
            if (frame.Length > LargestFrame)
            {
                pending.TakeSend(reference);
                throw new ParleyException(new Problem { Code = "too_large", Status = 413, Title = "The message is larger than 256 KiB.", Fix = "Send less, or a reference to it." });
            }

            await WriteAsync(frame, send).ConfigureAwait(false);
        }
        finally
        {
            sending.Release();
        }

        return await send.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends a text to an agent (<c>aaron</c>) or a channel (<c>#general</c>).</summary>
    public Task<SendResponse> SendAsync(string to, string text, CancellationToken cancellation = default) =>
        SendAsync(new SendRequest { To = to, Content = text }, cancellation);

    /// <summary>Acknowledges everything up to a cursor: <see cref="MessageView.Cursor"/> of the last message that was processed.</summary>
    public async Task<AckResponse> AckAsync(string cursor, CancellationToken cancellation = default)
    {
        var ack = new PendingAck(cursor);
        await sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var reference = pending.Add(ack);
            await WriteAsync(writer.Cursor("ack"u8, cursor, reference)).ConfigureAwait(false);
        }
        finally
        {
            sending.Release();
        }

        return await ack.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Every message in the order of its inbox number, each once, until the socket is disposed. Throws <see cref="ParleyException"/> when reconnecting cannot help:
    /// <c>unauthenticated</c>, <c>forbidden</c>, <c>not_found</c>, <c>epoch_changed</c>. One reader at a time.
    /// </summary>
    public async IAsyncEnumerable<MessageView> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        do
        {
            while (received.Reader.TryRead(out var message))
            {
                yield return message;
            }

            if (received.TakeMissing() is { } cursor)
            {
                await sending.WaitAsync(cancellation).ConfigureAwait(false);
                try
                {
                    await WriteAsync(writer.Cursor("resume"u8, cursor, null)).ConfigureAwait(false);
                }
                finally
                {
                    sending.Release();
                }
            }
        }
        while (await received.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false));
    }

    /// <summary>Closes the connection. Sends without an answer fail with <c>outcome_unknown</c>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested)
        {
            return;
        }

        await SayGoodbyeAsync().ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        End(ParleyException.LostAnswer(null), null);
        Volatile.Read(ref live)?.Dispose();
        writer.Dispose();
        stop.Dispose();
    }
}
