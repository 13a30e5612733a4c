using System.Buffers;
using Parley.Core;

namespace Parley.Server.Live;

/// <summary>
/// What waits to be written to one connection. Appending never waits; one writer takes all that is there in few writes. It holds nothing
/// while it is empty, and at most <see cref="Limits.QueuedBytes"/> otherwise (one larger frame alone excepted).
/// </summary>
internal sealed class FrameQueue(Stream transport, TimeProvider time)
{
    private const int SegmentBytes = 16 * 1024;
    private const int LowWater = 64 * 1024;
    private readonly Lock gate = new();
    private readonly Queue<Segment> filled = new();
    private Segment? last;
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

    /// <summary>Appends a whole frame given in parts; false where there is no room, or no connection any more.</summary>
    public bool TryAppend(params ReadOnlySpan<ReadOnlyMemory<byte>> parts) => Append(parts, bounded: true);

    /// <summary>Appends whatever the bound: for what is small and must not be lost, such as a closing frame.</summary>
    public bool Append(ReadOnlyMemory<byte> bytes) => Append([bytes], bounded: false);

    /// <summary>Hands over what was appended, unless a writer is at it already.</summary>
    public void Flush()
    {
        lock (gate)
        {
            if (writing || filled.Count == 0)
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
            while (filled.TryDequeue(out var segment))
            {
                ArrayPool<byte>.Shared.Return(segment.Bytes);
            }

            last = null;
            queued = 0;
            room?.TrySetResult();
            empty?.TrySetResult();
        }
    }

    private bool Append(ReadOnlySpan<ReadOnlyMemory<byte>> parts, bool bounded)
    {
        var length = 0;
        foreach (var part in parts)
        {
            length += part.Length;
        }

        lock (gate)
        {
            if (closed || (bounded && queued > 0 && queued + length > Limits.QueuedBytes))
            {
                return false;
            }

            queued += length;
            foreach (var part in parts)
            {
                Copy(part.Span);
            }

            return true;
        }
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (last is null || last.Length == last.Bytes.Length)
            {
                last = new Segment(ArrayPool<byte>.Shared.Rent(SegmentBytes));
                filled.Enqueue(last);
            }

            var count = Math.Min(bytes.Length, last.Bytes.Length - last.Length);
            bytes[..count].CopyTo(last.Bytes.AsSpan(last.Length));
            last.Length += count;
            bytes = bytes[count..];
        }
    }

    private async Task DrainAsync()
    {
        try
        {
            while (Take() is { } segment)
            {
                var write = transport.WriteAsync(segment.Bytes.AsMemory(0, segment.Length));
                if (!write.IsCompletedSuccessfully)
                {
                    Volatile.Write(ref stalledSince, time.GetTimestamp());
                    await write;
                    Volatile.Write(ref stalledSince, 0);
                }

                ArrayPool<byte>.Shared.Return(segment.Bytes);
                Written(segment.Length);
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The connection is gone; the reading side of it ends its session.
            Volatile.Write(ref stalledSince, 0);
            Close();
        }
    }

    private Segment? Take()
    {
        lock (gate)
        {
            if (!filled.TryDequeue(out var segment))
            {
                writing = false;
                return null;
            }

            if (segment == last)
            {
                last = null;
            }

            return segment;
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

    private sealed class Segment(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        public int Length { get; set; }
    }
}
