using Npgsql;
using Parley.Core;

namespace Parley.Storage.Postgres;

/// <summary>
/// The way to the database: its connections and who passes to them. A line that leads nowhere any more is cut, and another takes its place: whoever waits on it is answered at once,
/// and what hangs on its connections ends when they do.
/// </summary>
internal sealed class PostgresLine : IAsyncDisposable
{
    /// <summary>Halts, tokens, leases and the node itself: few and short, and never behind the others.</summary>
    private const int UrgentPlaces = 3;

    private readonly CancellationTokenSource cut = new();
    private readonly PostgresGate writes;
    private readonly PostgresGate reads;
    private readonly PostgresGate urgent;

    public PostgresLine(NpgsqlDataSource source, StorageOptions options, TimeProvider time)
    {
        Source = source;
        // Reads keep a quarter of the connections and the probe one, so that waiting writes never lock them out.
        var reading = Math.Max(1, options.PostgresConnections / 4);
        reads = new PostgresGate(reading, options.WriteQueueCapacity, time, cut.Token);
        writes = new PostgresGate(Math.Max(1, options.PostgresConnections - reading - UrgentPlaces - 1), options.WriteQueueCapacity, time, cut.Token);
        urgent = new PostgresGate(UrgentPlaces, options.WriteQueueCapacity, time, cut.Token);
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>Whether the database has answered on it; a line that took the place of a lost one has to show that first.</summary>
    public bool IsProven { get; set; }

    /// <summary>Cancelled when the line is cut.</summary>
    public CancellationToken Cut => cut.Token;

    public PostgresGate GateOf(bool writing, bool isUrgent) => isUrgent ? urgent : writing ? writes : reads;

    public Task CutAsync() => cut.CancelAsync();

    /// <summary>The answer to whoever waited on a line that was cut.</summary>
    public static ParleyError Lost(bool committing)
    {
        var cause = new TimeoutException("the database did not answer");
        return committing ? StorageErrors.OutcomeUnknown(cause) : StorageErrors.Unavailable(cause.Message, cause);
    }

    public async ValueTask DisposeAsync()
    {
        await writes.DrainAsync();
        await reads.DrainAsync();
        await urgent.DrainAsync();
        await Source.DisposeAsync();
        writes.Dispose();
        reads.Dispose();
        urgent.Dispose();
        cut.Dispose();
    }
}
