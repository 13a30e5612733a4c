using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Server.Live;

namespace Parley.Server.WebSockets;

/// <summary>
/// Writes text frames (RFC 6455) into a connection's queue. They are framed here and not by <see cref="System.Net.WebSockets.WebSocket"/>, so that
/// a message for many is written once and several frames leave in one write.
/// </summary>
internal sealed class SocketOutput(FrameQueue queue, string epoch)
{
    private const byte FinalText = 0x81;
    private const int MostHeader = 10;

    /// <summary>For the parts that are written here: the queue copies them before it returns.</summary>
    [ThreadStatic]
    private static byte[]? scratchOfThread;

    private static byte[] Scratch => scratchOfThread ??= new byte[192];

    public FrameQueue Queue => queue;

    /// <summary>Appends a message with the recipient's own fields.</summary>
    public bool TryAppend(SharedFrame frame, long number, DeliveryState state, int attempts)
    {
        var scratch = Scratch;
        var own = SharedFrame.WriteOwnFields(scratch.AsSpan(MostHeader), epoch, number, state, attempts);
        var header = WriteHeader(scratch, frame.Body.Length + own);
        return queue.TryAppend(scratch.AsMemory(0, header), frame.Body, scratch.AsMemory(MostHeader, own));
    }

    /// <summary>Appends a message for a reader without an inbox.</summary>
    public bool TryAppend(SharedFrame frame)
    {
        var scratch = Scratch;
        var header = WriteHeader(scratch, frame.Body.Length + SharedFrame.End.Length);
        return queue.TryAppend(scratch.AsMemory(0, header), frame.Body, SharedFrame.End);
    }

    /// <summary>Appends an answer, after waiting for room where there is none.</summary>
    public Task AnswerAsync<T>(T value, JsonTypeInfo<T> type) => AnswerAsync(JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Appends an answer that is JSON already.</summary>
    public async Task AnswerAsync(ReadOnlyMemory<byte> json)
    {
        while (!TryAppend(json) && !queue.IsClosed)
        {
            queue.Flush();
            await queue.RoomAsync();
        }
    }

    /// <summary>An error as a frame.</summary>
    public Task ErrorAsync(ParleyError error, string? reference, string? key) => AnswerAsync(
        new ErrorFrame(
            "error", reference, key, error.Code.Name, error.Message, error.Fix, error.Field, error.RetryAfter?.TotalSeconds,
            error.Details?.ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value))),
        SocketJson.Readable.ErrorFrame);

    private bool TryAppend(ReadOnlyMemory<byte> json)
    {
        var scratch = Scratch;
        var header = WriteHeader(scratch, json.Length);
        return queue.TryAppend(scratch.AsMemory(0, header), json);
    }

    private static int WriteHeader(Span<byte> buffer, int length)
    {
        buffer[0] = FinalText;
        switch (length)
        {
            case < 126:
                buffer[1] = (byte)length;
                return 2;
            case <= ushort.MaxValue:
                buffer[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)length);
                return 4;
            default:
                buffer[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(buffer[2..], (ulong)length);
                return MostHeader;
        }
    }
}
