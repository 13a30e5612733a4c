using Parley.Core.Organizations;

namespace Parley.Core.Halts;

/// <summary>Keeps this node's board true: writes what could not be written, takes over what other nodes wrote. Run every second.</summary>
public sealed class RefreshHalts(IDatabase database, HaltBoard board)
{
    /// <summary>One round; returns false because there is never more to do at once. Throws where the database cannot be read, then the board stays as it is.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        await board.WriteLaterAsync(() => WriteAsync(cancellationToken));
        var asOf = board.Version;
        board.Replace(await database.ReadUrgentlyAsync(unit => unit.Halts.ListAsync(), cancellationToken), asOf);
        return false;
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        foreach (var halt in board.Unwritten)
        {
            if (!await TryWriteAsync(halt, cancellationToken))
            {
                return;
            }
        }
    }

    private async Task<bool> TryWriteAsync(Halt halt, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteUrgentlyAsync(
                unit =>
                {
                    unit.Halts.Set(halt);
                    unit.Audit.Append(new AuditEntry(halt.At, halt.OrganizationId, $"user:{halt.By}", "halt.pull", $"{halt.Scope.ToString().ToLowerInvariant()}:{halt.TargetId}", "allowed", "{}"));
                    return ValueTask.FromResult(true);
                },
                cancellationToken);
        }
        catch (ParleyError error) when (PullHalt.WriteLater(error.Code))
        {
            // It stays on the board, acts, and is written by a later round.
            return false;
        }

        board.Written(halt);
        return true;
    }
}
