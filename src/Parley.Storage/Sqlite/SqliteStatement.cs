using System.Buffers;
using System.Globalization;
using System.Text;
using SQLitePCL;

namespace Parley.Storage.Sqlite;

/// <summary>One prepared statement. Its parameters <c>$1, $2 …</c> are numbered by name, whatever their order in the text.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int StackBytes = 512;
    private readonly int[] _positions;

    public SqliteStatement(sqlite3_stmt handle, StatementEffects? effects)
    {
        Handle = handle;
        Effects = effects;
        IsReadOnly = raw.sqlite3_stmt_readonly(handle) != 0;
        _positions = new int[raw.sqlite3_bind_parameter_count(handle)];
        for (var i = 0; i < _positions.Length; i++)
        {
            _positions[i] = raw.sqlite3_bind_parameter_index(handle, "$" + (i + 1).ToString(CultureInfo.InvariantCulture));
            if (_positions[i] == 0)
                throw new ArgumentException($"The statement skips parameter ${i + 1}.");
        }
    }

    public sqlite3_stmt Handle { get; }

    public bool IsReadOnly { get; }

    /// <summary>What it reads and writes; null on a connection that only reads.</summary>
    public StatementEffects? Effects { get; }

    /// <summary>When the keeper last judged it.</summary>
    public int JudgedAt { get; set; }

    /// <summary>Whether it reads or changes anything that the keeper knows.</summary>
    public bool Meets { get; set; }

    /// <summary>Whether it changes what remembered answers were read from.</summary>
    public bool Spoils { get; set; }

    public void Bind(object?[] args)
    {
        if (args.Length != _positions.Length)
            throw new ArgumentException($"The statement has {_positions.Length} parameters and got {args.Length}.");
        for (var i = 0; i < args.Length; i++)
        {
            var code = Bind(_positions[i], args[i]);
            if (code != raw.SQLITE_OK)
                throw new SqliteException(code, $"parameter ${i + 1} cannot be bound");
        }
    }

    public void Dispose() => Handle.Dispose();

    private int Bind(int position, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(Handle, position),
        string text => Text(position, text),
        long number => raw.sqlite3_bind_int64(Handle, position, number),
        int number => raw.sqlite3_bind_int64(Handle, position, number),
        Guid id => Id(position, id),
        DateTimeOffset time => raw.sqlite3_bind_int64(Handle, position, Microseconds.From(time)),
        bool flag => raw.sqlite3_bind_int64(Handle, position, flag ? 1 : 0),
        double number => raw.sqlite3_bind_double(Handle, position, number),
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(Handle, position, 0),
        byte[] bytes => raw.sqlite3_bind_blob(Handle, position, bytes),
        _ => throw new ArgumentException($"A {value.GetType().Name} cannot be a parameter."),
    };

    private int Id(int position, Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return raw.sqlite3_bind_blob(Handle, position, bytes);
    }

    private int Text(int position, string text)
    {
        // An empty span would be bound as null.
        if (text.Length == 0)
            return raw.sqlite3_bind_text(Handle, position, "");
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= StackBytes)
        {
            Span<byte> bytes = stackalloc byte[StackBytes];
            return raw.sqlite3_bind_text(Handle, position, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        }
        var rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            return raw.sqlite3_bind_text(Handle, position, rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
