namespace Parley.EndToEnd.Tests.Crash.Spawns;

/// <summary>The comparison itself: it finds nothing in an honest record, and every kind of broken promise.</summary>
public sealed class SpawnAuditTests
{
    private static readonly AskedSpawn s_first = new("parent0", "k1", Work.Plain);
    private static readonly AskedSpawn s_second = new("parent0", "k2", Work.Late);
    private static readonly AcknowledgedSpawn[] s_told = [new(s_first, "a"), new(s_first, "a"), new(s_second, "b")];
    private static readonly ReadResult[] s_read = [new("parent0", 1, "b", "timed_out"), new("parent0", 2, "a", "completed")];
    private static readonly StoredSpawn[] s_stored =
    [
        new("a", "parent0", ParentSession: null, s_first.Task, "completed", Reason: null, Ended: true, Results: 1, Delivered: 1),
        new("b", "parent0", ParentSession: null, s_second.Task, "timed_out", Reason: null, Ended: true, Results: 1, Delivered: 1),
        new("c", "worker0", ParentSession: Guid.NewGuid(), "leaf", "completed", Reason: null, Ended: true, Results: 1, Delivered: 1),
    ];

    [Fact]
    public void An_honest_record_has_no_violations() => SpawnAudit.Run(s_told, s_read, s_stored).ShouldBeEmpty();

    [Fact]
    public void Every_lost_doubled_or_false_result_is_found()
    {
        Found("lost: k1", stored: s_stored[1..], read: [new("parent0", 1, "b", "timed_out")]);
        Found("spawned twice: k1", told: [.. s_told, new(s_first, "d")]);
        Found("spawned twice: 'Do: Plain", stored: [.. s_stored, s_stored[0] with { Session = "d" }]);
        Found("nobody was told of d", stored: [.. s_stored, s_stored[0] with { Session = "d", Task = "other" }]);
        Found("not ended: c", stored: [.. s_stored[..2], s_stored[2] with { Ended = false }]);
        Found("not reported once: a has 0", stored: [s_stored[0] with { Results = 0, Delivered = 0 }, .. s_stored[1..]]);
        Found("not reported once: c has 2", stored: [.. s_stored[..2], s_stored[2] with { Results = 2, Delivered = 2 }]);
        Found("parent0 read 0 results of a", read: s_read[..1]);
        Found("parent0 read 2 results of a", read: [.. s_read, new("parent0", 3, "a", "completed")]);
        Found("gap, repetition or disorder", read: [s_read[0], s_read[1] with { Number = 3 }]);
        Found("which is not its own", read: [.. s_read, new("parent0", 3, "c", "completed")]);
        Found("read that a is killed", read: [s_read[0], s_read[1] with { Status = "killed" }]);
        Found("ended otherwise: a", stored: [s_stored[0] with { State = "failed" }, .. s_stored[1..]]);
    }

    private static void Found(string finding, AcknowledgedSpawn[]? told = null, ReadResult[]? read = null, StoredSpawn[]? stored = null) =>
        SpawnAudit.Run(told ?? s_told, read ?? s_read, stored ?? s_stored).ShouldContain(violation => violation.Contains(finding, StringComparison.Ordinal), finding);
}
