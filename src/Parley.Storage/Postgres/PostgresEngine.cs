using Npgsql;
using Parley.Core;
using Parley.Core.Maintenance;

namespace Parley.Storage.Postgres;

/// <summary>PostgreSQL: a bounded pool, one transaction a unit, few round trips, another try after a lost race, and an answer also where the database gives none.</summary>
internal sealed class PostgresEngine : IEngine
{
    private const int MostAttempts = 5;
    private const string BeginWrite = "begin isolation level read committed";
    private const string BeginRead = "begin isolation level repeatable read read only";

    /// <summary>The database answers a question about its settings at once, however busy it is; if not, nothing comes through.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly Func<PostgresLine> _open;
    private readonly HealthState _health;
    private readonly PostgresDurability _durability;
    private readonly PostgresProbe _probe;
    private readonly TimeProvider _time;
    private readonly ParameterTypes _types = new();
    private PostgresLine _line;
    private volatile bool _stopping;

    private PostgresEngine(PostgresLine line, Func<PostgresLine> open, PostgresDurability durability, TimeProvider time)
    {
        (_line, _open, _durability, _time) = (line, open, durability, time);
        _health = new HealthState(time);
        _probe = new PostgresProbe(() => Line, _health, durability, time);
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

    private PostgresLine Line => Volatile.Read(ref _line);

    public static async Task<PostgresEngine> OpenAsync(StorageOptions options, TimeProvider time, CancellationToken ct)
    {
        var durability = new PostgresDurability(options.Relaxed);
        PostgresLine Open() => new(PostgresSource.Open(options, durability.SeenAsync), options, time);
        var line = Open();
        try
        {
            await durability.CheckAsync(line.Source, ct);
            durability.Settled();
            line.IsProven = true;
            return new PostgresEngine(line, Open, durability, time);
        }
        catch (Exception failure)
        {
            await line.DisposeAsync();
            if (failure is NpgsqlException or TimeoutException)
                throw StorageErrors.NotOpened(failure.Message, "Check --database, that PostgreSQL runs there, and that it lets this user in.", failure);
            throw;
        }
    }

    public async Task<T> WriteAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct, bool urgent = false)
    {
        RefuseUnlessReady();
        var line = Line;
        var gate = line.GateOf(writing: true, urgent);
        await gate.EnterAsync(ct);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                RefuseUnlessReady();
                try
                {
                    return await RunAsync(line, work, BeginWrite, ct);
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
            gate.Leave();
        }
    }

    public async Task<T> ReadAsync<T>(Func<Session, ValueTask<T>> work, CancellationToken ct, bool urgent = false)
    {
        RefuseUnlessReached();
        var line = Line;
        var gate = line.GateOf(writing: false, urgent);
        await gate.EnterAsync(ct);
        try
        {
            RefuseUnlessReached();
            return await RunAsync(line, work, BeginRead, ct);
        }
        catch (PostgresException failure) when (PostgresErrors.IsLostRace(failure))
        {
            throw PostgresErrors.Translate(failure, committing: false);
        }
        finally
        {
            gate.Leave();
        }
    }

    public void Doubt(ParleyError reason) => _probe.Report(reason);

    public async Task RefreshAsync(CancellationToken ct)
    {
        var line = Line;
        var check = _durability.CheckAsync(line.Source, ct);
        try
        {
            await check.WaitAsync(Patience, _time, ct);
        }
        catch (TimeoutException) when (!check.IsCompleted)
        {
            Forget(check);
            // One that has not answered yet is the probe's.
            if (line.IsProven)
                await ReplaceAsync(line);
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
        await _probe.DisposeAsync();
        await Line.DisposeAsync();
    }

    /// <summary>Nothing comes through: everybody who waits is answered, and what comes next is refused until the probe has reached the database on a new line.</summary>
    private async Task ReplaceAsync(PostgresLine lost)
    {
        var next = _open();
        if (Interlocked.CompareExchange(ref _line, next, lost) != lost)
        {
            await next.DisposeAsync();
            return;
        }

        _probe.Report(new TimeoutException("it does not answer"));
        await lost.CutAsync();
        Forget(lost.Source.DisposeAsync().AsTask());
    }

    /// <summary>What nobody waits for any more.</summary>
    private static void Forget(Task task) => task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void RefuseIfStopping()
    {
        if (_stopping)
            throw StorageErrors.ShuttingDown();
    }

    private void RefuseUnlessReached()
    {
        RefuseIfStopping();
        if (!Line.IsProven && !_durability.IsSettling)
            throw StorageErrors.Unavailable(_health.Current.Reason);
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

    private async Task<T> RunAsync<T>(PostgresLine line, Func<Session, ValueTask<T>> work, string begin, CancellationToken ct)
    {
        if (line.Cut.IsCancellationRequested)
            throw PostgresLine.Lost(committing: false);
        var point = new CommitPoint();
        var running = RunAsync(line.Source, work, begin, point, ct);
        try
        {
            return await running.WaitAsync(line.Cut);
        }
        catch (OperationCanceledException) when (line.Cut.IsCancellationRequested)
        {
            if (running.IsCompletedSuccessfully)
                return await running;
            Forget(running);
            throw PostgresLine.Lost(committing: !point.TryClose() && begin == BeginWrite);
        }
    }

    private async Task<T> RunAsync<T>(NpgsqlDataSource source, Func<Session, ValueTask<T>> work, string begin, CommitPoint point, CancellationToken ct)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(ct);
            var session = new PostgresSession(connection, _types, begin, ct);
            try
            {
                var result = await work(session);
                if (!point.TryPass())
                    throw PostgresLine.Lost(committing: false);
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
            // A read that tries to write is our own mistake and says nothing about the server, nor does a line that was given up.
            var isOurs = begin == BeginRead && failure is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };
            if (PostgresErrors.IsOutage(failure) && !isOurs && Line.Source == source)
                _probe.Report(failure);
            throw PostgresErrors.Translate(failure, point.IsPassed);
        }
    }
}
