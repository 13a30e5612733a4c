using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Parley.Core.Organizations;

/// <summary>A credential of an agent or a user. The secret itself is shown once and never stored.</summary>
/// <param name="Id">The token's own id, by which it is listed and revoked.</param>
/// <param name="OrganizationId">The tenant.</param>
/// <param name="AgentId">The agent it speaks for, or null.</param>
/// <param name="UserId">The user it speaks for, or null.</param>
/// <param name="Label">What a person called it.</param>
/// <param name="Prefix">The first characters of the secret, to recognise it.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="CreatedAt">When it was issued.</param>
/// <param name="ExpiresAt">When it stops; null where it does not.</param>
/// <param name="RevokedAt">When a person ended it, or null.</param>
public sealed record Token(
    Guid Id, Guid OrganizationId, Guid? AgentId, Guid? UserId, string Label, string Prefix, Scopes Scopes,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>What a token may do, within what its agent or user may do.</summary>
[Flags]
public enum Scopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read the inbox, conversations, states.</summary>
    Read = 1,

    /// <summary>Send messages and acknowledge.</summary>
    Send = 2,

    /// <summary>Change links, agents, tokens and policies; persons only.</summary>
    Manage = 4,

    /// <summary>Everything the agent or user may do.</summary>
    All = Read | Send | Manage,
}

/// <summary>The secret of a token: 256 random bits behind a prefix that scanners of leaked secrets can recognise.</summary>
public static class TokenSecret
{
    /// <summary>The prefix of agents' tokens.</summary>
    public const string AgentPrefix = "pa_";

    /// <summary>The prefix of users' tokens.</summary>
    public const string UserPrefix = "pu_";

    /// <summary>Makes a new secret.</summary>
    public static string Create(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored: SHA-256. The secret has full entropy, so a slow hash would add nothing.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
