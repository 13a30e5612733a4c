using Parley.Core.Outbound;

namespace Parley.Core.Remotes;

/// <summary>The tokens by which Parley calls remote agents.</summary>
internal static class RemoteTokens
{
    /// <summary>What the names of environment variables begin with that may hold one: no other secret of the server can be named.</summary>
    public const string VariablePrefix = "PARLEY_REMOTE_";

    private const int LongestToken = 4000;

    public static string PurposeOf(Guid agentId) => $"remote:{agentId:n}";

    /// <summary>The token, or null where it needs none. Throws <c>outbound_refused</c> where there is one that cannot be read here.</summary>
    public static string? Read(RemoteAgent remote, ISealedSecrets secrets) => remote switch
    {
        { Credential: { } text } => secrets.Open(PurposeOf(remote.AgentId), text) ?? throw Unreadable($"The token of '{remote.Name}' was sealed on another machine."),
        { TokenVariable: { } name } => Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } token ? token : throw Unreadable($"The server has no variable {name}."),
        _ => null,
    };

    /// <summary>Checks what a person said. Throws <c>invalid_request</c>.</summary>
    public static (string? Token, string? Variable) Check(string? token, string? variable)
    {
        if (variable is not null && (!variable.StartsWith(VariablePrefix, StringComparison.Ordinal) || variable.Length > 100 || !variable.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')))
        {
            throw ParleyError.Invalid("token_env", "That variable cannot hold the token of a remote agent.", $"Give the server a variable that begins with {VariablePrefix}, and name it.");
        }

        if (token is not null && variable is not null)
        {
            throw ParleyError.Invalid("token", "There are a token and a variable.", "Give one of the two.");
        }

        var trimmed = token?.Trim();
        return trimmed is null || (trimmed.Length is > 0 and <= LongestToken && trimmed.All(letter => letter is > ' ' and <= '~'))
            ? (trimmed, variable)
            : throw ParleyError.Invalid("token", "That is no token: it is empty, too long, or has blanks or other than ASCII letters.", "Copy the token again.");
    }

    private static ParleyError Unreadable(string message) => new(ErrorCode.OutboundRefused, message, "Remove the agent and add it again with its token.");
}
