using Parley.Core.Halts;
using Parley.Core.Maintenance;
using Parley.Core.Organizations;
using Parley.Core;
using static Parley.Tests.UseCases.TestHouse;

namespace Parley.Tests.UseCases;

public sealed class HaltTests
{
    [Fact]
    public async Task A_halted_agent_sends_nothing_until_it_is_released()
    {
        await using var house = await OpenAsync();
        var (tesla, aaron) = (await house.AgentAsync("tesla"), await house.AgentAsync("aaron"));
        await house.LinkAsync(tesla, aaron);
        var (halt, durable) = await Pull(house).RunAsync(house.Owner, HaltScope.Agent, "tesla", "loops", Stop);

        durable.ShouldBeTrue();
        halt.TargetId.ShouldBe(tesla.Id);
        await RefusedAsync(ErrorCode.Halted, () => house.SendAsync(tesla, "aaron", "hello"));
        (await new ListHalts(house.Database, house.Board).RunAsync(house.Owner, Stop)).ShouldBe([new HaltOverview(halt, "tesla", Durable: true)]);
        await new ReleaseHalt(house.Database, house.Board, house.Clock).RunAsync(house.Owner, HaltScope.Agent, "tesla", Stop);
        await house.SendAsync(tesla, "aaron", "hello");
        await RefusedAsync(ErrorCode.NotFound, () => new ReleaseHalt(house.Database, house.Board, house.Clock).RunAsync(house.Owner, HaltScope.Agent, "tesla", Stop));
    }

