using Parley.Bench.Systems.Parley;

namespace Parley.Bench.Measures;

/// <summary>A server whose policy lets agents spawn many sub-agents, all of one agent.</summary>
static class SpawnHouse
{
    /// <summary>The agent that does all the work.</summary>
    public const string Worker = "worker";

    /// <summary>How many children an agent may have at once, which is also the most that can be set.</summary>
    public const int Children = 10;

    /// <summary>Starts the server with so many sub-agents and turns at once; it finds `local/…` at the address.</summary>
    public static async Task<ParleyServer> StartAsync(ParleySystem system, string folder, int atOnce, string models, CancellationToken cancellation)
    {
        var data = ParleySystem.DataOf(folder);
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(
            Path.Combine(data, "parley.json"),
            $$$"""{ "agents": { "defaults": { "subagents": { "allowAgents": ["*"], "maxChildrenPerAgent": {{{Children}}}, "maxConcurrent": {{{atOnce}}} } } }, "server": { "turnsAtOnce": {{{atOnce}}} } }""",
            cancellation);
        // The server is a child of this process.
        Environment.SetEnvironmentVariable("PARLEY_LOCAL_URL", models);
        var server = await system.ServeAsync(folder, cancellation);
        await server.Accounts.HostAgentAsync(Worker, "local/stub", cancellation);
        return server;
    }
}
