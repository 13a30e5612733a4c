using System.Text;

namespace Parley.Runtimes.Processes;

/// <summary>The end of what a program prints to standard error, for the words of a failure.</summary>
internal sealed class OutputTail
{
    private const int Kept = 8 * 1024;
    private readonly Lock _gate = new();
    private readonly byte[] _ring = new byte[Kept];
    private long _written;

    /// <summary>What was kept; of a character that was cut in the middle a replacement.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                var length = (int)Math.Min(_written, Kept);
                var bytes = new byte[length];
                for (var i = 0; i < length; i++)
                {
                    bytes[i] = _ring[(_written - length + i) % Kept];
                }

                return Encoding.UTF8.GetString(bytes).Trim();
            }
        }
    }

    public async Task FillAsync(Stream from)
    {
        var buffer = new byte[4096];
        try
        {
            while (await from.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var read)
            {
                Add(buffer.AsSpan(0, read));
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The program is gone; what it said is kept.
        }
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            foreach (var one in bytes)
            {
                _ring[_written++ % Kept] = one;
            }
        }
    }
}
