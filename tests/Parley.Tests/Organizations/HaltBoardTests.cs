using FsCheck;
using FsCheck.Fluent;
using Parley.Core;
using Parley.Core.Organizations;

namespace Parley.Tests.Organizations;

public sealed class HaltBoardTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Tenant = Guid.NewGuid();
    private static readonly Guid[] Targets = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];

    private enum Act
    {
        Pull,
        WriteUnwritten,
        Release,
        Refresh,
        PullElsewhere,
        ReleaseElsewhere,
    }

    [Fact]
    public void The_board_is_what_the_database_says_and_what_could_not_be_written_yet() => Prop.ForAll(
        (from act in Gen.Elements(Enum.GetValues<Act>()) from target in Gen.Elements(Targets) select (act, target)).ArrayOf(40).ToArbitrary(),
        acts =>
        {
            var board = new HaltBoard();
            var database = new Dictionary<Guid, Halt>();
            var here = new HashSet<Guid>();
            foreach (var (act, target) in acts)
            {
                Do(act, target, board, database);
                here = act switch
                {
                    Act.Pull => [.. here, target],
                    Act.Release => [.. here.Where(id => id != target)],
                    Act.Refresh => [.. database.Keys, .. board.Unwritten.Select(halt => halt.TargetId)],
                    _ => here,
                };
                if (!here.SetEquals(board.All.Select(halt => halt.TargetId)) || Targets.Any(id => board.Find(HaltScope.Agent, id) is not null != here.Contains(id)))
                {
                    return false;
                }
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void A_reading_that_began_before_a_halt_does_not_undo_it()
    {
        var board = new HaltBoard();
        var asOf = board.Version;
        var halt = HaltOf(Targets[0]);
        board.Pull(halt);
        board.Written(halt);
        board.Replace([], asOf);

        board.Find(HaltScope.Agent, Targets[0]).ShouldBe(halt);
        board.Replace([], board.Version);
        board.Find(HaltScope.Agent, Targets[0]).ShouldBeNull();
    }

    [Fact]
    public void A_reading_that_began_before_a_release_does_not_undo_it()
    {
        var board = new HaltBoard();
        var halt = HaltOf(Targets[0]);
        board.Replace([halt], board.Version);
        var asOf = board.Version;
        board.Release(HaltScope.Agent, Targets[0]);
        board.Replace([halt], asOf);

        board.Find(HaltScope.Agent, Targets[0]).ShouldBeNull();
    }

    [Fact]
    public void Writing_an_older_halt_does_not_pass_for_writing_the_newer_one()
    {
        var board = new HaltBoard();
        var older = HaltOf(Targets[0]);
        var newer = older with { Reason = "worse" };
        board.Pull(older);
        board.Pull(newer);
        board.Written(older);

        board.Unwritten.ShouldBe([newer]);
    }

    [Theory]
    [InlineData(HaltScope.Server)]
    [InlineData(HaltScope.Organization)]
    [InlineData(HaltScope.Agent)]
    public void An_agent_is_halted_by_its_own_halt_and_those_above_it(HaltScope scope)
    {
        var board = new HaltBoard();
        board.OfAgent(Tenant, Targets[0]).ShouldBeNull();
        var id = scope switch { HaltScope.Server => Guid.Empty, HaltScope.Organization => Tenant, _ => Targets[0] };
        board.Pull(new Halt(scope, id, scope == HaltScope.Server ? Guid.Empty : Tenant, "why", "owner", Now));

        board.OfAgent(Tenant, Targets[0]).ShouldNotBeNull();
        (board.OfAgent(Tenant, Targets[1]) is not null).ShouldBe(scope != HaltScope.Agent);
        (board.OfAgent(Guid.NewGuid(), Targets[1]) is not null).ShouldBe(scope == HaltScope.Server);
        Should.Throw<ParleyError>(() => board.Check(scope, id, "It")).Code.ShouldBe(ErrorCode.Halted);
        Should.NotThrow(() => board.Check(scope, Guid.NewGuid(), "It"));
    }

    [Fact]
    public void Listeners_hear_of_what_changed_and_of_nothing_else()
    {
        var board = new HaltBoard();
        var heard = 0;
        board.Changed += () => heard++;
        var halt = HaltOf(Targets[0]);
        board.Pull(halt);
        board.Pull(halt);
        board.Written(halt);
        board.Replace([halt], board.Version);
        heard.ShouldBe(1);
        board.Release(HaltScope.Agent, Targets[0]);
        board.Release(HaltScope.Agent, Targets[0]);
        heard.ShouldBe(2);
    }

    private static void Do(Act act, Guid target, HaltBoard board, Dictionary<Guid, Halt> database)
    {
        switch (act)
        {
            case Act.Pull:
                board.Pull(HaltOf(target));
                break;
            case Act.WriteUnwritten:
                foreach (var halt in board.Unwritten)
                {
                    database[halt.TargetId] = halt;
                    board.Written(halt);
                }

                break;
            case Act.Release:
                database.Remove(target);
                board.Release(HaltScope.Agent, target);
                break;
            case Act.Refresh:
                board.Replace(database.Values, board.Version);
                break;
            case Act.PullElsewhere:
                database[target] = HaltOf(target);
                break;
            default:
                database.Remove(target);
                break;
        }
    }

    private static Halt HaltOf(Guid target) => new(HaltScope.Agent, target, Tenant, "", "owner", Now);
}
