using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Parley.Core.Maintenance;

namespace Parley.Storage.Archive;

/// <summary>Writes the lines of a backup. Nothing reaches the stream but by the asynchronous calls.</summary>
internal sealed class BackupWriter : IAsyncDisposable
{
    private const int FlushBytes = 256 * 1024;
    private readonly ArrayBufferWriter<byte> buffer = new(2 * FlushBytes);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly GZipStream target;
    private readonly Utf8JsonWriter json;

    public BackupWriter(Stream stream)
    {
        target = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Header(int schema, string epoch, DateTimeOffset createdAt)
    {
        json.WriteStartObject();
        json.WriteNumber("parley_backup", BackupFile.Version);
        json.WriteNumber("schema", schema);
        json.WriteString("epoch", epoch);
        json.WriteString("created_at", createdAt);
        json.WriteEndObject();
        EndLine();
    }

    public void Table(Table table)
    {
        json.WriteStartObject();
        json.WriteString("table", table.Name);
        json.WriteStartArray("columns");
        foreach (var column in table.Columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteString("kind", BackupFile.NameOf(column.Kind));
            if (column.Generated)
            {
                json.WriteBoolean("generated", true);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        EndLine();
    }

    public void Row(Row row, IReadOnlyList<Column> columns)
    {
        json.WriteStartArray();
        for (var i = 0; i < columns.Count; i++)
        {
            Value(row, i, columns[i].Kind);
        }

        json.WriteEndArray();
        EndLine();
    }

    /// <summary>Hands on what was written if it is enough to be worth it.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (buffer.WrittenCount >= FlushBytes)
        {
            await SendAsync(cancellationToken);
        }
    }

    /// <summary>Writes the last line and completes the file; the stream below stays open.</summary>
    public async ValueTask EndAsync(BackupSummary summary, CancellationToken cancellationToken)
    {
        await SendAsync(cancellationToken);
        json.WriteStartObject();
        json.WriteStartObject("rows");
        foreach (var (table, rows) in summary.Rows)
        {
            json.WriteNumber(table, rows);
        }

        json.WriteEndObject();
        json.WriteString("sha256", Convert.ToHexStringLower(hash.GetCurrentHash()));
        json.WriteEndObject();
        EndLine();
        await SendAsync(cancellationToken);
        await target.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        await json.DisposeAsync();
        hash.Dispose();
    }

    private void Value(Row row, int i, ValueKind kind)
    {
        if (row.IsNull(i))
        {
            json.WriteNullValue();
            return;
        }

        switch (kind)
        {
            case ValueKind.Integer:
                json.WriteNumberValue(row.Long(i));
                break;
            case ValueKind.Real:
                json.WriteNumberValue(row.Double(i));
                break;
            case ValueKind.Text:
                json.WriteStringValue(row.Text(i));
                break;
            case ValueKind.Bytes:
                json.WriteBase64StringValue(row.Bytes(i));
                break;
            default:
                json.WriteBase64StringValue(row.Guid(i).ToByteArray(bigEndian: true));
                break;
        }
    }

    private void EndLine()
    {
        json.Flush();
        json.Reset();
        buffer.Write("\n"u8);
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        hash.AppendData(buffer.WrittenSpan);
        await target.WriteAsync(buffer.WrittenMemory, cancellationToken);
        buffer.ResetWrittenCount();
    }
}
