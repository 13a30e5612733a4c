namespace Parley.Core.Organizations;

/// <summary>Tenants, their users and projects.</summary>
public interface IOrganizationStore
{
    /// <summary>Adds an organization.</summary>
    void Add(Organization organization);

    /// <summary>Every organization, by name.</summary>
    ValueTask<List<Organization>> ListAsync();

    /// <summary>The organization, or null.</summary>
    ValueTask<Organization?> FindAsync(Guid id);

    /// <summary>The organization of that name, or null.</summary>
    ValueTask<Organization?> FindAsync(string name);

    /// <summary>Switches features.</summary>
    void SetFeatures(Guid id, Features features);

    /// <summary>The types of messages that a person approves; in a write the organization is locked.</summary>
    ValueTask<HeldTypes> HeldTypesAsync(Guid id);

    /// <summary>Writes the types of messages that a person approves.</summary>
    void SetHeldTypes(Guid id, HeldTypes types);

    /// <summary>Adds a user.</summary>
    void AddUser(User user);

    /// <summary>The users, by name.</summary>
    ValueTask<List<User>> ListUsersAsync(Guid organizationId);

    /// <summary>The user, or null.</summary>
    ValueTask<User?> FindUserAsync(Guid organizationId, Guid id);

    /// <summary>Adds a project.</summary>
    void AddProject(Project project);

    /// <summary>The projects, by name.</summary>
    ValueTask<List<Project>> ListProjectsAsync(Guid organizationId);

    /// <summary>The project by name or id, or null.</summary>
    ValueTask<Project?> FindProjectAsync(Guid organizationId, string nameOrId);
}

/// <summary>Credentials.</summary>
public interface ITokenStore
{
    /// <summary>Adds a token under the hash of its secret.</summary>
    void Add(Token token, byte[] hash);

    /// <summary>The token of that hash with the one it speaks for, revoked and expired ones included; or null.</summary>
    ValueTask<TokenOwner?> FindAsync(byte[] hash);

    /// <summary>The organization's tokens, newest first.</summary>
    ValueTask<List<TokenOwner>> ListAsync(Guid organizationId);

    /// <summary>Ends a token; false where there is none that can be ended.</summary>
    ValueTask<bool> RevokeAsync(Guid organizationId, Guid id, DateTimeOffset at);

    /// <summary>Ids of tokens revoked at or after that time, for nodes that hold connections.</summary>
    ValueTask<List<Guid>> RevokedSinceAsync(DateTimeOffset since);

    /// <summary>The token with its hash, or null.</summary>
    ValueTask<HashedToken?> FindHashedAsync(Guid id);

    /// <summary>The hashes of every revoked token of the store, and since when.</summary>
    ValueTask<List<(byte[] Hash, DateTimeOffset At)>> RevocationsAsync();

    /// <summary>Revokes the token of that hash where there is one that is not revoked.</summary>
    void Revoke(byte[] hash, DateTimeOffset at);

    /// <summary>Writes a token as it is, in place of the one of the same secret.</summary>
    void Keep(Token token, byte[] hash);
}

/// <summary>A token and the hash under which it is stored.</summary>
public sealed record HashedToken(Token Token, byte[] Hash);

/// <summary>A token and the name and role behind it.</summary>
public sealed record TokenOwner(Token Token, string Name, Role Role, bool Removed);

/// <summary>The audit log.</summary>
public interface IAuditStore
{
    /// <summary>Appends an entry.</summary>
    void Append(AuditEntry entry);

    /// <summary>The newest entries of an organization.</summary>
    ValueTask<List<AuditEntry>> ListAsync(Guid organizationId, int limit);
}

/// <summary>Pulled kill switches.</summary>
public interface IHaltStore
{
    /// <summary>Pulls one; pulling it again changes the reason.</summary>
    void Set(Halt halt);

    /// <summary>Releases one; false where it was not pulled.</summary>
    ValueTask<bool> ClearAsync(HaltScope scope, Guid targetId);

    /// <summary>All that are pulled.</summary>
    ValueTask<List<Halt>> ListAsync();
}
