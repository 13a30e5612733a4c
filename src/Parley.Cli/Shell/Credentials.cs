using Parley.Client;
using Parley.Client.Wire;

namespace Parley.Cli.Shell;

/// <summary>
/// Finds the server and the token. Secrets of the data folder are sent only to the server of that folder or to this machine, whatever address is given.
/// </summary>
internal sealed class Credentials
{
    public const string DefaultServer = "http://127.0.0.1:7275";

    /// <summary>What the token of a turn begins with.</summary>
    private const string TurnPrefix = "pt_";

    private readonly DataFolder folder;
    private readonly bool local;

    public Credentials(DataFolder folder, string? url)
    {
        this.folder = folder;
        var running = folder.ReadServer()?.Url;
        var address = NotEmpty(url) ?? NotEmpty(Environment.GetEnvironmentVariable("PARLEY_URL")) ?? running ?? DefaultServer;
        Server = Uri.TryCreate(address, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
            ? server
            : throw Refusal.Wrong($"'{address}' is not a server's address.", $"Write it as {DefaultServer}.", "url");
        local = Server.IsLoopback || address == running;
    }

    public Uri Server { get; }

    /// <summary>The token of the environment, for machines without the data folder.</summary>
    public static string? FromEnvironment => NotEmpty(Environment.GetEnvironmentVariable("PARLEY_TOKEN"));

    /// <summary>A person's token: of the environment, else the owner's of this machine.</summary>
    public string OfPerson() => FromEnvironment ?? OwnerSecret() ?? throw NoToken("a user");

    /// <summary>An agent's token: stored on this machine, else of the environment, else a new one that the person is allowed to issue.</summary>
    public async Task<string> OfAgentAsync(string agent, CancellationToken cancellation)
    {
        if (FromEnvironment is { } given && given.StartsWith(TurnPrefix, StringComparison.Ordinal))
        {
            // A program that runs for a turn speaks with the turn's token, also where it could read others.
            return given;
        }

        if (local && folder.ReadAgentToken(agent) is { } stored)
        {
            return stored;
        }

        if ((FromEnvironment ?? OwnerSecret()) is not { } token)
        {
            throw NoToken($"the agent '{agent}'");
        }

        using var client = new ParleyClient(Server, token);
        if (token == FromEnvironment && await client.Tokens.WhoAmIAsync(cancellation).ConfigureAwait(false) is { Kind: "agent" } me)
        {
            return me.Name == agent ? token : throw Refusal.NoToken($"PARLEY_TOKEN is of the agent '{me.Name}', not of '{agent}'.", $"Write --as {me.Name}, or use a token of '{agent}'.");
        }

        // An alias may become another agent's: what is kept is kept by name.
        var name = (await client.Agents.ReadAsync(agent, cancellation).ConfigureAwait(false)).Name;
        return local && name != agent && folder.ReadAgentToken(name) is { } known ? known : await IssueAsync(client, name, cancellation).ConfigureAwait(false);
    }

    /// <summary>Issues a token for an agent and keeps it in the data folder.</summary>
    public async Task<string> IssueAsync(ParleyClient client, string agent, CancellationToken cancellation)
    {
        var issued = await client.Tokens.IssueAsync(new IssueTokenRequest(Agent: agent, Label: $"cli on {Environment.MachineName}"), cancellation).ConfigureAwait(false);
        if (local)
        {
            folder.WriteAgentToken(agent, issued.Secret);
        }

        return issued.Secret;
    }

    private string? OwnerSecret() => local ? folder.ReadOwnerSecret() : null;

    private ParleyException NoToken(string whose) => local
        ? Refusal.NoToken($"There is no token of {whose} in {folder.Path}.", "Start the server with 'parley up', name its folder with --data, or set PARLEY_TOKEN.")
        : Refusal.NoToken($"There is no token of {whose} for {Server.GetLeftPart(UriPartial.Authority)}.", "Set PARLEY_TOKEN; secrets of the data folder go to its own server only.");

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
