using System.Globalization;
using Parley.Core.Maintenance;

namespace Parley.Storage.Inspection;

/// <summary>The engine's own findings, then those on the rows, all rows in one snapshot.</summary>
internal sealed class StoreInspector(IEngine engine, TimeProvider time) : IStoreInspector
{
    /// <summary>How far behind the newest message the clock may be: nodes differ a little.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(10);

    public async Task<List<Finding>> InspectAsync(CancellationToken cancellationToken)
    {
        var findings = await engine.InspectAsync(cancellationToken);
        findings.AddRange(await engine.ReadAsync(ReadAsync, cancellationToken));
        return findings;
    }

    private async ValueTask<List<Finding>> ReadAsync(Session session)
    {
        List<Finding> findings = [await MigrationsAsync(session), await ClockAsync(session)];
        foreach (var invariant in Invariant.All)
        {
            findings.Add(await invariant.CheckAsync(session));
        }

        return findings;
    }

    private static async ValueTask<Finding> MigrationsAsync(Session session)
    {
        var done = await session.ListAsync("select number from schema_migrations order by number", row => row.Int(0));
        var known = Migrations.Migration.Embedded(session.Dialect).Select(migration => migration.Number).ToList();
        if (done.SequenceEqual(known))
        {
            return Finding.Fine("migrations", string.Create(CultureInfo.InvariantCulture, $"The schema is number {done[^1]}, the newest this program knows."));
        }

        return done.Take(known.Count).SequenceEqual(known) && await Migrations.MigrationRunner.NeededAsync(session) <= known[^1]
            ? new Finding("migrations", FindingStatus.Warning, string.Create(CultureInfo.InvariantCulture, $"The schema is number {done[^1]}; this program knows {known[^1]} and works with it."),
                "Upgrade this node to the version of the others.")
            : new Finding("migrations", FindingStatus.Fault, "The applied migrations are not those of this program.", "Start the version of Parley that belongs to the database.");
    }

    private async ValueTask<Finding> ClockAsync(Session session)
    {
        var newest = await session.FirstAsync("select max(created_at) from (select created_at from messages order by id desc limit 100) newest", row => row.TimeOrNull(0));
        var now = time.GetUtcNow();
        return newest is { } at && at - now > ClockTolerance
            ? new Finding("server's clock", FindingStatus.Warning, string.Create(CultureInfo.InvariantCulture, $"The newest message is {(at - now).TotalSeconds:0} s ahead of this clock: it has jumped back, or another node's is fast."),
                "Let a time service keep the clocks. Nothing is lost; windows and releases wait until the clock has caught up.")
            : Finding.Fine("server's clock", "The clock is not behind the newest message.");
    }
}