    [Fact]
    public async Task Other_nodes_learn_of_a_halt_and_of_its_release()
    {
        await using var house = await OpenAsync();
        var elsewhere = new HaltBoard();
        var refresh = new RefreshHalts(house.Database, elsewhere);
        await Pull(house).RunAsync(house.Owner, HaltScope.Server, null, null, Stop);
        await refresh.RunOnceAsync(Stop);
        elsewhere.Find(HaltScope.Server, Guid.Empty).ShouldNotBeNull();

        await new ReleaseHalt(house.Database, elsewhere, house.Clock).RunAsync(house.Owner, HaltScope.Server, null, Stop);
        await new RefreshHalts(house.Database, house.Board).RunOnceAsync(Stop);
        house.Board.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_halt_acts_while_the_disk_is_full_and_is_written_afterwards()
    {
        await using var house = await OpenAsync();
        var full = new FullDatabase(house.Database);
        var (halt, durable) = await new PullHalt(full, house.Board, house.Clock).RunAsync(house.Owner, HaltScope.Organization, null, null, Stop);
        durable.ShouldBeFalse();
        await new RefreshHalts(full, house.Board).RunOnceAsync(Stop);
        house.Board.Find(HaltScope.Organization, house.Owner.OrganizationId).ShouldBe(halt);
        (await new ListHalts(house.Database, house.Board).RunAsync(house.Owner, Stop))[0].Durable.ShouldBeFalse();
        await RefusedAsync(ErrorCode.StorageFull, () => new ReleaseHalt(full, house.Board, house.Clock).RunAsync(house.Owner, HaltScope.Organization, null, Stop));
        house.Board.All.ShouldBe([halt]);

        await new RefreshHalts(house.Database, house.Board).RunOnceAsync(Stop);
        house.Board.Unwritten.ShouldBeEmpty();
        (await house.Database.ReadAsync(unit => unit.Halts.ListAsync(), Stop)).ShouldBe([halt]);
    }

    [Fact]
    public async Task A_halt_that_is_being_written_when_it_is_released_does_not_come_back()
    {
        await using var house = await OpenAsync();
        await new PullHalt(new FullDatabase(house.Database), house.Board, house.Clock).RunAsync(house.Owner, HaltScope.Organization, null, null, Stop);
        var (begun, goOn) = (new Signal(), new Signal());
        var writing = new RefreshHalts(
            new HeldDatabase(house.Database, async () =>
            {
                begun.Raise();
                await goOn;
            }),
            house.Board).RunOnceAsync(Stop);
        await begun.Within(Waiting.Patience);
        var released = new ReleaseHalt(house.Database, house.Board, house.Clock).RunAsync(house.Owner, HaltScope.Organization, null, Stop);
        goOn.Raise();
        await Task.WhenAll(writing, released).Within(Waiting.Patience);

        (await house.Database.ReadAsync(unit => unit.Halts.ListAsync(), Stop)).ShouldBeEmpty();
        await new RefreshHalts(house.Database, house.Board).RunOnceAsync(Stop);
        house.Board.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_release_that_takes_long_keeps_no_halt_of_another_node_away()
    {
        await using var house = await OpenAsync();
        await new PullHalt(new FullDatabase(house.Database), house.Board, house.Clock).RunAsync(house.Owner, HaltScope.Organization, null, null, Stop);
        var (begun, goOn) = (new Signal(), new Signal());
        var slow = new HeldDatabase(house.Database, async () =>
        {
            begun.Raise();
            await goOn;
        });
        var released = new ReleaseHalt(slow, house.Board, house.Clock).RunAsync(house.Owner, HaltScope.Organization, null, Stop);
        await begun.Within(Waiting.Patience);
        await new PullHalt(house.Database, new HaltBoard(), house.Clock).RunAsync(house.Owner, HaltScope.Server, null, null, Stop);
        await new RefreshHalts(house.Database, house.Board).RunOnceAsync(Stop).Within(Waiting.Patience);
        house.Board.All.Select(halt => halt.Scope).ShouldBe([HaltScope.Server, HaltScope.Organization], ignoreOrder: true);

        goOn.Raise();
        await released.Within(Waiting.Patience);
        await new RefreshHalts(house.Database, house.Board).RunOnceAsync(Stop);
        house.Board.All.ShouldHaveSingleItem().Scope.ShouldBe(HaltScope.Server);
    }

    [Theory]
    [InlineData(HaltScope.Server, Role.Admin)]
    [InlineData(HaltScope.Organization, Role.Member)]
    [InlineData(HaltScope.Project, Role.Member)]
    [InlineData(HaltScope.Agent, Role.Member)]
    public async Task A_halt_needs_the_role_of_its_scope(HaltScope scope, Role role)
    {
        await using var house = await OpenAsync();
        await house.AgentAsync("tesla");
        var user = await house.UserAsync("ada", role);
        await RefusedAsync(ErrorCode.Forbidden, () => Pull(house).RunAsync(user, scope, scope == HaltScope.Agent ? "tesla" : "default", null, Stop));
        house.Board.All.ShouldBeEmpty();
        (await house.AuditAsync())[0].Decision.ShouldBe("forbidden");
    }

    private static PullHalt Pull(TestHouse house) => new(house.Database, house.Board, house.Clock);

    private sealed class FullDatabase(IDatabase database) : Database(database)
    {
        public override Task<T> WriteAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) =>
            throw new ParleyError(ErrorCode.StorageFull, "The disk is full.", "Make room.");
    }

    /// <summary>Writes after something else has happened.</summary>
    private sealed class HeldDatabase(IDatabase database, Func<Task> before) : Database(database)
    {
        public override async Task<T> WriteAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken)
        {
            await before();
            return await base.WriteAsync(work, cancellationToken);
        }
    }

    private abstract class Database(IDatabase database) : IDatabase
    {
        public event Action? Restored
        {
            add => database.Restored += value;
            remove => database.Restored -= value;
        }

        public int PipelineDepth => database.PipelineDepth;

        public string Epoch => database.Epoch;

        public string Durability => database.Durability;

        public bool IsPostgres => database.IsPostgres;

        public IStoreArchive Archive => database.Archive;

        public IStoreInspector Inspector => database.Inspector;

        public StorageHealth Health => database.Health;

        public event Action<StorageHealth>? HealthChanged
        {
            add => database.HealthChanged += value;
            remove => database.HealthChanged -= value;
        }

        public virtual Task<T> WriteAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) => database.WriteAsync(work, cancellationToken);

        public Task<T> ReadAsync<T>(Func<IUnitOfWork, ValueTask<T>> work, CancellationToken cancellationToken) => database.ReadAsync(work, cancellationToken);

        public Task<bool> RefreshEpochAsync(CancellationToken cancellationToken) => database.RefreshEpochAsync(cancellationToken);
    }
}
