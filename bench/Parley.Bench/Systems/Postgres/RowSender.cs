using System.Globalization;
using System.Threading.Channels;
using Npgsql;

namespace Parley.Bench.Systems.Postgres;

/// <summary>
/// Inserts messages. What is sent while an insert is under way goes into the next one, up to the window. The notification follows the
/// commit in the same packet but in a transaction of its own: inside the insert's it would make all commits wait for each other.
/// </summary>
sealed class RowSender(NpgsqlConnection connection, string insert, int number, int window)
{
    public const string ToOneQueue = "INSERT INTO messages (queue, payload) SELECT $1, unnest($2)";

    public const string ToQueuesUpTo = """
        INSERT INTO messages (queue, payload)
        SELECT queue, payload FROM unnest($2) AS payload CROSS JOIN generate_series(0, $1 - 1) AS queue
        """;

    readonly Channel<(byte[] Payload, TaskCompletionSource Stored)> waiting =
        Channel.CreateUnbounded<(byte[], TaskCompletionSource)>(new() { SingleReader = true });

    public Task SendAsync(ReadOnlyMemory<byte> payload)
    {
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.Writer.TryWrite((payload.ToArray(), stored));
        return stored.Task;
    }

    public async Task InsertAsync(CancellationToken cancellation)
    {
        var payloads = new NpgsqlParameter<byte[][]> { TypedValue = [] };
        await using var batch = new NpgsqlBatch(connection) { EnableErrorBarriers = true };
        batch.BatchCommands.Add(new(insert) { Parameters = { new NpgsqlParameter<int> { TypedValue = number }, payloads } });
        batch.BatchCommands.Add(new("SELECT pg_notify('wake', $1)")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = number.ToString(CultureInfo.InvariantCulture) } },
        });
        await batch.PrepareAsync(cancellation);

        var taken = new List<(byte[] Payload, TaskCompletionSource Stored)>();
        while (await waiting.Reader.WaitToReadAsync(cancellation))
        {
            while (taken.Count < window && waiting.Reader.TryRead(out var next))
                taken.Add(next);
            payloads.TypedValue = [.. taken.Select(message => message.Payload)];
            await batch.ExecuteNonQueryAsync(cancellation);
            foreach (var (_, stored) in taken)
                stored.SetResult();
            taken.Clear();
        }
    }
}
