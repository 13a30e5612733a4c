namespace Parley.Core.Channels;

/// <summary>Which paths of one announcement may be the same files as those of another. Pure.</summary>
public static class PathOverlap
{
    /// <summary>The patterns in normal form, each once; throws <c>invalid_request</c> unless there are 1–50 and each is a path within the project.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyList<string>? paths) => paths is { Count: >= 1 and <= PathForm.Count }
        ? [.. paths.Select(PathForm.Normalize).Distinct()]
        : throw ParleyError.Invalid("paths", $"There are {paths?.Count ?? 0} paths.", $"Send 1 to {PathForm.Count} paths or patterns.");

    /// <summary>Those of <paramref name="theirs"/> that share any possible path with <paramref name="mine"/>, in their order.</summary>
    public static IReadOnlyList<string> Between(IReadOnlyList<string> mine, IReadOnlyList<string> theirs)
    {
        var patterns = mine.Select(PathPattern.Parse).ToList();
        return [.. theirs.Where(path => PathPattern.Parse(path) is var other && patterns.Exists(pattern => pattern.Overlaps(other)))];
    }
}
