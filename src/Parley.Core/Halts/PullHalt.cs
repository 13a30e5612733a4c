using Parley.Core.Organizations;

namespace Parley.Core.Halts;

/// <summary>Pulls the kill switch. It acts on this node at once, whatever the state of the database, and on others after it was written.</summary>
public sealed class PullHalt(IDatabase database, HaltBoard board, TimeProvider time)
{
    /// <summary>
    /// Returns the halt, and whether it is written: false where the database cannot be written, then <see cref="RefreshHalts"/> writes it later.
    /// The server needs an owner, the organization and a project an admin, an agent or link its owner or an admin. Throws <c>not_found</c>, <c>forbidden</c>.
    /// </summary>
    public Task<(Halt Halt, bool Durable)> RunAsync(Caller caller, HaltScope scope, string? target, string? reason, CancellationToken cancellationToken) =>
        database.AuditRefusalAsync(
            caller, time, "halt.pull", Label(scope, target),
            async () =>
            {
                caller.RequireManage(HaltTarget.LeastRole(scope));
                var why = Remark.Check(reason, "reason");
                var found = await database.ReadUrgentlyAsync(unit => HaltTarget.FindAsync(unit, caller, scope, target), cancellationToken);
                var halt = new Halt(scope, found.Id, found.OrganizationId, why, caller.Name, time.GetUtcNow());
                board.Pull(halt);
                return (halt, await TryWriteAsync(caller, halt, Label(scope, target), cancellationToken));
            },
            cancellationToken);

    private async Task<bool> TryWriteAsync(Caller caller, Halt halt, string label, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteUrgentlyAsync(
                unit =>
                {
                    unit.Halts.Set(halt);
                    unit.Audit.Append(AuditEntry.Allowed(caller, halt.At, "halt.pull", label));
                    return ValueTask.FromResult(true);
                },
                cancellationToken);
        }
        catch (ParleyError error) when (WriteLater(error.Code))
        {
            return false;
        }

        board.Written(halt);
        return true;
    }

    /// <summary>What the audit log calls the target.</summary>
    internal static string Label(HaltScope scope, string? target) =>
        scope is HaltScope.Server or HaltScope.Organization ? scope.ToString().ToLowerInvariant() : $"{scope.ToString().ToLowerInvariant()}:{target?.Trim()}";

    /// <summary>Whether a write that failed so may succeed later, and may have succeeded now.</summary>
    internal static bool WriteLater(ErrorCode code) =>
        code == ErrorCode.StorageFull || code == ErrorCode.StorageUnavailable || code == ErrorCode.Busy || code == ErrorCode.OutcomeUnknown;
}
