using System.Data.Common;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Parley.Storage;

/// <summary>The current row of a result, column by column. Valid only inside the mapping function.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Row
{
    private readonly DbDataReader? _reader;
    private readonly sqlite3_stmt? _statement;

    public Row(DbDataReader reader) => _reader = reader;

    public Row(sqlite3_stmt statement) => _statement = statement;

    public bool IsNull(int i) =>
        _statement is null ? _reader!.IsDBNull(i) : raw.sqlite3_column_type(_statement, i) == raw.SQLITE_NULL;

    public Guid Guid(int i) =>
        _statement is null ? _reader!.GetGuid(i) : new Guid(raw.sqlite3_column_blob(_statement, i), bigEndian: true);

    public string Text(int i) =>
        _statement is null ? _reader!.GetString(i) : raw.sqlite3_column_text(_statement, i).utf8_to_string() ?? throw NullColumn(i);

    public long Long(int i)
    {
        if (_statement is null)
            return _reader!.GetInt64(i);
        var value = raw.sqlite3_column_int64(_statement, i);
        return value != 0 || !IsNull(i) ? value : throw NullColumn(i);
    }

    public double Double(int i) => _statement is null ? _reader!.GetDouble(i) : raw.sqlite3_column_double(_statement, i);

    public byte[] Bytes(int i) =>
        _statement is null ? _reader!.GetFieldValue<byte[]>(i) : raw.sqlite3_column_blob(_statement, i).ToArray();

    public int Int(int i) => checked((int)Long(i));

    /// <summary>A truth value stored as the integer 0 or 1 in both databases.</summary>
    public bool Bool(int i) => Long(i) != 0;

    /// <summary>A time stored as UTC microseconds since the Unix epoch.</summary>
    public DateTimeOffset Time(int i) => Microseconds.ToTime(Long(i));

    public Guid? GuidOrNull(int i) => IsNull(i) ? null : Guid(i);

    public string? TextOrNull(int i) => IsNull(i) ? null : Text(i);

    public long? LongOrNull(int i) => IsNull(i) ? null : Long(i);

    public int? IntOrNull(int i) => IsNull(i) ? null : Int(i);

    public byte[]? BytesOrNull(int i) => IsNull(i) ? null : Bytes(i);

    public DateTimeOffset? TimeOrNull(int i) => IsNull(i) ? null : Time(i);

    private static InvalidCastException NullColumn(int i) => new($"Column {i} is null.");
}
