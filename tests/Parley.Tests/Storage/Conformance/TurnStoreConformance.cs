using Parley.Core;
using Parley.Core.Agents;
using Parley.Core.Budgets;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core.Permissions;
using Parley.Core.Turns;

namespace Parley.Tests.Storage.Conformance;

/// <summary>Sessions, leases, turns and budgets are stored alike.</summary>
public abstract class TurnStoreConformance(TestStore store) : Conformance(store)
{
    private static readonly DateOnly Day = new(2030, 1, 1);
    private Caller tesla = null!;
    private Caller aaron = null!;

    private Guid Tenant => House.Owner.OrganizationId;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (tesla, aaron, _) = await House.PairAsync();
    }

    [Fact]
    public async Task What_is_hosted_is_read_as_it_was_written_and_ends()
    {
        var hosted = Hosted() with
        {
            FallbackModel = "demo/other", Persona = "/persona", TimeLimit = TimeSpan.FromSeconds(7),
            Tools = [new ToolServer("files", ["mcp-files", "--root"], null, ["TOKEN"]), new ToolServer("web", null, new Uri("http://127.0.0.1:9/mcp"))],
        };
        await WriteAsync(unit => unit.Hosting.Save(hosted));
        var read = (await House.Database.ReadAsync(unit => unit.Hosting.FindAsync(Tenant, tesla.Id), Ct)).ShouldNotBeNull();
        (read with { Tools = [] }).ShouldBe(hosted with { Tools = [] });
        read.Tools[0].Command.ShouldBe(hosted.Tools[0].Command);
        read.Tools[0].Environment.ShouldBe(["TOKEN"]);
        read.Tools[1].Url.ShouldBe(hosted.Tools[1].Url);
        (await KindAsync()).ShouldBe(AgentKind.Hosted);
        (await House.Database.ReadAsync(unit => unit.Hosting.IdsAsync(), Ct)).ShouldBe([tesla.Id]);

        await WriteAsync(unit => unit.Hosting.Remove(tesla.Id));
        (await KindAsync()).ShouldBe(AgentKind.External);
        (await House.Database.ReadAsync(unit => unit.Hosting.FindAsync(Tenant, tesla.Id), Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task The_program_of_an_agent_is_read_as_it_was_written()
    {
        var program = new HostedProgram("custom", ["./agent", "--all"]) { Folder = "/srv/work", Environment = ["TOKEN"], Format = "jsonl", Permissions = PermissionPolicy.Deny };
        await WriteAsync(unit => unit.Hosting.Save(Hosted() with { Runtime = "command", Model = "command/custom", Program = program }));
        var read = (await House.Database.ReadAsync(unit => unit.Hosting.FindAsync(Tenant, tesla.Id), Ct)).ShouldNotBeNull().Program.ShouldNotBeNull();
        (read.Profile, read.Folder, read.Format, read.Permissions).ShouldBe(("custom", "/srv/work", "jsonl", PermissionPolicy.Deny));
        (string.Join(' ', read.Command), string.Join(' ', read.Environment)).ShouldBe(("./agent --all", "TOKEN"));

        await WriteAsync(unit => unit.Hosting.Save(Hosted()));
        (await House.Database.ReadAsync(unit => unit.Hosting.FindAsync(Tenant, tesla.Id), Ct)).ShouldNotBeNull().Program.ShouldBeNull();
    }

    [Fact]
    public async Task A_session_remembers_with_what_its_program_goes_on_until_it_is_forgotten()
    {
        await House.SayAsync(aaron, "tesla", "Hello");
        await WriteAsync(unit => unit.Hosting.Save(Hosted()));
        var (lease, _) = await TakeAsync();
        (await ResumeAsync()).ShouldBeNull();
        await WriteAsync(unit => unit.Sessions.SaveResume(lease.SessionId, "one"));
        (await ResumeAsync()).ShouldBe("one");
        await WriteAsync(unit => unit.Sessions.ForgetResumes(aaron.Id));
        (await ResumeAsync()).ShouldBe("one", "it is another agent's");
        await WriteAsync(unit => unit.Sessions.ForgetResumes(tesla.Id));
        (await ResumeAsync()).ShouldBeNull();

        Task<string?> ResumeAsync() => House.Database.ReadAsync(unit => unit.Sessions.ResumeAsync(lease.SessionId), Ct);
    }

    [Fact]
    public async Task A_question_for_permission_is_decided_once()
    {
        await House.SayAsync(aaron, "tesla", "Hello");
        await WriteAsync(unit => unit.Hosting.Save(Hosted()));
        var (lease, turn) = await TakeAsync();
        var asked = new Permission(
            Guid.CreateVersion7(House.Now), Tenant, tesla.Id, "tesla", lease.SessionId, turn, "Run npm test", "execute", "{}", PermissionState.Open, DecidedBy: null, House.Now, House.Now.AddMinutes(5),
            DecidedAt: null);
        await WriteAsync(unit => unit.Permissions.Add(asked));
        (await ListAsync(all: false)).ShouldBe([asked]);
        (await House.Database.ReadAsync(unit => unit.Permissions.OfSessionAsync(lease.SessionId), Ct)).ShouldBe([asked]);

        var decided = asked with { State = PermissionState.Allowed, DecidedBy = "owner", DecidedAt = House.Now };
        (await DecideAsync(PermissionState.Allowed)).ShouldBeTrue();
        (await DecideAsync(PermissionState.Denied)).ShouldBeFalse();
        (await ListAsync(all: false)).ShouldBeEmpty();
        (await ListAsync(all: true)).ShouldBe([decided]);
        (await House.Database.ReadAsync(unit => unit.Permissions.FindAsync(Guid.NewGuid(), asked.Id), Ct)).ShouldBeNull("it is another organization's");

        Task<List<Permission>> ListAsync(bool all) => House.Database.ReadAsync(unit => unit.Permissions.ListAsync(Tenant, all, 10), Ct);
        Task<bool> DecideAsync(PermissionState state) => House.Database.WriteAsync(unit => unit.Permissions.DecideAsync(asked.Id, state, "owner", House.Now), Ct);
    }

    [Fact]
    public async Task A_session_is_due_while_something_is_unread_and_nobody_owns_it()
    {
        (await DueAsync()).ShouldBeEmpty();
        await House.SayAsync(aaron, "tesla", "Hello");
        (await DueAsync()).ShouldBeEmpty("nobody hosts it");
        await WriteAsync(unit => unit.Hosting.Save(Hosted()));
        (await DueAsync()).ShouldBe([new DueSession(Tenant, tesla.Id, null)]);

        var (lease, turn) = await TakeAsync();
        (await DueAsync()).ShouldBeEmpty("it is owned");
        await WriteAsync(unit => unit.Sessions.Release(lease.SessionId, turn, 0, House.Now.AddMinutes(1)));
        (await DueAsync()).ShouldBeEmpty("its time has not come");
        House.Clock.Advance(TimeSpan.FromMinutes(2));
        (await DueAsync()).ShouldBe([new DueSession(Tenant, tesla.Id, null)]);

        await House.Halt.RunAsync(House.Owner, HaltScope.Agent, "tesla", null, Ct);
        (await DueAsync()).ShouldBeEmpty("it is halted");
    }

    [Fact]
    public async Task A_lease_belongs_to_its_newest_fence_only()
    {
        var (first, _) = await TakeAsync();
        (await HoldAsync(first)).ShouldBeTrue();
        (await RenewAsync(first)).ShouldBeTrue();
        (await House.Database.WriteAsync(unit => unit.Sessions.DropLeasesAsync(), Ct)).ShouldBe(1);
        (await HoldAsync(first)).ShouldBeFalse();
        (await RenewAsync(first)).ShouldBeFalse();
        (await SessionAsync(first)).ShouldSatisfyAllConditions(state => state.Leased.ShouldBeFalse(), state => state.Abandoned.ShouldBeTrue());

        var (second, _) = await TakeAsync();
        second.Fence.ShouldBeGreaterThan(first.Fence);
        (await HoldAsync(first)).ShouldBeFalse();
        (await HoldAsync(second)).ShouldBeTrue();
        (await SessionAsync(second)).Leased.ShouldBeTrue();
        await WriteAsync(unit => unit.Sessions.Release(second.SessionId, null, 3, null));
        (await HoldAsync(second)).ShouldBeFalse();
        (await SessionAsync(second)).ShouldSatisfyAllConditions(
            state => state.Leased.ShouldBeFalse(), state => state.Abandoned.ShouldBeFalse(), state => state.Failures.ShouldBe(3), state => state.TurnId.ShouldBeNull());
    }

    [Fact]
    public async Task The_turns_that_a_node_owns_are_listed_for_their_organization_until_they_are_given_back()
    {
        var running = new ListRunningTurns(House.Database);
        (await running.RunAsync(House.Owner, Ct)).ShouldBeEmpty();
        var (lease, turn) = await TakeAsync();
        var owned = (await running.RunAsync(House.Owner, Ct)).ShouldHaveSingleItem();
        (owned.Turn.Id, owned.AgentName, owned.Node).ShouldBe((turn, "tesla", "node"));
        (await running.RunAsync(House.Owner with { OrganizationId = Guid.NewGuid() }, Ct)).ShouldBeEmpty();
        (await Should.ThrowAsync<ParleyError>(async () => await running.RunAsync(aaron, Ct))).Code.ShouldBe(ErrorCode.Forbidden);
        await WriteAsync(unit => unit.Sessions.Release(lease.SessionId, turn, 0, null));
        (await running.RunAsync(House.Owner, Ct)).ShouldBeEmpty("nobody runs it now");
    }

    [Fact]
    public async Task A_turn_its_inputs_and_its_steps_are_read_as_they_were_written()
    {
        var message = (await House.SayAsync(aaron, "tesla", "Hello")).Message;
        var (lease, id) = await TakeAsync([new TurnInput(message.Id, 1, message.RootId)]);
        var turn = (await House.Database.ReadAsync(unit => unit.Turns.FindAsync(id), Ct)).ShouldNotBeNull() with
        {
            CallsFailed = 2, Fallback = true, Takeovers = 1, Usage = new Usage(10, 4, 3), Cost = 7, Reserved = new Amount(5, 6), ReservedDay = Day, Reason = "why", State = TurnState.Failed,
            EndedAt = House.Now,
        };
        var step = new TurnStep(
            0, "demo/echo", new RuntimeAnswer("text", [new ToolCall("a", "post", "{\"x\":1}")], new Usage(10, 4, 3), FinishReason.ToolCalls), 7, null, House.Now);
        await WriteAsync(unit =>
        {
            unit.Turns.Save(turn with { Warnings = ["one"] });
            unit.Turns.AddStep(id, step);
            unit.Turns.SaveResults(id, 0, [new ToolResult("done", Failed: true)]);
        });

        var read = await House.Database.ReadAsync(unit => unit.Turns.FindAsync(id), Ct);
        read.ShouldNotBeNull().Warnings.ShouldBe(["one"]);
        (read with { Warnings = turn.Warnings }).ShouldBe(turn);
        var steps = await House.Database.ReadAsync(unit => unit.Turns.StepsAsync(id), Ct);
        steps.ShouldHaveSingleItem().Answer.ToolCalls.ShouldBe(step.Answer.ToolCalls);
        steps[0].Results.ShouldBe([new ToolResult("done", Failed: true)]);
        (await House.Database.ReadAsync(unit => unit.Turns.InputsAsync(id), Ct)).ShouldBe([new TurnInput(message.Id, 1, message.RootId)]);
        (await House.Database.ReadAsync(unit => unit.Turns.ItemsAsync(tesla.Id, id), Ct)).ShouldHaveSingleItem().Message.Content.ShouldBe("Hello");
        (await House.Database.ReadAsync(unit => unit.Turns.FailuresAsync(tesla.Id, 1), Ct)).ShouldBe(1);
        (await House.Database.ReadAsync(unit => unit.Turns.OfRootAsync(Tenant, message.RootId), Ct)).ShouldHaveSingleItem().Id.ShouldBe(id);
        (await House.Database.ReadAsync(unit => unit.Turns.OfRootAsync(Guid.NewGuid(), message.RootId), Ct)).ShouldBeEmpty();
        lease.Fence.ShouldBe(1);
    }

    [Fact]
    public async Task The_cursor_moves_only_as_far_as_nothing_unread_lies_below()
    {
        var sent = await House.SayManyAsync(aaron, "tesla", 3);
        await SettleAsync(sent[1].Message.Id);
        (await CursorAsync()).ShouldBe(0);
        await SettleAsync(sent[0].Message.Id);
        (await CursorAsync()).ShouldBe(2);
        await SettleAsync(sent[2].Message.Id);
        (await CursorAsync()).ShouldBe(3);
        (await House.DeliveryAsync(sent[0].Message.Id)).ShouldSatisfyAllConditions(
            delivery => delivery.State.ShouldBe(DeliveryState.Acknowledged), delivery => delivery.Reason.ShouldBe("settled"), delivery => delivery.Attempts.ShouldBe(1));
    }

    [Fact]
    public async Task Roots_days_and_limits_are_read_as_they_were_written()
    {
        var root = new Root(Guid.NewGuid(), Tenant, new RootLimits(2, 3, new Ceiling(100, null)), 0, default, House.Now);
        await WriteAsync(unit =>
        {
            unit.Budgets.Add(root);
            unit.Budgets.Add(root with { Limits = new RootLimits(9, 9) });
        });
        (await House.Database.ReadAsync(unit => unit.Budgets.RootAsync(Tenant, root.Id), Ct)).ShouldBe(root);
        (await House.Database.ReadAsync(unit => unit.Budgets.RootAsync(Guid.NewGuid(), root.Id), Ct)).ShouldBeNull();
        var used = root with { Turns = 1, Account = new Account(new Amount(5, 6), new Amount(7, 8)), StoppedAt = House.Now, Reason = "enough" };
        await WriteAsync(unit => unit.Budgets.Save(used));
        (await House.Database.ReadAsync(unit => unit.Budgets.RootsAsync(Tenant, 10), Ct)).ShouldBe([used]);

        var spend = new DaySpend(Tenant, SpendScope.Agent, tesla.Id, Day, new Account(new Amount(1, 2), new Amount(3, 4)));
        await House.Database.WriteAsync(
            async unit =>
            {
                (await unit.Budgets.SpendAsync(Tenant, SpendScope.Agent, tesla.Id, Day)).Account.ShouldBe(default);
                unit.Budgets.Save(spend);
                return true;
            },
            Ct);
        (await House.Database.ReadAsync(unit => unit.Budgets.SpendsAsync(Tenant, Day), Ct)).ShouldBe([spend]);

        var limit = new DayLimit(SpendScope.Agent, tesla.Id, new Ceiling(null, 5_000_000));
        await WriteAsync(unit =>
        {
            unit.Budgets.SetRootLimits(Tenant, root.Limits);
            unit.Budgets.SetDayLimit(Tenant, limit with { Ceiling = new Ceiling(1, 1) });
            unit.Budgets.SetDayLimit(Tenant, limit);
        });
        (await House.Database.ReadAsync(unit => unit.Budgets.RootLimitsAsync(Tenant), Ct)).ShouldBe(root.Limits);
        (await House.Database.ReadAsync(unit => unit.Budgets.DayLimitsAsync(Tenant), Ct)).ShouldBe([limit]);
        await WriteAsync(unit => unit.Budgets.SetDayLimit(Tenant, limit with { Ceiling = default }));
        (await House.Database.ReadAsync(unit => unit.Budgets.DayLimitsAsync(Tenant), Ct)).ShouldBeEmpty();
    }

    private HostedAgent Hosted() => new(tesla.Id, Tenant, HostedAgent.ModelRuntime, "demo/echo", House.Now);

    private async Task<(Lease Lease, Guid Turn)> TakeAsync(IReadOnlyList<TurnInput>? inputs = null) => await House.Database.WriteAsync(
        async unit =>
        {
            var state = await unit.Sessions.OpenAsync(new AgentSession(Guid.CreateVersion7(House.Now), Tenant, tesla.Id, "agent:tesla:main", SessionKind.Main, null, House.Now));
            var turn = new Turn { Id = Guid.NewGuid(), OrganizationId = Tenant, SessionId = state.Session.Id, AgentId = tesla.Id, RootId = inputs?[0].RootId ?? Guid.NewGuid(), Depth = 0, Model = "demo/echo", CreatedAt = House.Now };
            unit.Turns.Add(turn, inputs ?? []);
            var lease = new Lease(state.Session.Id, state.Fence + 1);
            unit.Sessions.Take(lease, "node", turn.Id);
            return (lease, turn.Id);
        },
        Ct);

    private Task<bool> SettleAsync(Guid messageId) => House.Database.WriteAsync(
        async unit =>
        {
            await unit.Agents.InboxAsync(tesla.Id);
            unit.Turns.Offer(tesla.Id, messageId, House.Now);
            unit.Turns.Acknowledge(tesla.Id, messageId, "settled", House.Now);
            unit.Turns.AdvanceCursor(tesla.Id);
            return true;
        },
        Ct);

    private Task<List<DueSession>> DueAsync() => House.Database.ReadAsync(unit => unit.Sessions.DueAsync(House.Now, 10), Ct);

    private Task<bool> HoldAsync(Lease lease) => House.Database.WriteAsync(unit => unit.Sessions.HoldAsync(lease), Ct);

    private Task<bool> RenewAsync(Lease lease) => House.Database.WriteAsync(unit => unit.Sessions.RenewAsync(lease), Ct);

    private async Task<SessionState> SessionAsync(Lease lease) => (await House.Database.ReadAsync(unit => unit.Sessions.FindAsync(lease.SessionId), Ct)).ShouldNotBeNull();

    private async Task<long> CursorAsync() => (await House.Database.ReadAsync(unit => unit.Agents.InboxAsync(tesla.Id), Ct)).Cursor;

    private async Task<AgentKind> KindAsync() => (await House.Database.ReadAsync(unit => unit.Agents.FindAsync(Tenant, tesla.Id), Ct)).ShouldNotBeNull().Kind;

    private Task<bool> WriteAsync(Action<IUnitOfWork> work) => House.Database.WriteAsync(
        unit =>
        {
            work(unit);
            return ValueTask.FromResult(true);
        },
        Ct);
}

public sealed class SqliteTurnStoreTests() : TurnStoreConformance(new SqliteStore());

public sealed class PostgresTurnStoreTests() : TurnStoreConformance(new PostgresStore());
