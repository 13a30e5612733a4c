using System.Globalization;
using System.Text.Json.Nodes;
using Parley.Core.Halts;
using Parley.Core.Organizations;

namespace Parley.Core.Maintenance;

/// <summary>Replaces the whole store by a backup, while the server runs.</summary>
public sealed class RestoreStore(IDatabase database, IStoreArchive archive, HaltBoard board, TimeProvider time)
{
    /// <summary>
    /// Verifies the backup to its last line, then replaces everything in one transaction; where it fails nothing has changed. The store gets a new
    /// epoch, so cursors given out before answer <c>epoch_changed</c>. Of what was there three things stay: the caller's own token, which speaks for
    /// the owner of the backup where it does not know the caller; revocations of tokens; and what is halted. Owners only. Throws
    /// <c>invalid_request</c> for a file that is damaged, incomplete or of a newer Parley.
    /// </summary>
    public Task<BackupSummary> RunAsync(Caller caller, Stream source, IProgress<ArchiveProgress>? progress, CancellationToken cancellationToken) =>
        database.AuditRefusalAsync(
            caller, time, "store.restore", "store",
            async () =>
            {
                caller.RequireManage(Role.Owner);
                var kept = Kept.Nothing;
                var summary = await archive.RestoreAsync(
                    source,
                    async unit => kept = await KeepAsync(unit, caller),
                    (unit, summary) => FinishAsync(unit, caller, kept, summary),
                    progress, cancellationToken);
                // What was committed must be known here even if the caller has gone.
                await new RefreshHalts(database, board).RunOnceAsync(CancellationToken.None);
                await database.RefreshEpochAsync(CancellationToken.None);
                return summary;
            },
            cancellationToken);

    private static async ValueTask<Kept> KeepAsync(IUnitOfWork unit, Caller caller) => new(
        await unit.Tokens.FindHashedAsync(caller.TokenId), await unit.Tokens.RevocationsAsync(), await unit.Halts.ListAsync());

    private async ValueTask FinishAsync(IUnitOfWork unit, Caller caller, Kept kept, BackupSummary summary)
    {
        var owner = await OwnerAsync(unit, caller);
        // A link that has been used since the backup must not open anything again.
        unit.SignIns.Clear();
        foreach (var (hash, at) in kept.Revocations)
        {
            unit.Tokens.Revoke(hash, at);
        }

        foreach (var halt in kept.Halts)
        {
            unit.Halts.Set(halt);
        }

        if (kept.Token is { } own)
        {
            unit.Tokens.Keep(own.Token with { OrganizationId = owner.OrganizationId, UserId = owner.Id }, own.Hash);
        }

        var details = new JsonObject
        {
            ["backup_of"] = summary.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
            ["backup_epoch"] = summary.Epoch,
            ["rows"] = summary.Rows.Values.Sum(),
        };
        unit.Audit.Append(AuditEntry.Allowed(caller with { OrganizationId = owner.OrganizationId }, time.GetUtcNow(), "store.restore", "store", details.ToJsonString()));
    }

    private static async ValueTask<User> OwnerAsync(IUnitOfWork unit, Caller caller)
    {
        var organizations = await unit.Organizations.ListAsync();
        foreach (var organization in organizations)
        {
            if (await unit.Organizations.FindUserAsync(organization.Id, caller.Id) is { } same)
            {
                return same;
            }
        }

        foreach (var organization in organizations.OrderByDescending(organization => organization.Name == Bootstrap.DefaultName))
        {
            var users = await unit.Organizations.ListUsersAsync(organization.Id);
            if (users.Where(user => user.Role == Role.Owner).MinBy(user => user.CreatedAt) is { } owner)
            {
                return owner;
            }
        }

        throw ParleyError.Invalid("backup", "The backup has no owner, so nobody could use it.", "Restore another backup.");
    }

    private sealed record Kept(HashedToken? Token, IReadOnlyList<(byte[] Hash, DateTimeOffset At)> Revocations, IReadOnlyList<Halt> Halts)
    {
        public static readonly Kept Nothing = new(Token: null, [], []);
    }
}
