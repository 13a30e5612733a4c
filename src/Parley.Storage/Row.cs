using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Parley.Storage;

/// <summary>The current row of a result, column by column. Valid only inside the mapping function.</summary>
internal readonly struct Row(DbDataReader reader)
{
    public bool IsNull(int i) => reader.IsDBNull(i);

    public Guid Guid(int i) => reader is SqliteDataReader ? new Guid(reader.GetFieldValue<byte[]>(i), bigEndian: true) : reader.GetGuid(i);

    public Guid? GuidOrNull(int i) => IsNull(i) ? null : Guid(i);

    public string Text(int i) => reader.GetString(i);

    public string? TextOrNull(int i) => IsNull(i) ? null : Text(i);

    public long Long(int i) => reader.GetInt64(i);

    public long? LongOrNull(int i) => IsNull(i) ? null : Long(i);

    public int Int(int i) => reader.GetInt32(i);

    public int? IntOrNull(int i) => IsNull(i) ? null : Int(i);

    public double Double(int i) => reader.GetDouble(i);

    /// <summary>A truth value stored as the integer 0 or 1 in both databases.</summary>
    public bool Bool(int i) => reader.GetInt64(i) != 0;

    /// <summary>A time stored as UTC microseconds since the Unix epoch.</summary>
    public DateTimeOffset Time(int i) => Microseconds.ToTime(reader.GetInt64(i));

    public DateTimeOffset? TimeOrNull(int i) => IsNull(i) ? null : Time(i);

    public byte[] Bytes(int i) => reader.GetFieldValue<byte[]>(i);
}
