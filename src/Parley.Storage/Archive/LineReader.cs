namespace Parley.Storage.Archive;

/// <summary>Lines of a stream as bytes, without copying each. A line is valid until the next is read.</summary>
internal sealed class LineReader(Stream source)
{
    private byte[] buffer = new byte[256 * 1024];
    private int start;
    private int end;

    /// <summary>The next line with its line feed, or null at the end; a last line without one is no line.</summary>
    public ReadOnlyMemory<byte>? Next()
    {
        var searched = start;
        while (true)
        {
            var feed = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var line = buffer.AsMemory(start, searched + feed + 1 - start);
                start = searched + feed + 1;
                return line;
            }

            searched = end;
            MakeRoom(ref searched);
            var count = source.Read(buffer, end, buffer.Length - end);
            if (count == 0)
            {
                return end == start ? null : throw BackupFile.Damaged("it ends in the middle of a line");
            }

            end += count;
        }
    }

    private void MakeRoom(ref int searched)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (searched, end, start) = (searched - start, end - start, 0);
        }

        if (end < buffer.Length)
        {
            return;
        }

        if (buffer.Length >= BackupFile.LongestLine)
        {
            throw BackupFile.Damaged("it has a line that no backup has");
        }

        Array.Resize(ref buffer, buffer.Length * 2);
    }
}
