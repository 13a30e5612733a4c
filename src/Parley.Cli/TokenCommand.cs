using System.CommandLine;
using Parley.Cli.Shell;
using Parley.Client.Wire;

namespace Parley.Cli;

/// <summary><c>parley token add|list|revoke</c></summary>
internal static class TokenCommand
{
    private static readonly Option<string?> Agent = new("--agent") { Description = "The agent it speaks for.", CompletionSources = { Suggestions.Agents } };
    private static readonly Option<string?> User = new("--user") { Description = "The user it speaks for." };
    private static readonly Option<string?> Label = new("--label") { Description = "What to call it." };
    private static readonly Option<int?> Days = new("--days") { Description = "After how many days it ends, 1 to 3650 (default 365).", HelpName = "N" };
    private static readonly Option<string[]> Scope = new("--scope") { Description = "What it may do; may be given several times.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<bool> Save = new("--save") { Description = "Keep the agent's token in the data folder instead of printing it." };
    private static readonly Argument<Guid> Id = new("id") { Description = "The token's id." };

    static TokenCommand() => Scope.AcceptOnlyFromAmong("read", "send", "manage");

    public static Command Build() =>
        new ParleyCommand("token", "Tokens: what programs show to speak for an agent or a user.", "parley token add --agent tesla", "parley token list", "parley token revoke ID")
        {
            new ParleyCommand("add", "Issue a token and print its secret, once.", "parley token add --agent tesla --label laptop --days 30", "PARLEY_TOKEN=$(parley token add --agent tesla) ./my-agent", "parley token add --agent tesla --save")
            {
                Agent, User, Label, Days, Scope, Save,
            }.Does(AddAsync),
            new ParleyCommand("list", "List the tokens without their secrets.", "parley token list").Does(ListAsync),
            new ParleyCommand("revoke", "End a token and the connections that use it.", "parley token revoke ID") { Id }.Does(RevokeAsync),
        };

    private static async Task AddAsync(Invocation invocation, CancellationToken cancellation)
    {
        var save = invocation.Get(Save);
        if (save && invocation.Get(Agent) is null)
        {
            throw Refusal.Wrong("--save keeps the token of an agent.", "Name it with --agent.", "agent");
        }

        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var scopes = invocation.Get(Scope) is { Length: > 0 } given ? given : null;
        var request = new IssueTokenRequest(invocation.Get(Agent)?.TrimStart('@'), invocation.Get(User), invocation.Get(Label), invocation.Get(Days), scopes);
        var issued = await client.Tokens.IssueAsync(request, cancellation).ConfigureAwait(false);
        if (save)
        {
            invocation.Folder.WriteAgentToken(issued.Token.Agent!, issued.Secret);
            invocation.Screen.Done($"Stored a token of {issued.Token.Agent}; speak for it with --as {issued.Token.Agent}.", ("id", issued.Token.Id.ToString()), ("agent", issued.Token.Agent));
        }
        else if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(issued, Screen.Wire.IssuedToken);
        }
        else
        {
            invocation.Screen.Line(issued.Secret);
            invocation.Screen.Note("The secret is shown this once.");
        }
    }

    private static async Task ListAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var tokens = await client.Tokens.ListAsync(cancellation).ConfigureAwait(false);
        if (invocation.Screen.IsJson)
        {
            invocation.Screen.Json(tokens, Screen.Wire.ListOfTokenView);
            return;
        }

        invocation.Screen.Table(
            tokens.Items, "There are no tokens.",
            ("OF", token => token.Agent ?? token.User), ("BEGINS", token => token.Prefix), ("LABEL", token => token.Label), ("SCOPES", token => string.Join(",", token.Scopes)),
            ("ENDS", token => invocation.Screen.Time(token.ExpiresAt)), ("REVOKED", token => invocation.Screen.Time(token.RevokedAt)), ("ID", token => token.Id.ToString()));
    }

    private static async Task RevokeAsync(Invocation invocation, CancellationToken cancellation)
    {
        var client = await invocation.ConnectAsync(cancellation).ConfigureAwait(false);
        var id = invocation.Get(Id);
        await client.Tokens.RevokeAsync(id, cancellation).ConfigureAwait(false);
        invocation.Screen.Done($"Revoked the token {id}.", ("revoked", id.ToString()));
    }
}
