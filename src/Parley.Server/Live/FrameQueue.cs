using System.Buffers;
using Parley.Core;

namespace Parley.Server.Live;

/// <summary>
/// What waits to be written to one connection. Appending never waits; one writer takes all that is there in few writes. It holds nothing
/// while it is empty, and at most <see cref="Limits.QueuedBytes"/> otherwise (one larger frame alone excepted). What is large is kept where it is,
/// so that a message that waits for many connections is in memory once.
/// </summary>
internal sealed class FrameQueue(Stream transport, TimeProvider time)
{
    private const int LowWater = 64 * 1024;

    /// <summary>The connection copies what it is given, as one piece, before it says that it has no room.</summary>
    private const int WriteBytes = 16 * 1024;
    private readonly Lock gate = new();
    private readonly FramePieces pieces = new();
    private int queued;
    private bool writing;
    private bool closed;
    private long stalledSince;
    private TaskCompletionSource? room;
    private TaskCompletionSource? empty;

    /// <summary>True where more waits than a connection that reads ever has waiting.</summary>
    public bool IsFull => Volatile.Read(ref queued) >= LowWater;

    /// <summary>True where nothing is taken any more.</summary>
    public bool IsClosed => Volatile.Read(ref closed);

    /// <summary>How long the write under way has been waiting for the client to read.</summary>
    public TimeSpan Stalled => Volatile.Read(ref stalledSince) is > 0 and var since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>
    /// Appends a whole frame given in parts; false where there is no room, or no connection any more. Parts of <see cref="FramePieces.Large"/>
    /// bytes and more must never change afterwards.
    /// </summary>
    public bool TryAppend(params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        var length = 0;
        foreach (var part in parts)
        {
            length += part.Length;
        }

        lock (gate)
        {
            if (closed || (queued > 0 && queued + length > Limits.QueuedBytes))
            {
                return false;
            }

            queued += length;
            foreach (var part in parts)
            {
                pieces.Add(part);
            }

            return true;
        }
    }

    /// <summary>Appends a copy whatever the bound: for what is small and must not be lost, such as a closing frame.</summary>
    public bool Append(ReadOnlyMemory<byte> bytes)
    {
        lock (gate)
        {
            if (!closed)
            {
                queued += bytes.Length;
                pieces.Copy(bytes.Span);
            }

            return !closed;
        }
    }

    /// <summary>Hands over what was appended, unless a writer is at it already.</summary>
    public void Flush()
    {
        lock (gate)
        {
            if (writing || queued == 0)
            {
                return;
            }

            writing = true;
        }

        _ = DrainAsync();
    }

    /// <summary>Completes when there is room for more.</summary>
    public Task RoomAsync()
    {
        lock (gate)
        {
            return queued < LowWater || closed ? Task.CompletedTask : (room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Completes when everything was handed to the connection.</summary>
    public Task EmptyAsync()
    {
        lock (gate)
        {
            return queued == 0 || closed ? Task.CompletedTask : (empty ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Forgets what waits and takes nothing more.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            pieces.Clear();
            queued = 0;
            room?.TrySetResult();
            empty?.TrySetResult();
        }
    }

    private async Task DrainAsync()
    {
        try
        {
            while (Take() is { Count: > 0 } taken)
            {
                var write = transport.WriteAsync(taken);
                if (!write.IsCompletedSuccessfully)
                {
                    Volatile.Write(ref stalledSince, time.GetTimestamp());
                    await write;
                    Volatile.Write(ref stalledSince, 0);
                }

                ArrayPool<byte>.Shared.Return(taken.Array!);
                Written(taken.Count);
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection is gone; the reading side of it ends its session.
            Volatile.Write(ref stalledSince, 0);
            Close();
        }
    }

    /// <summary>What is to be written next, in a rented array; nothing where nothing waits, and then the writer ends.</summary>
    private ArraySegment<byte> Take()
    {
        lock (gate)
        {
            if (queued == 0)
            {
                writing = false;
                return default;
            }

            var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(queued, WriteBytes));
            return new ArraySegment<byte>(buffer, 0, pieces.MoveTo(buffer.AsSpan(0, Math.Min(buffer.Length, WriteBytes))));
        }
    }

    private void Written(int bytes)
    {
        lock (gate)
        {
            queued = Math.Max(0, queued - bytes);
            if (queued < LowWater)
            {
                room?.TrySetResult();
                room = null;
            }

            if (queued == 0)
            {
                empty?.TrySetResult();
                empty = null;
            }
        }
    }
}
