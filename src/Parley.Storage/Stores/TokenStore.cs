using Parley.Core.Organizations;

namespace Parley.Storage.Stores;

internal sealed class TokenStore(Session session) : ITokenStore
{
    private const string Columns = "t.id, t.organization_id, t.agent_id, t.user_id, t.label, t.prefix, t.scopes, t.created_at, t.expires_at, t.revoked_at";

    public void Add(Token token, byte[] hash) => session.Queue(
        """
        insert into tokens (id, organization_id, agent_id, user_id, hash, label, prefix, scopes, created_at, expires_at, revoked_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        token.Id, token.OrganizationId, token.AgentId, token.UserId, hash, token.Label, token.Prefix, (int)token.Scopes, token.CreatedAt, token.ExpiresAt, token.RevokedAt);

    public ValueTask<TokenOwner?> FindAsync(byte[] hash) => session.FirstAsync(
        $"""
        select {Columns}, coalesce(a.name, u.name), u.role, a.removed_at
        from tokens t left join agents a on a.id = t.agent_id left join users u on u.id = t.user_id
        where t.hash = $1
        """,
        Owner, hash);

    public ValueTask<List<TokenOwner>> ListAsync(Guid organizationId) => session.ListAsync(
        $"""
        select {Columns}, coalesce(a.name, u.name), u.role, a.removed_at
        from tokens t left join agents a on a.id = t.agent_id left join users u on u.id = t.user_id
        where t.organization_id = $1 order by t.id desc
        """,
        Owner, organizationId);

    public async ValueTask<bool> RevokeAsync(Guid organizationId, Guid id, DateTimeOffset at) => await session.ExecuteAsync(
        "update tokens set revoked_at = $3 where organization_id = $1 and id = $2 and revoked_at is null", organizationId, id, at) > 0;

    public ValueTask<List<Guid>> RevokedSinceAsync(DateTimeOffset since) =>
        session.ListAsync("select id from tokens where revoked_at >= $1", row => row.Guid(0), since);

    public ValueTask<HashedToken?> FindHashedAsync(Guid id) =>
        session.FirstAsync($"select {Columns}, t.hash from tokens t where t.id = $1", row => new HashedToken(TokenOf(row), row.Bytes(10)), id);

    public ValueTask<List<(byte[] Hash, DateTimeOffset At)>> RevocationsAsync() =>
        session.ListAsync("select hash, revoked_at from tokens where revoked_at is not null", row => (row.Bytes(0), row.Time(1)));

    public void Revoke(byte[] hash, DateTimeOffset at) => session.Queue("update tokens set revoked_at = $2 where hash = $1 and revoked_at is null", hash, at);

    public void Keep(Token token, byte[] hash)
    {
        session.Queue("delete from tokens where hash = $1", hash);
        Add(token, hash);
    }

    private static TokenOwner Owner(Row row) => new(
        TokenOf(row), row.Text(10), row.TextOrNull(11) is { } role ? Names<Role>.Parse(role) : Role.Member, Removed: !row.IsNull(12));

    private static Token TokenOf(Row row) => new(
        row.Guid(0), row.Guid(1), row.GuidOrNull(2), row.GuidOrNull(3), row.Text(4), row.Text(5), (Scopes)row.Int(6), row.Time(7), row.TimeOrNull(8), row.TimeOrNull(9));
}
