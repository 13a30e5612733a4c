namespace Parley.Server.Security;

/// <summary>How many calls and frames a token may make in a second: far above what work needs, far below what a loop gone wild makes.</summary>
internal sealed class RequestRate(TimeProvider time)
{
    private const int PerSecond = 20_000;
    private readonly RateWindow<Guid> window = new(PerSecond, time);

    /// <summary>Counts a call; throws <c>rate_limited</c>.</summary>
    public void Count(Guid tokenId, string what) => window.Count(tokenId, what);
}
