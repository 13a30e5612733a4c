using System.Text.Json;
using Parley.Client.Wire;
using Parley.Core.Outbound;
using Parley.Core.Remotes;

namespace Parley.Server.Mapping;

/// <summary>Agents of other servers on the wire.</summary>
internal static class RemoteMapping
{
    public static RemoteView ToView(RemoteOverview overview, ISealedSecrets secrets) => new()
    {
        Name = overview.Remote.Name,
        CardName = overview.Remote.CardName,
        Description = overview.Remote.Description,
        Skills = overview.Skills.Count > 0 ? overview.Skills : null,
        Card = overview.Remote.CardUrl,
        Url = overview.Remote.Interface.Url,
        Binding = overview.Remote.Interface.Binding == RemoteBinding.JsonRpc ? "JSONRPC" : "HTTP+JSON",
        Version = overview.Remote.Interface.Version,
        Token = overview.Remote.Credential is { } credential ? secrets.IsOurs(credential) ? "stored" : "no_key" : overview.Remote.TokenVariable,
        Call = overview.Call is { } call ? new RemoteCallView(call.MessageId, call.Phase.ToString().ToLowerInvariant(), call.Attempts, call.NextAt, call.TaskId, call.Reason) : null,
        RefreshedAt = overview.Remote.RefreshedAt,
    };

    public static RemoteAnswerView ToView(RemoteAnswer answer) => new(JsonNamingPolicy.SnakeCaseLower.ConvertName(answer.State.ToString()), answer.Text, answer.TaskId);
}
