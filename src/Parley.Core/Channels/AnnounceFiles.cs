using Parley.Core.Agents;
using Parley.Core.Messages;
using Parley.Core.Organizations;

namespace Parley.Core.Channels;

/// <summary>What an agent announces.</summary>
/// <param name="Paths">1–50 paths or patterns (<c>*</c>, <c>**</c>, <c>?</c>) of 300 characters, relative to the project.</param>
/// <param name="Exclusive">False where others may work there too.</param>
/// <param name="Note">What it is about.</param>
/// <param name="TimeToLive">10 seconds to a day; null is 15 minutes.</param>
public sealed record LeaseInput(IReadOnlyList<string>? Paths, bool Exclusive = true, string? Note = null, TimeSpan? TimeToLive = null);

/// <summary>Announces that the calling agent works on files of a project. Nothing is locked; where it overlaps with others' work both sides are told.</summary>
public sealed class AnnounceFiles(IDatabase database, HaltBoard halts, IWake wake, TimeProvider time)
{
    /// <summary>
    /// Returns the lease and what it overlaps with; both sides of an overlap find a system message in their inbox. Throws <c>not_found</c> for a project that
    /// the agent is not in, <c>conflict</c> where it has twenty announcements there already, <c>halted</c>, <c>invalid_request</c>.
    /// </summary>
    public async Task<LeaseOverview> RunAsync(Caller caller, string? project, LeaseInput input, CancellationToken cancellationToken)
    {
        caller.RequireAgent();
        caller.Require(Scopes.Send);
        if (halts.OfAgent(caller.OrganizationId, caller.Id) is { } halt)
        {
            throw HaltBoard.Refusal(halt, "Announcing");
        }

        var paths = PathOverlap.Check(input.Paths);
        var note = Remark.Check(input.Note, "note");
        // Overlaps of large announcements take a while to find: it is done before the write, and in it only for what came in between.
        var known = new Dictionary<Guid, LeaseOverlap?>();
        await database.ReadAsync(
            async unit =>
            {
                var now = time.GetUtcNow();
                var of = await ChannelLookup.ProjectAsync(unit, caller, project);
                return LeaseRules.Overlaps(LeaseOf(caller, of, paths, note, input, now), await unit.FileLeases.ActiveAsync(of.Id, now), known);
            },
            cancellationToken);
        var (overview, told) = await database.WriteAsync(
            async unit =>
            {
                var now = time.GetUtcNow();
                var of = await ChannelLookup.ProjectAsync(unit, caller, project);
                var active = await unit.FileLeases.ActiveAsync(of.Id, now);
                LeaseRules.CheckCount(active, caller.Id);
                var lease = LeaseOf(caller, of, paths, note, input, now);
                var found = new LeaseOverview(lease, LeaseRules.Overlaps(lease, active, known));
                unit.FileLeases.Add(lease);
                return (found, await TellAsync(unit, of, found, now));
            },
            cancellationToken);
        Wakes.Send(wake, caller.OrganizationId, told);
        return overview;
    }

    private static FileLease LeaseOf(Caller caller, Project project, IReadOnlyList<string> paths, string note, LeaseInput input, DateTimeOffset now) => new(
        Guid.CreateVersion7(now), caller.OrganizationId, project.Id, caller.Id, caller.Name, paths, input.Exclusive, note,
        now, LeaseRules.EndOf(input.TimeToLive, now), ReleasedAt: null);

    /// <summary>One notice for each side: the announcing agent reads of all overlaps at once, each other agent of its own.</summary>
    private static async ValueTask<List<InboxPosition>> TellAsync(IUnitOfWork unit, Project project, LeaseOverview overview, DateTimeOffset now)
    {
        var positions = new List<InboxPosition>();
        foreach (var text in OverlapText.For(project, overview).OrderBy(text => text.AgentId))
        {
            positions.Add(await SystemNotice.WriteAsync(unit, project.OrganizationId, text.AgentId, "lease_overlap", text.Content, about: null, now));
        }

        return positions;
    }
}
