using Parley.Client;
using Parley.Client.Wire;

namespace Parley.EndToEnd.Tests.Crash;

/// <summary>G12: connections that stop reading. <c>./test crash --consumers 200</c> takes more of them, and then compares the times of the others with those beside as many that read.</summary>
public sealed class SlowConsumerTests
{
    private const int PerAgent = 20;
    private const int Workers = 5;
    private const int MostGrowth = 100;
    private const int Posts = 600;
    private const int ComparedFrom = 200; // a short run is no measurement
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_untilClosed = TimeSpan.FromSeconds(4);
    private static readonly string s_text = new('x', 8_000);

    [Fact]
    public async Task Connections_that_do_not_read_are_closed_cost_little_memory_and_recover_by_cursor()
    {
        using var folder = new TempFolder();
        await using var server = new ServerProcess(folder["data"]);
        await server.MustStartAsync();
        using var owner = server.Owner();
        var count = CrashRun.Rounds("CONSUMERS", 20);
        var workers = await AgentsAsync(owner, "worker", Workers);
        await WorkAsync(workers, server, 100); // memory and code are warm
        var usual = await BesideReadersAsync(server, workers, await AgentsAsync(owner, "reader", (count + PerAgent - 1) / PerAgent), count);
        var sleepers = await AgentsAsync(owner, "sleeper", (count + PerAgent - 1) / PerAgent);
        var slow = await Task.WhenAll(Enumerable.Range(0, count).Select(index => SlowConsumer.ConnectAsync(server.Address, sleepers[index / PerAgent])));

        var before = server.ResidentMegabytes;
        var started = TimeProvider.System.GetTimestamp();
        var (times, most) = await WorkAsync(workers, server, Posts);
        var posts = Posts;
        for (; TimeProvider.System.GetElapsedTime(started) < s_untilClosed; posts += 50)
        {
            await WorkAsync(workers, server, 50); // a client that reads again before it counts as slow is not closed
        }

        foreach (var consumer in slow)
        {
            var (numbers, code, reason) = await consumer.ReadToTheEndAsync().Within(s_patience);
            code.ShouldBe(4008);
            numbers.ShouldBe(Enumerable.Range(1, numbers.Count).Select(number => (long)number));
            reason.ShouldEndWith($"-{numbers.Count}");
            consumer.Dispose();
        }

        foreach (var token in sleepers)
        {
            (await RecoveredAsync(server, token)).ShouldBe(posts * Workers);
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{count} connections that do not read: memory {before} MiB, at most {most} MiB; the others' sends p50 {Part(times, 0.5)} ms, p99 {Part(times, 0.99)} ms; beside as many that read p50 {Part(usual, 0.5)} ms, p99 {Part(usual, 0.99)} ms");
        (most - before).ShouldBeLessThan(MostGrowth);
        if (count >= ComparedFrom)
        {
            Part(times, 0.99).ShouldBeLessThan(2 * Part(usual, 0.99));
        }
    }

    private static double Part(List<double> sorted, double part) => sorted[(int)(sorted.Count * part)];

    /// <summary>The times of the same work beside as many connections that read.</summary>
    private static async Task<List<double>> BesideReadersAsync(ServerProcess server, List<string> workers, List<string> readers, int count)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, count).Select(index => SlowConsumer.ConnectAsync(server.Address, readers[index / PerAgent])));
        using var done = new CancellationTokenSource();
        var reading = connections.Select(connection => connection.ReadUntilAsync(done.Token)).ToList();
        var (times, _) = await WorkAsync(workers, server, Posts);
        await done.CancelAsync();
        (await Task.WhenAll(reading)).ShouldAllBe(frames => frames > Posts);
        foreach (var connection in connections)
        {
            connection.Dispose();
        }

        return times;
    }

    private static async Task<List<string>> AgentsAsync(ParleyClient owner, string name, int count)
    {
        var tokens = new List<string>();
        for (var number = 1; number <= count; number++)
        {
            await owner.Agents.AddAsync(new AddAgentRequest($"{name}{number}", Project: "default"));
            tokens.Add((await owner.Tokens.IssueAsync(new IssueTokenRequest($"{name}{number}"))).Secret);
        }

        return tokens;
    }

    /// <summary>Everybody posts to the channel; the times of the sends in order of length, and the most memory that the server held.</summary>
    private static async Task<(List<double> Times, long Most)> WorkAsync(List<string> workers, ServerProcess server, int posts)
    {
        var times = new List<double>();
        long most = 0;
        await Task.WhenAll(workers.Select(async token =>
        {
            using var client = new ParleyClient(server.Address, token);
            for (var post = 0; post < posts; post++)
            {
                var started = TimeProvider.System.GetTimestamp();
                await client.Messages.SendAsync("#general", s_text);
                lock (times)
                {
                    times.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
                    most = Math.Max(most, server.ResidentMegabytes);
                }
            }
        }));
        times.Sort();
        return (times, most);
    }

    private static async Task<int> RecoveredAsync(ServerProcess server, string token)
    {
        using var client = new ParleyClient(server.Address, token);
        var (cursor, count) = ("0", 0);
        while (await client.Inbox.ReadAsync(cursor, 500) is { Items.Count: > 0 } page)
        {
            page.Items.Select(message => message.InboxNumber!.Value).ShouldBe(Enumerable.Range(count + 1, page.Items.Count).Select(number => (long)number));
            (cursor, count) = (page.Cursor, count + page.Items.Count);
        }

        return count;
    }
}
