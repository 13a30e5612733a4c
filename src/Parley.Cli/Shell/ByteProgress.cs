using Parley.Core;

namespace Parley.Cli.Shell;

/// <summary>Shows on a terminal how many bytes have gone by, at most ten times a second.</summary>
internal sealed class ByteProgress(Screen screen, string doing, long? total) : IProgress<long>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly TimeProvider time = TimeProvider.System;
    private long shown = TimeProvider.System.GetTimestamp();
    private bool visible;

    public void Report(long value)
    {
        if (!screen.ShowsProgress || time.GetElapsedTime(shown) < Interval)
        {
            return;
        }

        (shown, visible) = (time.GetTimestamp(), true);
        Console.Error.Write($"\r{doing}: {ByteSize.Text(value)}{(total is { } all ? $" of {ByteSize.Text(all)}" : "")}   ");
    }

    public void End()
    {
        if (visible)
        {
            Console.Error.Write('\r');
            screen.Note("");
        }
    }
}

/// <summary>Reports what is read from another stream.</summary>
internal sealed class CountingStream(Stream inner, IProgress<long> progress) : Stream
{
    private long total;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Count(int read)
    {
        progress.Report(total += read);
        return read;
    }
}
