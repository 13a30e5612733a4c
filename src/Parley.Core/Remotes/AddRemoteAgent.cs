using Parley.Core.Agents;
using Parley.Core.Organizations;
using Parley.Core.Outbound;

namespace Parley.Core.Remotes;

/// <summary>What a person says of a remote agent.</summary>
/// <param name="Url">Its card, or the address below which it lies.</param>
/// <param name="Name">Its name here; null makes one of its own.</param>
/// <param name="Project">The project whose <c>#general</c> it joins; null is the only project, or none where there are several.</param>
/// <param name="Token">The bearer token for it, or null.</param>
/// <param name="TokenVariable">The environment variable of the server that holds the token, or null.</param>
/// <param name="Preview">Whether it is only shown what would be added.</param>
public sealed record RemoteInput(string? Url, string? Name = null, string? Project = null, string? Token = null, string? TokenVariable = null, bool Preview = false);

/// <summary>A remote agent as it is shown.</summary>
/// <param name="Remote">What is stored.</param>
/// <param name="Skills">What its card names, where it was just read.</param>
/// <param name="Call">The delivery that is under way, or null.</param>
public sealed record RemoteOverview(RemoteAgent Remote, IReadOnlyList<string> Skills, RemoteCall? Call);

/// <summary>Adds an agent of another server by its card. It has no token here: Parley speaks for it. Persons only.</summary>
public sealed class AddRemoteAgent(IDatabase database, IRemoteDoor door, IOutboundPolicy policy, ISealedSecrets secrets, TimeProvider time)
{
    /// <summary>
    /// Returns what was added, or would be. Throws <c>outbound_refused</c> and <c>outbound_failed</c> of the guard, <c>invalid_request</c> for what is no card and where the
    /// card leads to another server than its own although a token is given, <c>conflict</c> for a name in use.
    /// </summary>
    public async Task<RemoteOverview> RunAsync(Caller caller, RemoteInput input, CancellationToken cancellationToken)
    {
        caller.RequireManage();
        var (token, variable) = RemoteTokens.Check(input.Token, input.TokenVariable);
        var url = OutboundRules.Parse(input.Url, "url");
        OutboundRules.Check(policy.Current, url);
        var card = await door.ReadCardAsync(url, token ?? (variable is null ? null : Environment.GetEnvironmentVariable(variable)), cancellationToken);
        CheckTarget(card, token is not null || variable is not null);
        var name = input.Name is null ? NameOf(card.Name) : Name.Check(input.Name, "name");
        if (input.Preview)
        {
            return new RemoteOverview(Of(caller, Guid.Empty, name, card, null, variable, time.GetUtcNow()), card.Skills, null);
        }

        return await database.ChangeAsync(
            caller, time, "agent.remote.add", name, Role.Member,
            async (unit, now) =>
            {
                var agent = await AddAgent.WriteAsync(unit, caller, new AddAgentInput(name, "a2a", Webhooks.WebhookBody.LineOf(card.Description), input.Project), now);
                var remote = Of(caller, agent.Id, name, card, token is null ? null : secrets.Seal(RemoteTokens.PurposeOf(agent.Id), token), variable, now);
                unit.Remotes.Add(remote);
                return new RemoteOverview(remote, card.Skills, null);
            },
            cancellationToken);
    }

    /// <summary>The token goes to the server that showed the card and to no other.</summary>
    internal static void CheckTarget(RemoteCard card, bool hasToken)
    {
        if (hasToken && OutboundRules.OriginOf(new Uri(card.Url)) != OutboundRules.OriginOf(new Uri(card.Interface.Url)))
        {
            throw ParleyError.Invalid("url", $"The card leads to {OutboundRules.OriginOf(new Uri(card.Interface.Url))}, which is not the server that showed it.", "Add it without a token, or by the address of that server.");
        }
    }

    private static RemoteAgent Of(Caller caller, Guid agentId, string name, RemoteCard card, string? credential, string? variable, DateTimeOffset now) => new()
    {
        AgentId = agentId, OrganizationId = caller.OrganizationId, Name = name, CardUrl = card.Url, Interface = card.Interface, CardName = card.Name, Description = card.Description, Credential = credential,
        TokenVariable = variable, CreatedAt = now, RefreshedAt = now,
    };

    private static string NameOf(string name)
    {
        var letters = new string([.. name.Trim().ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]).Trim('-');
        return Name.HasForm(letters) ? Name.Check(letters, "name") : throw ParleyError.Invalid("name", "The card's name makes no name here.", "Give one: parley agent remote add URL --name NAME");
    }
}
