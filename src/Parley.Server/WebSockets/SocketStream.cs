using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Parley.Core;
using Parley.Server.Live;

namespace Parley.Server.WebSockets;

/// <summary>
/// The stream under a WebSocket: reads come from the connection; what the WebSocket itself writes (pong, ping, close) joins the frames in the queue.
/// </summary>
internal sealed class SocketStream(Stream connection, FrameQueue queue) : Stream
{
    public FrameQueue Queue => queue;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => connection.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        queue.Append(buffer);
        queue.Flush();
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() => queue.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>Puts the queue between a WebSocket and its connection when the connection is upgraded.</summary>
internal sealed class QueuedUpgrade(IHttpUpgradeFeature inner, IConnectionSocketFeature? network, TimeProvider time) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    /// <summary>The stream, once the connection was upgraded.</summary>
    public SocketStream? Stream { get; private set; }

    public async Task<Stream> UpgradeAsync()
    {
        var connection = await inner.UpgradeAsync();
        if (network is not null)
        {
            // Otherwise the system keeps up to some megabytes for a client that does not read, and says late that it does not.
            network.Socket.SendBufferSize = Limits.QueuedBytes;
        }

        return Stream = new SocketStream(connection, new FrameQueue(connection, time));
    }

    /// <summary>Runs before the WebSocket middleware, which takes the feature it finds.</summary>
    public static RequestDelegate Middleware(RequestDelegate next, TimeProvider time) => context =>
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } feature)
        {
            context.Features.Set<IHttpUpgradeFeature>(new QueuedUpgrade(feature, context.Features.Get<IConnectionSocketFeature>(), time));
        }

        return next(context);
    };
}
