using System.Globalization;
using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Tests.Storage.Conformance;

/// <summary>
/// 8 readers follow their cursor through two nodes while 32 writers keep their transactions open after their numbers were given out.
/// <c>./test cursor --reads 1000000</c> runs it longer.
/// </summary>
public sealed class CursorRaceTests() : Conformance(new PostgresStore())
{
    private const int Writers = 32, Readers = 8, PageRows = 500, UsualReads = 2_000;
    private static readonly TimeSpan s_long = TimeSpan.FromHours(2);
    private TestHouse other = null!;
    private long reads;

    private static long Reads => long.TryParse(Environment.GetEnvironmentVariable("PARLEY_CURSOR_READS"), CultureInfo.InvariantCulture, out var reads) ? reads : UsualReads;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        other = await TestHouse.OpenAsync(Store, House.Clock);
    }

    public override async ValueTask DisposeAsync()
    {
        if (other is not null)
        {
            await other.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    [Fact]
    public async Task Readers_that_follow_their_cursor_skip_nothing_of_32_writers_with_delayed_commits()
    {
        var hub = await House.AgentAsync("hub");
        var senders = new List<Caller>();
        for (var i = 0; i < Writers; i++)
        {
            senders.Add(await House.AgentAsync($"writer-{i}"));
            await House.LinkAsync(hub, senders[i], new LinkSettings(MessagesPerWindow: 500));
        }

        var (head, received) = await RaceAsync(
            Reads,
            (node, writer, turn) => turn % 16 == 0 ? node.SayAsync(senders[writer], "hub", $"{turn}") : NoticeSlowlyAsync(node, hub, turn),
            async (node, after) => [.. (await node.InboxAsync(hub, after)).Select(item => item.Number)]);
        received.ShouldAllBe(numbers => numbers.Count == head && numbers.InOrder);
    }

    [Fact]
    public async Task The_same_readers_skip_what_a_sequence_has_numbered()
    {
        await House.Database.Engine.WriteAsync(session => session.ExecuteAsync("create table naive (id bigserial primary key, text text)"), Ct);
        var (head, received) = await RaceAsync(
            UsualReads,
            (node, _, turn) => node.Database.Engine.WriteAsync(
                async session =>
                {
                    var id = await session.FirstAsync("insert into naive (text) values ($1) returning id", row => row.Long(0), $"{turn}");
                    return await SlowlyAsync(id, async () => await session.FirstAsync("select 1", row => row.Long(0)));
                },
                Ct),
            (node, after) => node.Database.Engine.ReadAsync(
                session => session.ListAsync("select id from naive where id > $1 order by id limit $2", row => row.Long(0), after, PageRows), Ct));
        received.Sum(numbers => head - numbers.Count).ShouldBeGreaterThan(0, "the naive numbers must be skipped, or the rig proves nothing");
    }

    /// <summary>Writes and reads at once until so many reads were made; then each reader reads on to the end. How many were written, and what each reader got.</summary>
    private async Task<(long Written, IReadOnlyList<(long Count, bool InOrder)> Received)> RaceAsync(
        long most, Func<TestHouse, int, int, Task> write, Func<TestHouse, long, Task<List<long>>> read)
    {
        var limit = most > UsualReads ? s_long : Patience;
        long written = 0;
        var settled = new Signal();
        var readers = Enumerable.Range(0, Readers).Select(i => Task.Run(() => FollowAsync(after => read(Node(i), after), settled), Ct)).ToList();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var turn = 0; turn < 8 || Interlocked.Read(ref reads) < most; turn++)
            {
                await write(Node(writer), writer, turn);
                Interlocked.Increment(ref written);
            }
        }))).Within(limit);
        settled.Raise();
        var received = await Task.WhenAll(readers).Within(limit);
        TestContext.Current.TestOutputHelper!.WriteLine($"{reads} reads of {written} messages, {received.Sum(numbers => written - numbers.Count)} skipped");
        return (written, received);
    }

    private TestHouse Node(int index) => index % 2 == 0 ? House : other;

    private static Task<InboxPosition> NoticeSlowlyAsync(TestHouse node, Caller hub, int turn) => node.Database.WriteAsync(
        async unit =>
        {
            var position = await SystemNotice.WriteAsync(unit, hub.OrganizationId, hub.Id, "delayed", $"{turn}", about: null, node.Now);
            return await SlowlyAsync(position, async () => await unit.Agents.FindAsync(hub.OrganizationId, hub.Id));
        },
        Ct);

    /// <summary>Keeps a transaction open for some turns after its number was given out.</summary>
    private static async ValueTask<T> SlowlyAsync<T>(T result, Func<ValueTask> ask)
    {
        for (var turns = Random.Shared.Next(20); turns > 0; turns--)
        {
            await Task.Yield();
            await ask();
        }

        return result;
    }

    /// <summary>Reads after the last number it has seen, as a client does, and once more to the end after all was written.</summary>
    private async Task<(long Count, bool InOrder)> FollowAsync(Func<long, Task<List<long>>> read, Signal settled)
    {
        var (last, count, inOrder) = (0L, 0L, true);
        while (true)
        {
            var end = settled.IsRaised;
            var page = await read(last);
            Interlocked.Increment(ref reads);
            foreach (var number in page)
            {
                inOrder &= number == last + 1;
                (last, count) = (number, count + 1);
            }

            if (end && page.Count == 0)
            {
                return (count, inOrder);
            }
        }
    }
}
