using Parley.Core.Organizations;

namespace Parley.Core;

/// <summary>Who is behind a call: taken from the token alone, never from a field, path or query.</summary>
/// <param name="Kind">A person, an agent, or Parley itself.</param>
/// <param name="OrganizationId">The tenant; every store call is bound to it.</param>
/// <param name="Id">The user's or the agent's id.</param>
/// <param name="Name">The user's or the agent's name, as others see it.</param>
/// <param name="Role">What a person may do; <see cref="Role.Member"/> for an agent.</param>
/// <param name="Scopes">What the token may do.</param>
/// <param name="TokenId">The token, so that its revocation can end open connections.</param>
public sealed record Caller(CallerKind Kind, Guid OrganizationId, Guid Id, string Name, Role Role, Scopes Scopes, Guid TokenId)
{
    /// <summary>The running turn of a hosted agent that the call comes from, else null: what it says belongs to the turn's chain, whatever it names.</summary>
    public Origin? Origin { get; init; }

    /// <summary>True where the caller is an agent.</summary>
    public bool IsAgent => Kind == CallerKind.Agent;

    /// <summary>Parley itself, acting in an organization: reminders, notices, releases.</summary>
    public static Caller System(Guid organizationId) =>
        new(CallerKind.System, organizationId, Guid.Empty, "parley", Role.Owner, Scopes.All, Guid.Empty);

    /// <summary>Throws <see cref="ErrorCode.Forbidden"/> unless the token has the scope.</summary>
    public void Require(Scopes scope)
    {
        if ((Scopes & scope) != scope)
        {
            throw new ParleyError(ErrorCode.Forbidden, $"This token may not {scope.ToString().ToLowerInvariant()}.", "Ask an admin for a token with that scope: 'parley token add'.");
        }
    }

    /// <summary>Throws <see cref="ErrorCode.Forbidden"/> unless the caller is a person with at least that role.</summary>
    public void RequirePerson(Role least = Role.Member)
    {
        if (Kind == CallerKind.Agent)
        {
            throw new ParleyError(ErrorCode.Forbidden, "Only a person may do this.", "Use a user's token; on the server's machine the command line does so by itself.");
        }

        if (Role > least)
        {
            throw new ParleyError(ErrorCode.Forbidden, $"This needs the role {least.ToString().ToLowerInvariant()}.", "Ask an owner or admin of the organization.");
        }
    }

    /// <summary>Throws <see cref="ErrorCode.Forbidden"/> unless the caller is a person with at least that role and a token that may manage.</summary>
    public void RequireManage(Role least = Role.Member)
    {
        RequirePerson(least);
        Require(Scopes.Manage);
    }

    /// <summary>Throws <see cref="ErrorCode.Forbidden"/> unless the caller is an agent.</summary>
    public void RequireAgent()
    {
        if (Kind != CallerKind.Agent)
        {
            throw new ParleyError(ErrorCode.Forbidden, "Only an agent has an inbox.", "Use an agent's token; on the command line name the agent with --as.");
        }
    }
}

/// <summary>The turn that something comes from. Set by Parley where it starts the turn; no door can hand one in.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="SessionId">The session of the turn.</param>
/// <param name="RootId">What started the chain.</param>
/// <param name="Depth">How many agents' turns lie between the turn and its root: 0 for an answer to a person.</param>
public sealed record Origin(Guid TurnId, Guid SessionId, Guid RootId, int Depth)
{
    /// <summary>
    /// Set where the call comes from a program that runs for the turn: throws, in the transaction of each send, where the turn has another owner now or has ended. Null
    /// where the turn itself checks.
    /// </summary>
    public Func<IUnitOfWork, ValueTask>? Hold { get; init; }

    /// <summary>The message that the turn is about, for results of work that it gives away through a door; null where there is none.</summary>
    public Guid? AskedById { get; init; }
}

/// <summary>What stands behind a <see cref="Caller"/> and behind a message.</summary>
public enum CallerKind
{
    /// <summary>A person.</summary>
    User,

    /// <summary>An agent.</summary>
    Agent,

    /// <summary>Parley itself.</summary>
    System,
}
