using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace Parley.Storage.Postgres;

/// <summary>
/// Makes parameters. A statement stays prepared only while its parameter types stay the same, so every integer is a bigint and a null takes
/// the type that another call gave in its place.
/// </summary>
internal sealed class ParameterTypes
{
    private readonly ConcurrentDictionary<string, NpgsqlDbType?[]> _seen = new();

    public NpgsqlBatchCommand Command(string sql, object?[] args)
    {
        var command = new NpgsqlBatchCommand(sql);
        if (args.Length == 0)
            return command;
        var seen = _seen.GetOrAdd(sql, static (_, count) => new NpgsqlDbType?[count], args.Length);
        for (var i = 0; i < args.Length; i++)
        {
            var parameter = Parameter(args[i]);
            if (args[i] is not null)
                seen[i] = parameter.NpgsqlDbType;
            else if (seen[i] is { } type)
                parameter.NpgsqlDbType = type;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value },
        string => Typed(NpgsqlDbType.Text, value),
        long => Typed(NpgsqlDbType.Bigint, value),
        int number => Typed(NpgsqlDbType.Bigint, (long)number),
        bool flag => Typed(NpgsqlDbType.Bigint, flag ? 1L : 0L),
        Guid => Typed(NpgsqlDbType.Uuid, value),
        DateTimeOffset time => Typed(NpgsqlDbType.Bigint, Microseconds.From(time)),
        double => Typed(NpgsqlDbType.Double, value),
        byte[] => Typed(NpgsqlDbType.Bytea, value),
        Guid[] or Guid?[] => Typed(NpgsqlDbType.Array | NpgsqlDbType.Uuid, value),
        string[] => Typed(NpgsqlDbType.Array | NpgsqlDbType.Text, value),
        long[] or long?[] => Typed(NpgsqlDbType.Array | NpgsqlDbType.Bigint, value),
        double?[] => Typed(NpgsqlDbType.Array | NpgsqlDbType.Double, value),
        byte[][] => Typed(NpgsqlDbType.Array | NpgsqlDbType.Bytea, value),
        _ => throw new ArgumentException($"A {value.GetType().Name} cannot be a parameter."),
    };

    private static NpgsqlParameter Typed(NpgsqlDbType type, object value) => new() { NpgsqlDbType = type, Value = value };
}
