using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Parley.Bench.Processes;
using Parley.Bench.Report;
using Parley.Bench.Systems.Parley;
using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Bench.Measures;

/// <summary>`spawn`: how long a sub-agent takes from the spawn to its first model call, and from the model's last token to the result with its parent.</summary>
static partial class SpawnMeasure
{
    const int AtOnce = 20;
    const int WarmUp = 600;
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static System.CommandLine.Command Create() => MeasureCommand.Create(
        "spawn", "Sub-agents on a stub of a model that answers at once.", MeasureCommand.Size("--spawns", "How many are spawned, one at a time and 20 at once.", 400), MeasureAsync);

    static async Task<string> MeasureAsync(ParleySystem system, int spawns, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var times = new ConcurrentDictionary<string, Times>();
        await using var model = StubModel.StartAtOnce(request => Of(request).Asked = Stopwatch.GetTimestamp(), request => Of(request).Answered = Stopwatch.GetTimestamp());
        await using var server = await SpawnHouse.StartAsync(system, folder.Path, atOnce: 64, model.Address, cancellation);
        using var parents = new Parents(server, times);
        await parents.OpenAsync(AtOnce / SpawnHouse.Children, cancellation);

        // .NET compiles what is hot only after a while.
        await parents.RunAsync("warm-up", WarmUp, AtOnce, bySocket: true, cancellation);
        await parents.RunAsync("warm-up", WarmUp, atOnce: 1, bySocket: false, cancellation);

        var rows = new List<string[]>();
        foreach (var (work, bySocket, atOnce) in new[] { ("one at a time, WebSocket", true, 1), ("one at a time, long poll", false, 1), ("20 at once, WebSocket", true, AtOnce) })
        {
            var (machine, used, began) = (Machine.BusySeconds(), server.Processes.CpuSeconds(), Stopwatch.GetTimestamp());
            var done = await parents.RunAsync(work, spawns, atOnce, bySocket, cancellation);
            rows.Add(Row(work, done, Stopwatch.GetElapsedTime(began), server.Processes.CpuSeconds() - used, Machine.BusySeconds() - machine));
        }

        return Table.Of(
            1, ["work", "spawns", "accepted p50 ms", "p99", "first model call p50 ms", "p99", "last token to result p50 ms", "p99", "seconds", "server CPU s", "machine CPU s"], rows);

        Times Of(string request) => times[TaskOf().Match(request).Value];
    }

    static string[] Row(string work, List<Times> done, TimeSpan took, double serverCpu, double machineCpu)
    {
        var (accepted, asked, received) = (new Histogram(), new Histogram(), new Histogram());
        foreach (var times in done)
        {
            accepted.Add(times.Accepted - times.Began);
            asked.Add(times.Asked - times.Began);
            received.Add(times.Received.Task.Result - times.Answered);
        }

        return
        [
            work, done.Count.ToString(CultureInfo.InvariantCulture), .. Percentiles(accepted), .. Percentiles(asked), .. Percentiles(received),
            Table.Text("F1", took.TotalSeconds), Table.Text("F1", serverCpu), Table.Text("F1", machineCpu),
        ];
    }

    static string[] Percentiles(Histogram times) => [Table.Text("F1", times.Milliseconds(0.50)), Table.Text("F1", times.Milliseconds(0.99))];

    [GeneratedRegex(@"task-\d+")]
    private static partial Regex TaskOf();

    /// <summary>The moments of one sub-agent; the spawn's call comes first.</summary>
    sealed class Times
    {
        public readonly TaskCompletionSource<long> Received = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public long Began;
        public long Accepted;
        public long Asked;
        public long Answered;
    }

    /// <summary>Agents from outside that spawn, and wait for each result.</summary>
    sealed class Parents(ParleyServer server, ConcurrentDictionary<string, Times> times) : IDisposable
    {
        readonly List<ParleyClient> sockets = [];
        readonly List<ParleyClient> polls = [];
        readonly ConcurrentDictionary<string, Times> sessions = new();
        readonly CancellationTokenSource stop = new();
        int tasks;

        /// <summary>So many that receive by WebSocket and by long poll each.</summary>
        public async Task OpenAsync(int count, CancellationToken cancellation)
        {
            foreach (var token in await server.Accounts.AddAgentsAsync("socket", count, cancellation))
            {
                sockets.Add(new ParleyClient(server.Address, token));
                _ = ReceiveAsync(await server.ConnectAsync(token, cancellation));
            }

            foreach (var token in await server.Accounts.AddAgentsAsync("poll", count, cancellation))
            {
                polls.Add(new ParleyClient(server.Address, token));
                _ = PollAsync(polls[^1]);
            }
        }

        /// <summary>Spawns so many, in groups that end before the next begins.</summary>
        public async Task<List<Times>> RunAsync(string work, int spawns, int atOnce, bool bySocket, CancellationToken cancellation)
        {
            var done = new List<Times>();
            var callers = bySocket ? sockets : polls;
            while (done.Count < spawns)
            {
                var group = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(index => SpawnAsync(callers[index % callers.Count], cancellation)));
                try
                {
                    await Task.WhenAll(group.Select(one => one.Received.Task)).WaitAsync(Limit, TimeProvider.System, cancellation);
                }
                catch (TimeoutException)
                {
                    throw new BenchException($"{work}: a result has not come within {Limit.TotalSeconds} s.");
                }

                done.AddRange(group);
            }

            return done;
        }

        public void Dispose()
        {
            stop.Cancel();
            foreach (var client in sockets.Concat(polls))
                client.Dispose();
        }

        async Task<Times> SpawnAsync(ParleyClient client, CancellationToken cancellation)
        {
            var task = $"task-{Interlocked.Increment(ref tasks)}";
            var one = times[task] = new Times { Began = Stopwatch.GetTimestamp() };
            var accepted = await client.Sessions.SpawnAsync(new SpawnRequest(SpawnHouse.Worker, task), cancellation);
            one.Accepted = Stopwatch.GetTimestamp();
            Match(accepted.SessionKey, one);
            return one;
        }

        async Task ReceiveAsync(FrameConnection connection)
        {
            try
            {
                while (true)
                {
                    await connection.ReadMoreAsync(stop.Token);
                    while (connection.TryTake(out var frame))
                        Received(FrameReading.SessionKey(frame));
                }
            }
            catch (Exception closed) when (closed is OperationCanceledException or BenchException or System.Net.Sockets.SocketException or ObjectDisposedException)
            {
                // At the end; whoever waits for a result says so by itself.
            }
        }

        async Task PollAsync(ParleyClient client)
        {
            try
            {
                await foreach (var message in client.Inbox.FollowAsync(cancellation: stop.Token))
                    Received(message.Metadata!.Value.GetProperty("parley.session").GetProperty("sessionKey").GetString()!);
            }
            catch (Exception closed) when (closed is OperationCanceledException or ParleyException or ObjectDisposedException)
            {
                // As above.
            }
        }

        /// <summary>The result may come before the answer to the spawn: whichever is first leaves a place for the other.</summary>
        void Match(string session, Times one)
        {
            if (!sessions.TryAdd(session, one) && sessions.TryGetValue(session, out var early))
                one.Received.TrySetResult(early.Received.Task.Result);
        }

        void Received(string session)
        {
            var early = new Times();
            early.Received.SetResult(Stopwatch.GetTimestamp());
            if (!sessions.TryAdd(session, early))
                sessions[session].Received.TrySetResult(early.Received.Task.Result);
        }
    }
}
