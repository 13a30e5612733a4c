using Parley.Core;
using Parley.Core.Meetings;
using Parley.Core.Messages;
using Parley.Core.Permissions;
using Parley.Core.Sessions;
using Parley.Core.Turns;
using Parley.Tests.Storage.Conformance;

namespace Parley.Tests.Turns;

/// <summary>Runs turns of hosted agents in a house, one after the other or by hand, with a model that does what the test says.</summary>
internal sealed class TurnHouse(TestHouse house, IDatabase? store = null)
{
    private static readonly TimeSpan Patience = Waiting.Patience;

    public IDatabase Store { get; } = store ?? house.Database;

    public TestHouse House => house;

    public ScriptedRuntime Model { get; init; } = new();

    public ScriptedCatalog Catalog { get; init; } = new();

    public ScriptedToolbox Toolbox { get; init; } = new();

    public List<TurnNote> Notes { get; } = [];

    /// <summary>What lets programs of turns in; nothing at first.</summary>
    public IReadOnlyList<ITurnDoor> Doors { get; init; } = [];

    /// <summary>A real runtime with its models, instead of the scripted one.</summary>
    public (IRuntime Runtime, IModelCatalog Catalog)? Real { get; init; }

    public TurnModels Models => Real is { } real ? new([real.Runtime], real.Catalog) : new([Model], Catalog);

    public ScriptedPolicy Policy { get; } = new();

    public SendMessage Send => new(Store, new Router(house.Board, new PersonRoutes(), new MeetingRoutes(house.Board), new SessionRoutes(house.Board, Policy)), house.Wake, house.Clock);

    public ISessionRules[] Rules => [new MainSession(), new MeetingSession(house.Board), new SubagentSession(Ending, Schemas)];

    public JsonFields Schemas { get; } = new();

    public EndSession Ending => new(Send, Policy);

    public SpawnSession Spawn => new(Store, Send, Models, Policy, Schemas, house.Clock);

    public KillSession Kill => new(Store, Ending, Send, [], house.Wake, house.Clock);

    public SteerSession Steer => new(Store, Send);

    public SendToSession Ask => new(Store, Send, Spawn, Policy, new NoSignal(house.Clock), house.Clock);

    public ListSessions Sessions => new(Store);

    public ReadSession Session => new(Store);

    public ReadSessionLog Log => new(Store);

    public WatchSessions Watch => new(Store, Ending, Policy, Send, [], house.Wake, house.Clock);

    public ClaimTurn Claim => new(Store, Rules, house.Board, house.Wake, house.Clock);

    private TurnWrites Writes => new(Store, Send, house.Wake, house.Clock);

    public RunTurn Run => new(
        Writes,
        new TurnTools([new BuiltInTools(Store, Send, house.Clock), new SessionTools(Store, Spawn, Ask, Sessions, Log, Kill, Steer, Rules, house.Clock)], Toolbox), Models, new AskRuntime(Models, Writes, new AskPermission(Store, house.Clock), Doors, Store, house.Clock), Rules,
        new PersonaFiles(), house.Board, [new NoteList(Notes)], Store, house.Clock);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Adds a hosted agent, a member of #general of the default project.</summary>
    public async Task<Caller> HostAsync(string name, Func<HostAgentInput, HostAgentInput>? change = null)
    {
        var agent = await house.AgentAsync(name);
        var input = new HostAgentInput(null, "demo/scripted");
        await new HostAgent(house.Database, Models, house.Clock).RunAsync(house.Owner, name, change is null ? input : change(input), Ct);
        return agent;
    }

    public Task<List<DueSession>> DueAsync() => Store.ReadAsync(unit => unit.Sessions.DueAsync(house.Now, 100), Ct);

    /// <summary>Claims what is due first, which has to be something.</summary>
    public async Task<ClaimedTurn> ClaimNextAsync(string node = "one") => (await Claim.RunAsync((await DueAsync())[0], node, Ct)).ShouldNotBeNull();

    /// <summary>Runs one round of all that is due; returns how many turns that were.</summary>
    public async Task<int> RunRoundAsync()
    {
        var count = 0;
        foreach (var due in await DueAsync())
        {
            if (await Claim.RunAsync(due, "one", Ct) is { } claimed)
            {
                await Run.RunAsync(claimed, Ct).Within(Patience);
                count++;
            }
        }

        return count;
    }

    /// <summary>Runs turns until nothing is due any more; returns how many. More than the limit is a loop without end.</summary>
    public async Task<int> RunAllAsync(int limit = 500)
    {
        var turns = 0;
        for (int round; (round = await RunRoundAsync()) > 0 || (await DueAsync()).Count > 0;)
        {
            turns += round;
            turns.ShouldBeLessThan(limit, "the chain does not end");
        }

        return turns;
    }

    /// <summary>As when a process dies: its leases end without being given back.</summary>
    public Task<int> LoseLeasesAsync() => house.Database.WriteAsync(unit => unit.Sessions.DropLeasesAsync(), Ct);

    public Task<List<Turn>> TurnsAsync(Guid rootId) => house.Database.ReadAsync(unit => unit.Turns.OfRootAsync(house.Owner.OrganizationId, rootId), Ct);

    public async Task<Core.Budgets.Root> RootAsync(Guid rootId) =>
        (await house.Database.ReadAsync(unit => unit.Budgets.RootAsync(house.Owner.OrganizationId, rootId), Ct)).ShouldNotBeNull();

    public async Task<List<Message>> SaidAsync(Guid conversationId) =>
        [.. (await house.Database.ReadAsync(unit => unit.Messages.PageAsync(new HistoryQuery(house.Owner.OrganizationId, conversationId, After: 0, Limit: 500)), Ct)).OrderBy(message => message.Number)];

    public async Task<List<Message>> AllSaidAsync() =>
        [.. (await house.Database.ReadAsync(unit => unit.Messages.PageAsync(new HistoryQuery(house.Owner.OrganizationId, Limit: 500)), Ct)).OrderBy(message => message.Id)];

    private sealed class NoteList(List<TurnNote> notes) : ITurnWatch
    {
        public void Note(TurnNote note)
        {
            lock (notes)
            {
                notes.Add(note);
            }
        }
    }
}
