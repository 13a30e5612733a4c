using System.Runtime.ExceptionServices;
using Npgsql;

namespace Parley.Storage.Postgres;

/// <summary>
/// One transaction on one connection. Its BEGIN travels with the first statement, queued statements with the next one, and the last of them
/// with the COMMIT.
/// </summary>
internal sealed class PostgresSession : Session
{
    private readonly NpgsqlConnection _connection;
    private readonly ParameterTypes _types;
    private readonly CancellationToken _ct;
    private readonly List<NpgsqlBatchCommand> _queued = [];
    private readonly List<Later> _ahead = [];
    private ExceptionDispatchInfo? _failure;

    public PostgresSession(NpgsqlConnection connection, ParameterTypes types, string begin, CancellationToken ct)
    {
        (_connection, _types, _ct) = (connection, types, ct);
        _queued.Add(new NpgsqlBatchCommand(begin));
    }

    public override Dialect Dialect => Dialect.Postgres;

    /// <summary>Whether anything was sent, so that there is a transaction to end.</summary>
    public bool Began { get; private set; }

    public override ValueTask<T?> FirstAsync<T>(string sql, Func<Row, T> map, params object?[] args)
        where T : default => SendAsync(sql, args, async reader =>
        {
            var result = await reader.ReadAsync(_ct) ? map(new Row(reader)) : default;
            await reader.NextResultAsync(_ct);
            return result;
        });

    public override ValueTask<List<T>> ListAsync<T>(string sql, Func<Row, T> map, params object?[] args) => SendAsync(sql, args, async reader =>
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(_ct))
            rows.Add(map(new Row(reader)));
        await reader.NextResultAsync(_ct);
        return rows;
    });

    public override async ValueTask<int> ExecuteAsync(string sql, params object?[] args)
    {
        var command = _types.Command(sql, args);
        await SendAsync(command, async reader =>
        {
            while (await reader.NextResultAsync(_ct)) { }
            return 0;
        });
        return command.RecordsAffected < 0 ? 0 : command.RecordsAffected;
    }

    public override void Queue(string sql, params object?[] args) => _queued.Add(_types.Command(sql, args));

    public override Later<T> Ahead<T>(string sql, Func<Row, T> map, params object?[] args)
    {
        var row = new Later<T>(map);
        _queued.Add(_types.Command(sql, args));
        _ahead.Add(row);
        return row;
    }

    public override async ValueTask ScriptAsync(string sql)
    {
        if (_queued.Count > 0)
            await SendAsync(null, reader => reader.NextResultAsync(_ct));
        await using var script = new NpgsqlCommand(sql, _connection);
        try
        {
            await script.ExecuteNonQueryAsync(_ct);
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
            throw;
        }
    }

    /// <summary>Sends what is queued together with the COMMIT. Not cancelled: only its answer tells whether the transaction happened.</summary>
    public async Task CommitAsync()
    {
        // PostgreSQL answers the COMMIT of a failed transaction with a friendly ROLLBACK.
        _failure?.Throw();
        if (!Began && _queued.Count == 1)
            return;
        await using var batch = Take(new NpgsqlBatchCommand("commit"));
        using var replica = new ReplicaWait(_connection);
        await using (var reader = await batch.ExecuteReaderAsync(CancellationToken.None))
        {
            await ReadAheadAsync(reader, CancellationToken.None);
            while (await reader.NextResultAsync(CancellationToken.None)) { }
        }
        replica.ThrowIfGivenUp();
    }

    /// <summary>Ends the transaction without effect.</summary>
    public async Task RollbackAsync()
    {
        if (!Began || _connection.State != System.Data.ConnectionState.Open)
            return;
        await using var rollback = new NpgsqlCommand("rollback", _connection);
        await rollback.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private ValueTask<T> SendAsync<T>(string sql, object?[] args, Func<NpgsqlDataReader, Task<T>> read) => SendAsync(_types.Command(sql, args), read);

    private async ValueTask<T> SendAsync<T>(NpgsqlBatchCommand? command, Func<NpgsqlDataReader, Task<T>> read)
    {
        _failure?.Throw();
        try
        {
            await using var batch = Take(command);
            await using var reader = await batch.ExecuteReaderAsync(_ct);
            await ReadAheadAsync(reader, _ct);
            return await read(reader);
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
        {
            _failure = ExceptionDispatchInfo.Capture(failure);
            throw PostgresErrors.Constraint(failure) ?? failure;
        }
    }

    private async ValueTask ReadAheadAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        foreach (var row in _ahead)
            await row.ReadAsync(reader, ct);
        _ahead.Clear();
    }

    private NpgsqlBatch Take(NpgsqlBatchCommand? last)
    {
        var batch = new NpgsqlBatch(_connection);
        foreach (var command in _queued)
            batch.BatchCommands.Add(command);
        if (last is not null)
            batch.BatchCommands.Add(last);
        _queued.Clear();
        Began = true;
        return batch;
    }
}
