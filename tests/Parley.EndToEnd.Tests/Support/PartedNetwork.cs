using Npgsql;

namespace Parley.EndToEnd.Tests.Support;

/// <summary>Places for nodes, each with a network of its own and a cable to the database that can be cut: packets vanish, and nobody is told. Skips the test where the machine allows none.</summary>
internal sealed class PartedNetwork : IAsyncDisposable
{
    private readonly TestScript script;

    private PartedNetwork(TestScript script, IReadOnlyList<NetworkPlace> places) => (this.script, Places) = (script, places);

    public IReadOnlyList<NetworkPlace> Places { get; }

    public static async Task<PartedNetwork> StartAsync(int places)
    {
        var script = TestScript.Start("network", $"{places}");
        var made = new List<NetworkPlace>();
        while (made.Count < places && await script.LineAsync() is { } line)
        {
            var parts = line.Split(' ');
            made.Add(new NetworkPlace(parts[0], parts[1], parts[2], parts[3]));
        }

        if (made.Count < places)
        {
            Assert.Skip(await script.ComplaintAsync());
        }

        return new PartedNetwork(script, made);
    }

    /// <summary>From now on nothing passes between a place and the database.</summary>
    public Task CutAsync(int place) => script.TellAsync($"cut {place}");

    /// <summary>It passes again.</summary>
    public Task JoinAsync(int place) => script.TellAsync($"join {place}");

    public ValueTask DisposeAsync() => script.DisposeAsync();
}

/// <summary>Where a node runs.</summary>
/// <param name="Name">The network namespace.</param>
/// <param name="Address">Its address, for clients.</param>
/// <param name="Here">This machine's address on the clients' cable.</param>
/// <param name="Database">This machine's address on the cable to the database.</param>
internal sealed record NetworkPlace(string Name, string Address, string Here, string Database)
{
    /// <summary>What runs a command there.</summary>
    public string[] Prefix => ["ip", "netns", "exec", Name];

    /// <summary>What a server needs to be told to serve there.</summary>
    public string[] Options => ["--insecure", "--host", Address];

    /// <summary>A database of this machine, as it is reached from there.</summary>
    public string Through(string database) => new NpgsqlConnectionStringBuilder(database) { Host = Database }.ConnectionString;
}
