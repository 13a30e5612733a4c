using Parley.Core.Organizations;

namespace Parley.Core.Halts;

/// <summary>Releases the kill switch. What was sent meanwhile was refused; what was waiting goes on.</summary>
public sealed class ReleaseHalt(IDatabase database, HaltBoard board, TimeProvider time)
{
    /// <summary>Completes after the release was written; until then the halt acts. Throws <c>not_found</c> where nothing of that kind is halted, <c>forbidden</c>.</summary>
    public Task RunAsync(Caller caller, HaltScope scope, string? target, CancellationToken cancellationToken) => board.InTurnAsync(
        async () =>
        {
            var released = await database.ChangeAsync(
                caller, time, "halt.release", PullHalt.Label(scope, target), HaltTarget.LeastRole(scope),
                async (unit, _) =>
                {
                    var found = await HaltTarget.FindAsync(unit, caller, scope, target);
                    return await unit.Halts.ClearAsync(scope, found.Id) || board.Find(scope, found.Id) is not null ? found : throw ParleyError.NotFound("halt");
                },
                cancellationToken);
            board.Release(scope, released.Id);
        },
        cancellationToken);
}
