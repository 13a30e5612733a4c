using System.Net.WebSockets;
using System.Text.Json;
using Parley.Client.Wire;

namespace Parley.Client.Sockets;

/// <content>The loop that receives, reconnects and replays.</content>
public sealed partial class ChannelSocket
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(1);

    private async Task RunAsync(ClientWebSocket first)
    {
        try
        {
            for (var socket = first; ; socket = await ReconnectAsync().ConfigureAwait(false))
            {
                var since = client.Time.GetTimestamp();
                var lost = await ReceiveAsync(socket).ConfigureAwait(false);
                Volatile.Write(ref live, null);
                socket.Dispose();
                if (CloseReason.IsFinal(lost))
                {
                    throw lost;
                }

                if (client.Time.GetElapsedTime(since) > Settled)
                {
                    backoff.Reset();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // DisposeAsync ends what still waits.
        }
        catch (Exception error)
        {
            End(error, error);
        }
    }

    /// <summary>Hands out frames until the connection is lost, and returns why it was.</summary>
    private async Task<ParleyException> ReceiveAsync(ClientWebSocket socket)
    {
        try
        {
            while (true)
            {
                var frame = await receiver.NextAsync(socket, stop.Token).ConfigureAwait(false);
                if (frame.IsEmpty)
                {
                    return CloseReason.ToException(socket);
                }

                Handle(frame.Span);
            }
        }
        catch (ParleyException error)
        {
            return error;
        }
        catch (Exception fault) when (fault is WebSocketException or JsonException or IOException || WasAborted(fault))
        {
            return ParleyException.LostAnswer(fault);
        }
    }

    private void Handle(ReadOnlySpan<byte> frame)
    {
        var head = FrameHead.Read(frame);
        switch (head.Kind)
        {
            case FrameKind.Message:
                received.Add(JsonSerializer.Deserialize(frame, WireJson.Default.MessageView)!);
                break;
            case FrameKind.Ack:
                pending.TakeSend(head.Ref)?.TrySetResult(JsonSerializer.Deserialize(frame, WireJson.Default.SendResponse)!);
                break;
            case FrameKind.Acked:
                pending.TakeAck(head.Ref)?.TrySetResult(JsonSerializer.Deserialize(frame, WireJson.Default.AckResponse)!);
                break;
            case FrameKind.Error:
                Refuse(head.Ref, JsonSerializer.Deserialize(frame, FrameJson.Default.ErrorFrame)!.ToException());
                break;
            case FrameKind.Resumed:
                received.Resumed();
                break;
        }
    }

    /// <summary>A refusal that names nothing is about the connection: what waiting cannot mend ends it, the rest is followed by a close.</summary>
    private void Refuse(long? reference, ParleyException error)
    {
        if (pending.TakeSend(reference) is { } send)
        {
            send.Refuse(error);
        }
        else if (pending.TakeAck(reference) is { } ack)
        {
            ack.TrySetException(error);
        }
        else if (CloseReason.IsFinal(error))
        {
            throw error;
        }
    }

    private async Task<ClientWebSocket> ReconnectAsync()
    {
        while (true)
        {
            try
            {
                var (socket, _) = await dialer.DialAsync(received.Cursor, stop.Token).ConfigureAwait(false);
                await ReplayAsync(socket).ConfigureAwait(false);
                return socket;
            }
            catch (ParleyException error) when (!CloseReason.IsFinal(error) && backoff.TryNext(error.RetryAfter, out var wait))
            {
                await Task.Delay(wait, client.Time, stop.Token).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Makes the connection the live one, and repeats what has no answer before anything new is sent.</summary>
    private async Task ReplayAsync(ClientWebSocket socket)
    {
        await sending.WaitAsync(stop.Token).ConfigureAwait(false);
        try
        {
            received.Resumed();
            Volatile.Write(ref live, socket);
            var (sends, acks) = pending.Unanswered();
            foreach (var (reference, send) in sends)
            {
                await WriteAsync(writer.Send(send.Message, reference), send).ConfigureAwait(false);
            }

            foreach (var (reference, ack) in acks)
            {
                await WriteAsync(writer.Cursor("ack"u8, ack.Cursor, reference)).ConfigureAwait(false);
            }
        }
        finally
        {
            sending.Release();
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> frame, PendingSend? send = null)
    {
        if (Volatile.Read(ref live) is not { } socket)
        {
            return;
        }

        send?.Written();
        try
        {
            await socket.SendAsync(frame, WebSocketMessageType.Text, true, stop.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is WebSocketException or InvalidOperationException or IOException || WasAborted(fault))
        {
            // The receiving side sees the same loss, reconnects and replays what has no answer.
            socket.Abort();
        }
    }

    /// <summary>An aborted connection answers as if it had been cancelled; only the own stop ends the socket.</summary>
    private bool WasAborted(Exception fault) => fault is OperationCanceledException && !stop.IsCancellationRequested;

    private async Task SayGoodbyeAsync()
    {
        if (Volatile.Read(ref live) is { State: WebSocketState.Open } socket)
        {
            using var limit = new CancellationTokenSource(GoodbyeTime, client.Time);
            try
            {
                await sending.WaitAsync(limit.Token).ConfigureAwait(false);
                try
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token).ConfigureAwait(false);
                }
                finally
                {
                    sending.Release();
                }
            }
            catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or InvalidOperationException)
            {
                socket.Abort();
            }
        }
    }

    private void End(Exception forSenders, Exception? forReader)
    {
        pending.End(forSenders);
        received.Complete(forReader);
    }
}
