using Parley.Core.Turns;

namespace Parley.Runtimes.Processes;

/// <summary>What a program prints, up to a bound for all of it and for one line: one that floods must not fill the memory.</summary>
internal sealed class BoundedStream(Stream inner, long most) : Stream
{
    private const int LongestLine = 8 * 1024 * 1024;
    private long _read;
    private long _line;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Counted(buffer.Span, read);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Counted(buffer.AsSpan(offset, count), inner.Read(buffer, offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Counted(ReadOnlySpan<byte> buffer, int read)
    {
        _read += read;
        var end = buffer[..read].LastIndexOf((byte)'\n');
        _line = end < 0 ? _line + read : read - end - 1;
        return _read > most ? throw Fault("It has printed", most)
            : _line > LongestLine ? throw Fault("One line of it has", LongestLine)
            : read;
    }

    private static RuntimeFault Fault(string what, long over) =>
        new(RuntimeFaultKind.Refused, FormattableString.Invariant($"The program does not stop printing. {what} over {over >> 20} MiB; it was ended."));
}
