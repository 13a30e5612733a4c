using Parley.Core.Organizations;

namespace Parley.Core.Channels;

/// <summary>What the two sides of an overlap are told. Pure.</summary>
/// <param name="AgentId">Who is told.</param>
/// <param name="Content">The sentence.</param>
public sealed record OverlapText(Guid AgentId, string Content)
{
    private const int MostPaths = 5;

    /// <summary>The notices of an announcement: none where nothing overlaps.</summary>
    public static IEnumerable<OverlapText> For(Project project, LeaseOverview overview)
    {
        var (lease, overlaps) = overview;
        if (overlaps.Count == 0)
        {
            yield break;
        }

        var others = string.Join("; ", overlaps.Take(MostPaths).Select(overlap => $"'{overlap.Lease.AgentName}' works on {List(overlap.Paths)}"));
        yield return new OverlapText(
            lease.AgentId, $"Your announcement in project '{project.Name}' overlaps: {others}.");
        foreach (var group in overlaps.GroupBy(overlap => overlap.Lease.AgentId))
        {
            var paths = group.SelectMany(overlap => overlap.Paths).Distinct().ToList();
            yield return new OverlapText(
                group.Key, $"'{lease.AgentName}' announced work on {List(lease.Paths)} in project '{project.Name}', which overlaps with yours on {List(paths)}.");
        }
    }

    private static string List(IReadOnlyList<string> paths) =>
        string.Join(", ", paths.Take(MostPaths)) + (paths.Count > MostPaths ? $" and {paths.Count - MostPaths} more" : "");
}
