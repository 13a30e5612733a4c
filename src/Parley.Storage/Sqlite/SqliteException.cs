using System.Diagnostics.CodeAnalysis;
using SQLitePCL;

namespace Parley.Storage.Sqlite;

/// <summary>A failure that SQLite reported, with its extended result code.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Always has a code.")]
[SuppressMessage("Design", "CA1064", Justification = "Becomes a ParleyError before it leaves this project.")]
internal sealed class SqliteException(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    public int Code { get; } = code;

    public int PrimaryCode => Code & 0xff;

    public bool IsFull => PrimaryCode == raw.SQLITE_FULL;

    public bool IsBusy => PrimaryCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    /// <summary>After these nothing the connection says can be trusted until the file was opened again and checked.</summary>
    public bool IsBroken => IsDamage || PrimaryCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_NOMEM
        or raw.SQLITE_PROTOCOL or raw.SQLITE_PERM or raw.SQLITE_MISUSE;

    /// <summary>The file or the disk is at fault, whoever asked.</summary>
    public bool IsDamage => PrimaryCode is raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>Whether the whole transaction is lost, not only the statement.</summary>
    public bool EndsTransaction => IsFull || IsBroken;

    public Exception Translate() => PrimaryCode == raw.SQLITE_CONSTRAINT
        ? new ConstraintException(Code is raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_ROWID, Message, this)
        : this;
}
