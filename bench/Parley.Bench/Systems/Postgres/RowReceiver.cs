using Npgsql;
using Parley.Bench.Works;

namespace Parley.Bench.Systems.Postgres;

/// <summary>
/// Claims the rows of its queues by deleting them in a transaction whose commit is the acknowledgement. The commit of one claim and the
/// next claim travel together.
/// </summary>
sealed class RowReceiver(NpgsqlConnection connection, int[] queues, int batch, Wake wake)
{
    const string Claim = """
        DELETE FROM messages WHERE queue = $1 AND id = ANY (ARRAY(
            SELECT id FROM messages WHERE queue = $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED))
        RETURNING payload
        """;

    public int QueueCount => queues.Length;

    public async Task ReceiveAsync(IReadOnlyList<Inbox> inboxes, CancellationToken cancellation)
    {
        var queue = new NpgsqlParameter<int> { TypedValue = queues[0] };
        await using var begin = new NpgsqlCommand("BEGIN", connection);
        await begin.ExecuteNonQueryAsync(cancellation);
        await using var commitAndClaim = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("COMMIT"),
                new("BEGIN"),
                new(Claim) { Parameters = { queue, new NpgsqlParameter<int> { TypedValue = batch } } },
            },
        };
        await commitAndClaim.PrepareAsync(cancellation);

        while (true)
        {
            for (var index = 0; index < queues.Length; index++)
            {
                queue.TypedValue = queues[index];
                int claimed;
                var held = 0;
                do
                {
                    claimed = await ClaimAsync(commitAndClaim, inboxes[index], cancellation);
                    if (held > 0)
                        inboxes[index].Acknowledged(held);
                    held = claimed;
                }
                while (claimed > 0);
            }

            await wake.WaitAsync(cancellation);
        }
    }

    static async Task<int> ClaimAsync(NpgsqlBatch commitAndClaim, Inbox inbox, CancellationToken cancellation)
    {
        var count = 0;
        await using var rows = await commitAndClaim.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            inbox.Received(rows.GetFieldValue<byte[]>(0));
            count++;
        }

        return count;
    }
}
