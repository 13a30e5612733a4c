using Parley.Core.Organizations;

namespace Parley.Storage.Stores;

internal sealed class SignInStore(Session session) : ISignInStore
{
    public void Add(SignInLink link, byte[] hash)
    {
        session.Queue("delete from console_links where expires_at <= $1", link.CreatedAt);
        session.Queue(
            "insert into console_links (hash, organization_id, user_id, scopes, created_by, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)",
            hash, link.OrganizationId, link.UserId, (int)link.Scopes, link.CreatedBy, link.CreatedAt, link.ExpiresAt);
    }

    public ValueTask<SignInLink?> TakeAsync(byte[] hash) => session.FirstAsync(
        "delete from console_links where hash = $1 returning organization_id, user_id, scopes, created_by, created_at, expires_at",
        row => new SignInLink(row.Guid(0), row.Guid(1), (Scopes)row.Int(2), row.Text(3), row.Time(4), row.Time(5)), hash);

    public void Clear() => session.Queue("delete from console_links");
}
