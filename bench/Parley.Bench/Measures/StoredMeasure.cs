using System.Diagnostics;
using System.Globalization;
using Parley.Bench.Processes;
using Parley.Bench.Report;
using Parley.Bench.Systems.Parley;

namespace Parley.Bench.Measures;

/// <summary>`stored`: how long pages take with few and with many messages stored. Both servers run at once and are asked in turn, so that a disturbance meets both.</summary>
static class StoredMeasure
{
    const int Few = 10_000;
    const int WarmUpCalls = 1000;
    const int Calls = 2000;

    public static System.CommandLine.Command Create() => MeasureCommand.Create(
        "stored", "Pages with 10 thousand and with many messages stored.", MeasureCommand.Size("--rows", "How many messages are many.", 1_000_000), MeasureAsync);

    static async Task<string> MeasureAsync(ParleySystem system, int rows, CancellationToken cancellation)
    {
        using TempFolder fewFolder = new(), manyFolder = new();
        await using var few = await StoreAsync(system, fewFolder.Path, Few, cancellation);
        await using var many = await StoreAsync(system, manyFolder.Path, rows, cancellation);
        (string What, Func<int, string> Path)[] pages =
        [
            ("inbox, 50 after the cursor", _ => "/api/v1/inbox?limit=50"),
            ("channel, newest 50", _ => "/api/v1/messages?channel=general&limit=50"),
            ("channel, 50 from the middle", stored => string.Create(CultureInfo.InvariantCulture, $"/api/v1/messages?channel=general&limit=50&before={stored / 2}")),
        ];
        var body = new List<string[]>();
        foreach (var (what, path) in pages)
        {
            var (one, other) = await AskAsync((few, path(Few)), (many, path(rows)), cancellation);
            body.Add([what, Milliseconds(one), Milliseconds(other), Table.Text("F2", other.Milliseconds(0.5) / one.Milliseconds(0.5))]);
        }

        return Table.Of(1, ["page", string.Create(CultureInfo.InvariantCulture, $"{Few} stored, p50 ms"), string.Create(CultureInfo.InvariantCulture, $"{rows} stored, p50 ms"), "ratio"], body);
    }

    /// <summary>Starts a server for its schema and agents, stops it, stores the rows and starts it again.</summary>
    static async Task<Reader> StoreAsync(ParleySystem system, string folder, int rows, CancellationToken cancellation)
    {
        string token;
        await using (var server = await system.ServeAsync(folder, cancellation))
        {
            await server.Accounts.AddAgentAsync("sender", cancellation);
            token = await server.Accounts.AddAgentAsync("reader", cancellation);
        }

        await new SqliteDatabase(ParleySystem.DataOf(folder)).RunAsync(StoredRows.Of(rows), cancellation);
        return new Reader(await system.ServeAsync(folder, cancellation), token);
    }

    static async Task<(Histogram, Histogram)> AskAsync((Reader Reader, string Path) one, (Reader Reader, string Path) other, CancellationToken cancellation)
    {
        var (first, second) = (new Histogram(), new Histogram());
        using var firstCaller = await one.Reader.ConnectAsync(cancellation);
        using var secondCaller = await other.Reader.ConnectAsync(cancellation);
        for (var call = 0; call < WarmUpCalls + Calls; call++)
        {
            var a = await TimeAsync(firstCaller, one.Reader.Get(one.Path), cancellation);
            var b = await TimeAsync(secondCaller, other.Reader.Get(other.Path), cancellation);
            if (call >= WarmUpCalls)
            {
                first.Add(a);
                second.Add(b);
            }
        }

        return (first, second);
    }

    static async Task<long> TimeAsync(HttpCaller caller, byte[] request, CancellationToken cancellation)
    {
        var sent = Stopwatch.GetTimestamp();
        await caller.CallAsync(request, cancellation);
        return Stopwatch.GetTimestamp() - sent;
    }

    static string Milliseconds(Histogram latencies) => Table.Text("F3", latencies.Milliseconds(0.5));

    sealed class Reader(ParleyServer server, string token) : IAsyncDisposable
    {
        public Task<HttpCaller> ConnectAsync(CancellationToken cancellation) => HttpCaller.OpenAsync(server.Port, cancellation);

        public byte[] Get(string path) => HttpCaller.Get(path, token);

        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
