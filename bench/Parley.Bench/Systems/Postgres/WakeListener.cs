using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Npgsql;

namespace Parley.Bench.Systems.Postgres;

/// <summary>
/// The one connection that listens; it wakes the receivers in this program. (With a listening connection for each receiver every
/// notification would wake every backend.)
/// </summary>
sealed class WakeListener
{
    readonly NpgsqlConnection connection;
    readonly ConcurrentDictionary<int, ConcurrentBag<Wake>> subscribers = new();
    readonly Lock gate = new();
    Task? waiting;

    WakeListener(NpgsqlConnection connection)
    {
        this.connection = connection;
        connection.Notification += (_, notification) =>
        {
            if (subscribers.TryGetValue(int.Parse(notification.Payload, CultureInfo.InvariantCulture), out var wakes))
                foreach (var wake in wakes)
                    wake.Set();
        };
    }

    public static async Task<WakeListener> StartAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var listen = new NpgsqlCommand("LISTEN wake", connection);
        await listen.ExecuteNonQueryAsync(cancellation);
        return new WakeListener(connection);
    }

    public Wake Subscribe(int number)
    {
        var wake = new Wake();
        subscribers.GetOrAdd(number, _ => []).Add(wake);
        return wake;
    }

    /// <summary>Listens until cancelled; all routes share one loop.</summary>
    public Task ListenAsync(CancellationToken cancellation)
    {
        lock (gate)
            return waiting ??= WaitAsync(cancellation);
    }

    async Task WaitAsync(CancellationToken cancellation)
    {
        while (true)
            await connection.WaitAsync(cancellation);
    }
}

/// <summary>Remembers one wake-up until it is waited for.</summary>
sealed class Wake
{
    readonly Channel<bool> one = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => one.Writer.TryWrite(true);

    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => one.Reader.ReadAsync(cancellation);
}
