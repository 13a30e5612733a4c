using Parley.Cli.Sessions;

namespace Parley.Tests.Cli.Sessions;

public sealed class SessionTreeTests
{
    [Fact]
    public void Sessions_stand_below_who_spawned_them_the_oldest_first()
    {
        var plan = Spawned.Session(1, "tesla", "ghost", label: "plan");
        var build = Spawned.Session(2, "aaron", "tesla", plan.Id, label: "build");
        var check = Spawned.Session(3, "bond", "tesla", plan.Id, status: "timed_out");
        var deep = Spawned.Session(4, "bond", "aaron", build.Id);
        var other = Spawned.Session(5, "barnum", "ghost", status: "completed");
        var own = Spawned.Session(6, "tesla", "owner");

        string.Join('\n', SessionTree.Lines([own, other, deep, check, build, plan])).ShouldBe(
            """
            ghost
            ├─ tesla [plan] 00000001: running for 5m 30s, demo/echo, 100 tokens, $0.25
            │  ├─ aaron [build] 00000002: running for 5m 30s, demo/echo, 200 tokens, $0.25
            │  │  └─ bond 00000004: running for 5m 30s, demo/echo, 400 tokens, $0.25
            │  └─ bond 00000003: timed out after 5m 30s, demo/echo, 300 tokens, $0.25
            └─ barnum 00000005: completed after 5m 30s, demo/echo, 500 tokens, $0.25
            owner
            └─ tesla 00000006: running for 5m 30s, demo/echo, 600 tokens, $0.25
            """);
    }

    [Fact]
    public void A_session_whose_parent_is_not_listed_stands_below_the_parents_name() =>
        SessionTree.Lines([Spawned.Session(1, parent: "ghost", parentSession: Guid.NewGuid(), label: "a\u001b[31mb")]).ShouldBe(
            ["ghost", "└─ tesla [a\\x1b[31mb] 00000001: running for 5m 30s, demo/echo, 100 tokens, $0.25"]);

    [Fact]
    public void What_ends_with_a_session_is_everything_open_below_it_but_what_outlives_it()
    {
        var top = Spawned.Session(1);
        var child = Spawned.Session(2, parentSession: top.Id);
        var grandchild = Spawned.Session(3, parentSession: child.Id);
        var ended = Spawned.Session(4, parentSession: top.Id, status: "completed");
        var survivor = Spawned.Session(5, parentSession: top.Id, outlive: true);
        var below = Spawned.Session(6, parentSession: survivor.Id);

        SessionTree.EndedWith(top.Id, [top, child, grandchild, ended, survivor, below, Spawned.Session(7)]).ShouldBe([child, grandchild]);
    }
}
