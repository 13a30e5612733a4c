using Npgsql;
using Parley.Core.Links;

namespace Parley.Tests.Storage.SqlDoor;

/// <summary>Readers that poll by the last id they saw, while many writers commit in another order than they inserted.</summary>
public sealed class ChatPollingTests
{
    private const int Writers = 32, Messages = 5, Readers = 8;
    private static readonly TimeSpan Patience = Waiting.Patience;

    [Fact]
    public async Task Polling_by_the_last_id_never_skips_a_message_of_concurrent_writers()
    {
        await using var rig = await DoorRig.CreateAsync();
        await rig.AddAgentAsync("peer");
        var reader = await rig.ConnectAsync("peer");
        var writers = new List<NpgsqlDataSource>();
        for (var i = 0; i < 4; i++)
        {
            await rig.AddAgentAsync($"writer{i}");
            await rig.LinkAsync($"writer{i}", "peer", new LinkSettings(MessagesPerWindow: 500));
            writers.Add(await rig.ConnectAsync($"writer{i}"));
        }

        using var stop = new CancellationTokenSource();
        var taking = rig.KeepTakingAsync(stop.Token);
        var faults = await RunAsync(
            writers, "insert into agent_chat (message, mentions) values ($1, array['peer'])", reader,
            "select id, message, created_at from agent_chat where mentions @> array['peer'] and id > $1 order by created_at", rig.TakeAsync);
        await stop.CancelAsync();
        await taking.Within(Patience);
        faults.ShouldBe((0, 0));
    }

    [Fact]
    public async Task The_same_readers_do_skip_messages_of_a_table_with_a_serial_id()
    {
        await using var rig = await DoorRig.CreateAsync();
        var owner = rig.ConnectAsOwner();
        await owner.RunAsync("create table naive (id bigserial primary key, message text, created_at timestamptz default now())");
        var faults = await RunAsync(
            [owner], "insert into naive (message) values ($1)", owner, "select id, message, created_at from naive where id > $1 order by created_at", () => Task.CompletedTask);
        faults.Skipped.ShouldBeGreaterThan(0);
    }

    /// <summary>How often a reader did not see a message, and how often one saw it twice, over all readers; each reads once more after all is settled.</summary>
    private static async Task<(int Skipped, int Twice)> RunAsync(List<NpgsqlDataSource> writers, string insert, NpgsqlDataSource reader, string poll, Func<Task> settle)
    {
        var written = new Signal();
        var readers = Enumerable.Range(0, Readers).Select(_ => ReadAsync(reader, poll, written)).ToList();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => WriteAsync(writers[i % writers.Count], insert, i))).Within(Patience);
        await settle().Within(Patience);
        written.Raise();
        var (skipped, twice) = (0, 0);
        foreach (var seen in await Task.WhenAll(readers).Within(Patience))
        {
            var once = seen.Distinct().Count();
            skipped += (Writers * Messages) - once;
            twice += seen.Count - once;
        }

        return (skipped, twice);
    }

    private static async Task WriteAsync(NpgsqlDataSource source, string insert, int writer)
    {
        var random = new Random(writer);
        for (var i = 0; i < Messages; i++)
        {
            await using var connection = await source.OpenConnectionAsync(DoorRig.Ct);
            await using var transaction = await connection.BeginTransactionAsync(DoorRig.Ct);
            await using var command = new NpgsqlCommand(insert, connection, transaction) { Parameters = { new() { Value = $"{writer}/{i}" } } };
            await command.ExecuteNonQueryAsync(DoorRig.Ct);
            await using var delay = new NpgsqlCommand("select pg_sleep($1)", connection, transaction) { Parameters = { new() { Value = random.NextDouble() * 0.04 } } };
            await delay.ExecuteNonQueryAsync(DoorRig.Ct);
            await transaction.CommitAsync(DoorRig.Ct);
        }
    }

    private static async Task<List<string>> ReadAsync(NpgsqlDataSource source, string poll, Signal written)
    {
        var seen = new List<string>();
        long last = 0;
        for (var done = false; !done;)
        {
            done = written.IsRaised;
            await using var command = source.CreateCommand(poll);
            command.Parameters.Add(new NpgsqlParameter { Value = last });
            await using var rows = await command.ExecuteReaderAsync(DoorRig.Ct);
            while (await rows.ReadAsync(DoorRig.Ct))
            {
                last = rows.GetInt64(0);
                seen.Add(rows.GetString(1));
            }
        }

        return seen;
    }
}
