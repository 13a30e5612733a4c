namespace Parley.Core.Sessions;

/// <summary>A later concept that hears of the end of spawned sessions within the write that ends them.</summary>
public interface ISessionFollower
{
    /// <summary>The session has ended as it says.</summary>
    /// <param name="unit">The write.</param>
    /// <param name="session">The session as it is stored then.</param>
    /// <param name="resultId">The message with its result, or with Parley's report where it has none.</param>
    /// <param name="now">The time of the write.</param>
    ValueTask EndedAsync(IUnitOfWork unit, Subagent session, Guid resultId, DateTimeOffset now);
}
