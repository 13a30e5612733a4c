using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Bench.Systems.Parley;

/// <summary>Adds agents and links through Parley's own HTTP door, as its owner.</summary>
sealed class ParleyAccounts(Uri address, string ownerSecret) : IDisposable
{
    const int AtOnce = 16;

    readonly ParleyClient owner = new(address, ownerSecret);

    /// <summary>Adds an agent, which is then a member of the one project's #general, and returns its token.</summary>
    public async Task<string> AddAgentAsync(string name, CancellationToken cancellation)
    {
        await owner.Agents.AddAsync(new AddAgentRequest(name), cancellation);
        return (await owner.Tokens.IssueAsync(new IssueTokenRequest(Agent: name), cancellation)).Secret;
    }

    /// <summary>Adds many agents and returns their tokens.</summary>
    public async Task<string[]> AddAgentsAsync(string prefix, int count, CancellationToken cancellation)
    {
        var tokens = new string[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, count, options, async (index, token) => tokens[index] = await AddAgentAsync($"{prefix}{index}", token));
        return tokens;
    }

    /// <summary>Adds many agents that the server runs on a model, each linked to the peer.</summary>
    public Task HostAgentsAsync(string prefix, int count, string model, string peer, CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        return Parallel.ForAsync(0, count, options, async (index, token) =>
        {
            var name = $"{prefix}{index}";
            await owner.Agents.AddAsync(new AddAgentRequest(name), token);
            await owner.Hosting.HostAsync(name, new HostRequest(model), token);
            await LinkAsync(name, peer, token);
        });
    }

    /// <summary>Adds one agent that the server runs on a model, linked to nobody.</summary>
    public async Task HostAgentAsync(string name, string model, CancellationToken cancellation)
    {
        await owner.Agents.AddAsync(new AddAgentRequest(name), cancellation);
        await owner.Hosting.HostAsync(name, new HostRequest(model), cancellation);
    }

    /// <summary>What became of all spawned sessions of the last day.</summary>
    public Task<SessionStatsView> SessionsAsync(CancellationToken cancellation) => owner.Sessions.StatsAsync(days: 1, cancellation);

    public Task<LinkView> LinkAsync(string agent, string peer, CancellationToken cancellation) =>
        owner.Links.CreateAsync(new CreateLinkRequest(agent, peer, new LinkSettingsPatch(DebounceSeconds: 0)), cancellation);

    public void Dispose() => owner.Dispose();
}
