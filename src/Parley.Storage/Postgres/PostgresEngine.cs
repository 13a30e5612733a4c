using Npgsql;
using Parley.Core;
using Parley.Core.Maintenance;

namespace Parley.Storage.Postgres;

/// <summary>PostgreSQL: a bounded pool, one transaction a unit, few round trips, and another try after a lost race.</summary>
internal sealed class PostgresEngine : IEngine
{
    private const int MostAttempts = 5;
    private const string BeginWrite = "begin isolation level read committed";
    private const string BeginRead = "begin isolation level repeatable read read only";

    private readonly NpgsqlDataSource _source;
    private readonly HealthState _health;
    private readonly PostgresDurability _durability;
    private readonly PostgresProbe _probe;
    private readonly PostgresGate _writes;
    private readonly PostgresGate _reads;
    private readonly ParameterTypes _types = new();
    private volatile bool _stopping;

    private PostgresEngine(NpgsqlDataSource source, PostgresDurability durability, StorageOptions options, TimeProvider time)
    {
        _source = source;
        _durability = durability;
        _health = new HealthState(time);
        _probe = new PostgresProbe(source, _health, durability, time);
        // Reads keep a quarter of the connections and the probe one, so that waiting writes never lock them out.
        var reading = Math.Max(1, options.PostgresConnections / 4);
        _reads = new PostgresGate(reading, options.WriteQueueCapacity);
        _writes = new PostgresGate(Math.Max(1, options.PostgresConnections - reading - 1), options.WriteQueueCapacity);
    }

    public Dialect Dialect => Dialect.Postgres;

    public StorageHealth Health => _health.Current;

    public event Action<StorageHealth>? HealthChanged
    {
        add => _health.Changed += value;
        remove => _health.Changed -= value;
    }

    public int PipelineDepth => 1;

    public string Durability => _durability.Current;

    public Lineage? Lineage => _durability.Lineage;

    public Func<CancellationToken, Task> Settle
    {
        set => _probe.Settle = value;
    }

    public static async Task<PostgresEngine> OpenAsync(StorageOptions options, TimeProvider time, CancellationToken ct)
    {
        var durability = new PostgresDurability(options.Relaxed);
        var source = PostgresSource.Open(options, durability.SeenAsync);
        try
        {
            await durability.CheckAsync(source, ct);
            durability.Settled();
            return new PostgresEngine(source, durability, options, time);
        }
        catch (Exception failure)
        {
            await source.DisposeAsync();
            if (failure is NpgsqlException or TimeoutException)
                throw StorageErrors.NotOpened(failure.Message, "Check --database, that PostgreSQL runs there, and that it lets this user in.", failure);
            throw;
        }
    }

    public async Task<T> WriteAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct)
    {
        RefuseUnlessReady();
        await _writes.EnterAsync(ct);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                RefuseUnlessReady();
                try
                {
                    return await RunAsync(work, BeginWrite, ct);
                }
                catch (PostgresException failure) when (PostgresErrors.IsLostRace(failure) && attempt < MostAttempts)
                {
                    continue;
                }
                catch (RunAgainException) when (attempt < MostAttempts)
                {
                    continue;
                }
                catch (ConstraintException failure) when (failure.Unique && attempt < MostAttempts)
                {
                    // Another transaction was faster to store the same: run again, the unit sees it and decides by its rules.
                    continue;
                }
                catch (PostgresException failure) when (PostgresErrors.IsLostRace(failure))
                {
                    throw PostgresErrors.Translate(failure, committing: false);
                }
            }
        }
        finally
        {
            _writes.Leave();
        }
    }

    public async Task<T> ReadAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct)
    {
        RefuseIfStopping();
        await _reads.EnterAsync(ct);
        try
        {
            RefuseIfStopping();
            return await RunAsync(work, BeginRead, ct);
        }
        finally
        {
            _reads.Leave();
        }
    }

    public async Task RefreshAsync(CancellationToken ct)
    {
        try
        {
            await _durability.CheckAsync(_source, ct);
        }
        catch (ParleyError failure)
        {
            // Sending goes on when the probe has found the settings safe again.
            _probe.Report(failure);
        }
        catch (Exception failure) when (PostgresErrors.IsOutage(failure))
        {
            _probe.Report(failure);
        }
    }

    public Task<List<Finding>> InspectAsync(CancellationToken ct) => ReadAsync(PostgresInspection.ReadAsync, ct);

    public async ValueTask DisposeAsync()
    {
        if (_stopping)
            return;
        _stopping = true;
        await _writes.DrainAsync();
        await _reads.DrainAsync();
        await _probe.DisposeAsync();
        await _source.DisposeAsync();
        _writes.Dispose();
        _reads.Dispose();
    }

    private void RefuseIfStopping()
    {
        if (_stopping)
            throw StorageErrors.ShuttingDown();
    }

    private void RefuseUnlessReady()
    {
        RefuseIfStopping();
        if (_durability.IsSettling)
            return;
        var health = _health.Current;
        if (health.State == StorageState.Full)
            throw StorageErrors.Full();
        if (health.State == StorageState.Faulted)
            throw StorageErrors.Unavailable(health.Reason);
    }

    private async Task<T> RunAsync<T>(Func<Session, ValueTask<T>> work, string begin, CancellationToken ct)
    {
        var committing = false;
        try
        {
            await using var connection = await _source.OpenConnectionAsync(ct);
            var session = new PostgresSession(connection, _types, begin, ct);
            try
            {
                var result = await work(session);
                committing = true;
                await session.CommitAsync();
                return result;
            }
            catch
            {
                await session.RollbackAsync();
                throw;
            }
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException && !PostgresErrors.IsLostRace(failure))
        {
            // A read that tries to write is our own mistake and says nothing about the server.
            var isOurs = begin == BeginRead && failure is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };
            if (PostgresErrors.IsOutage(failure) && !isOurs)
                _probe.Report(failure);
            throw PostgresErrors.Translate(failure, committing);
        }
    }
}
