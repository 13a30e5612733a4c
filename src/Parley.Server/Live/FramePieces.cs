using System.Buffers;

namespace Parley.Server.Live;

/// <summary>Bytes in the order of writing: what is small is copied together, what is large stays where it is. Not safe for several threads.</summary>
internal sealed class FramePieces
{
    /// <summary>From this size on, remembering where bytes are costs less than a copy for each connection.</summary>
    public const int Large = 512;
    private const int ChunkBytes = 4 * 1024;
    private readonly Queue<Piece> pieces = new();
    private byte[]? chunk;
    private int start;
    private int end;
    private int moved;

    /// <summary>Appends; a large part is not copied.</summary>
    public void Add(ReadOnlyMemory<byte> part)
    {
        if (part.Length < Large)
        {
            Copy(part.Span);
            return;
        }

        Seal(isFull: false);
        pieces.Enqueue(new Piece(part, Rented: null));
    }

    /// <summary>Appends a copy.</summary>
    public void Copy(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            chunk ??= ArrayPool<byte>.Shared.Rent(ChunkBytes);
            var count = Math.Min(bytes.Length, chunk.Length - end);
            bytes[..count].CopyTo(chunk.AsSpan(end));
            end += count;
            bytes = bytes[count..];
            if (end == chunk.Length)
            {
                Seal(isFull: true);
            }
        }
    }

    /// <summary>Moves as much as there is room for; returns how many bytes.</summary>
    public int MoveTo(Span<byte> room)
    {
        Seal(isFull: false);
        var length = 0;
        while (length < room.Length && pieces.TryPeek(out var piece))
        {
            var count = Math.Min(room.Length - length, piece.Bytes.Length - moved);
            piece.Bytes.Span.Slice(moved, count).CopyTo(room[length..]);
            length += count;
            moved += count;
            if (moved == piece.Bytes.Length)
            {
                moved = 0;
                Return(pieces.Dequeue().Rented);
            }
        }

        if (pieces.Count == 0)
        {
            Clear();
        }

        return length;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        while (pieces.TryDequeue(out var piece))
        {
            Return(piece.Rented);
        }

        Return(chunk);
        (chunk, start, end, moved) = (null, 0, 0, 0);
    }

    /// <summary>Queues what was copied since the last time; the last piece of a full chunk takes the chunk along.</summary>
    private void Seal(bool isFull)
    {
        if (end > start)
        {
            pieces.Enqueue(new Piece(chunk.AsMemory(start, end - start), isFull ? chunk : null));
            start = end;
        }

        if (isFull)
        {
            (chunk, start, end) = (null, 0, 0);
        }
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private readonly record struct Piece(ReadOnlyMemory<byte> Bytes, byte[]? Rented);
}
