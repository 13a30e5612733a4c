using System.Text.Json;
using Parley.Core;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Sessions;
using Parley.Core.Turns;
using Parley.Tests.Storage.Conformance;
using Parley.Tests.Turns;

namespace Parley.Tests.Sessions;

/// <summary>A house with three hosted agents that may spawn each other.</summary>
public abstract class SessionFixture(TestStore store) : Conformance(store)
{
    private protected TurnHouse turns = null!;
    private protected Caller ghost = null!;
    private protected Caller tesla = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        turns = new TurnHouse(House);
        turns.Policy.Open();
        ghost = await turns.HostAsync("ghost");
        tesla = await turns.HostAsync("tesla");
        await turns.HostAsync("aaron");
    }

    private protected Task<SpawnReceipt> SpawnAsync(Caller caller, string agent, string task) => turns.Spawn.RunAsync(caller, new SpawnInput { Agent = agent, Task = task }, Ct);

    private protected async Task<ParleyError> RefusedAsync(Caller caller, SpawnInput input) => await Should.ThrowAsync<ParleyError>(() => turns.Spawn.RunAsync(caller, input, Ct));

    private protected Task<List<SubagentStatus>> ListAsync(Caller caller) => turns.Sessions.RunAsync(caller, agent: null, open: false, 100, Ct);

    /// <summary>Whether the text stands in what is unread.</summary>
    private protected static bool IsTold(RuntimeRequest request, string text) => request.Messages[^1].Text.Contains(text, StringComparison.Ordinal);

    private protected async Task RunNextOfAsync(Caller agent) =>
        await turns.Run.RunAsync((await turns.Claim.RunAsync((await turns.DueAsync()).First(due => due.AgentId == agent.Id), "one", Ct)).ShouldNotBeNull(), Ct);

    private protected async Task<SubagentState> StateAsync(Subagent session) => (await turns.Session.RunAsync(House.Owner, session.Key, Ct)).Status.Session.State;
}
