using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parley.Core.Maintenance;

namespace Parley.Storage.Archive;

/// <summary>Reads a backup: the header with the constructor, then table by table and row by row to the verified end.</summary>
internal sealed class BackupReader : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<string, long> counts = [];
    private readonly GZipStream stream;
    private readonly LineReader lines;
    private readonly (int Schema, string Epoch, DateTimeOffset CreatedAt) header;
    private ReadOnlyMemory<byte> line;
    private Table? table;

    public BackupReader(Stream source)
    {
        stream = new GZipStream(source, CompressionMode.Decompress, leaveOpen: true);
        lines = new LineReader(stream);
        header = Guarded(ReadHeader);
    }

    public int Schema => header.Schema;

    /// <summary>What the file holds; complete when <see cref="NextTable"/> has returned null.</summary>
    public BackupSummary Summary => new(header.Schema, header.Epoch, header.CreatedAt, counts);

    /// <summary>The next table, after all rows of the one before; null at the end, which is then verified.</summary>
    public Table? NextTable() => Guarded(() =>
    {
        if (line.Span.StartsWith(BackupFile.Trailer))
        {
            CheckTrailer();
            return table = null;
        }

        using var parsed = JsonDocument.Parse(line);
        var name = parsed.RootElement.GetProperty("table").GetString()!;
        var columns = parsed.RootElement.GetProperty("columns").EnumerateArray().Select(column => new Column(
            column.GetProperty("name").GetString()!, BackupFile.KindOf(column.GetProperty("kind").GetString()), Required: false,
            column.TryGetProperty("generated", out var generated) && generated.GetBoolean())).ToList();
        counts.Add(name, 0);
        Advance();
        return table = new Table(name, columns, Key: [], Parents: []);
    });

    /// <summary>Fills in the next row of the table; false behind its last.</summary>
    public bool NextRow(object?[] values) => Guarded(() =>
    {
        if (line.Span[0] != (byte)'[')
        {
            return false;
        }

        var json = new Utf8JsonReader(line.Span);
        json.Read();
        for (var i = 0; i < values.Length; i++)
        {
            json.Read();
            values[i] = Value(ref json, table!.Columns[i].Kind);
        }

        if (!json.Read() || json.TokenType != JsonTokenType.EndArray || json.Read())
        {
            throw BackupFile.Damaged($"a row of {table!.Name} has not as many values as the table has columns");
        }

        counts[table!.Name]++;
        Advance();
        return true;
    });

    public void Dispose()
    {
        stream.Dispose();
        hash.Dispose();
    }

    private static object? Value(ref Utf8JsonReader json, ValueKind kind) => json.TokenType == JsonTokenType.Null ? null : kind switch
    {
        ValueKind.Integer => json.GetInt64(),
        ValueKind.Real => json.GetDouble(),
        ValueKind.Text => json.GetString(),
        _ => json.GetBytesFromBase64(),
    };

    private (int Schema, string Epoch, DateTimeOffset CreatedAt) ReadHeader()
    {
        Advance();
        using var parsed = JsonDocument.Parse(line);
        var root = parsed.RootElement;
        var version = root.GetProperty("parley_backup").GetInt32();
        if (version != BackupFile.Version)
        {
            throw BackupFile.Impossible($"The backup has the format {version}; this program reads {BackupFile.Version}.", "Restore it with the version of Parley that wrote it.");
        }

        var found = (root.GetProperty("schema").GetInt32(), root.GetProperty("epoch").GetString()!, root.GetProperty("created_at").GetDateTimeOffset());
        Advance();
        return found;
    }

    /// <summary>Takes the next line; every line but the trailer counts for the hash.</summary>
    private void Advance()
    {
        line = lines.Next() ?? throw BackupFile.Damaged("its end is missing");
        if (!line.Span.StartsWith(BackupFile.Trailer))
        {
            hash.AppendData(line.Span);
        }
    }

    private void CheckTrailer()
    {
        using var parsed = JsonDocument.Parse(line);
        var expected = parsed.RootElement.GetProperty("rows").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt64());
        if (expected.Count != counts.Count || expected.Any(entry => counts.GetValueOrDefault(entry.Key, -1) != entry.Value))
        {
            throw BackupFile.Damaged("rows are missing");
        }

        if (parsed.RootElement.GetProperty("sha256").GetString() != Convert.ToHexStringLower(hash.GetCurrentHash()))
        {
            throw BackupFile.Damaged("its checksum is wrong");
        }

        if (lines.Next() is not null)
        {
            throw BackupFile.Damaged("something follows its end");
        }
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or FormatException or KeyNotFoundException or InvalidOperationException
            or ArgumentException or EndOfStreamException or DecoderFallbackException)
        {
            throw BackupFile.Damaged("a line of it cannot be read", failure);
        }
    }
}
