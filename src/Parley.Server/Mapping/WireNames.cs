using Parley.Core.Agents;
using Parley.Core.Conversations;
using Parley.Core.Maintenance;
using Parley.Core.Messages;
using Parley.Core.Organizations;
using Parley.Core;

namespace Parley.Server.Mapping;

/// <summary>The names of Core's values on the wire.</summary>
internal static class WireNames
{
    public static string Of(DeliveryState state) => state switch
    {
        DeliveryState.Held => "held",
        DeliveryState.Deferred => "deferred",
        DeliveryState.Pending => "pending",
        DeliveryState.Offered => "offered",
        DeliveryState.Acknowledged => "acknowledged",
        DeliveryState.Replied => "replied",
        DeliveryState.Expired => "expired",
        DeliveryState.Refused => "refused",
        DeliveryState.Dead => "dead",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string Of(MessageType type) => type switch
    {
        MessageType.Status => "status",
        MessageType.Request => "request",
        MessageType.Discovery => "discovery",
        MessageType.Coordination => "coordination",
        MessageType.Chat => "chat",
        MessageType.Result => "result",
        MessageType.System => "system",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    public static IReadOnlyList<string> Of(HeldTypes types) =>
        [.. Enum.GetValues<HeldTypes>().Where(type => type != HeldTypes.None && types.HasFlag(type)).Select(type => type.ToString().ToLowerInvariant())];

    public static string Of(ConversationKind kind) => kind switch
    {
        ConversationKind.Direct => "direct",
        ConversationKind.Channel => "channel",
        ConversationKind.Meeting => "meeting",
        ConversationKind.Session => "session",
        ConversationKind.Chat => "chat",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Accepted => "accepted",
        Verdict.Deferred => "deferred",
        Verdict.Held => "held",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };

    public static string Of(CallerKind kind) => kind switch
    {
        CallerKind.User => "user",
        CallerKind.Agent => "agent",
        CallerKind.System => "system",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(AgentKind kind) => kind == AgentKind.Hosted ? "hosted" : "external";

    public static string Of(Role role) => role switch
    {
        Role.Owner => "owner",
        Role.Admin => "admin",
        Role.Member => "member",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    public static string Of(HaltScope scope) => scope switch
    {
        HaltScope.Server => "server",
        HaltScope.Organization => "organization",
        HaltScope.Project => "project",
        HaltScope.Agent => "agent",
        HaltScope.Link => "link",
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    public static string Of(FindingStatus status) => status switch
    {
        FindingStatus.Ok => "ok",
        FindingStatus.Warning => "warning",
        _ => "fault",
    };

    public static string Of(StorageState state) => state switch
    {
        StorageState.Ready => "ready",
        StorageState.Full => "full",
        StorageState.Faulted => "faulted",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static string? Of(Withheld withheld) => withheld switch
    {
        Withheld.No => null,
        Withheld.Held => "held",
        Withheld.Deferred => "deferred",
        Withheld.Refused => "refused",
        Withheld.Expired => "expired",
        _ => throw new ArgumentOutOfRangeException(nameof(withheld)),
    };

    public static IReadOnlyList<string> Of(Scopes scopes)
    {
        var names = new List<string>(3);
        foreach (var (scope, name) in ScopeNames)
        {
            if (scopes.HasFlag(scope))
            {
                names.Add(name);
            }
        }

        return names;
    }

    public static Scopes? ScopesOf(IReadOnlyList<string>? names) => names?.Aggregate(Scopes.None, (all, name) => all | ScopeOf(name));

    public static Role RoleOf(string? name) => name switch
    {
        null or "member" => Role.Member,
        "admin" => Role.Admin,
        "owner" => Role.Owner,
        _ => throw ParleyError.Invalid("role", "The role is unknown.", "Use admin or member."),
    };

    public static HaltScope HaltScopeOf(string? name) => name switch
    {
        "server" => HaltScope.Server,
        "organization" => HaltScope.Organization,
        "project" => HaltScope.Project,
        "agent" => HaltScope.Agent,
        "link" => HaltScope.Link,
        _ => throw ParleyError.Invalid("scope", "The scope is unknown.", "Use agent, link, project, organization or server."),
    };

    public static MessageType TypeOf(string name) => Enum.GetValues<MessageType>().FirstOrDefault(type => Of(type) == name, (MessageType)(-1)) is var found && found >= 0
        ? found
        : throw ParleyError.Invalid("type", "The message type is unknown.", "Use status, request, discovery, coordination, chat, result or system.");

    private static readonly (Scopes Scope, string Name)[] ScopeNames = [(Scopes.Read, "read"), (Scopes.Send, "send"), (Scopes.Manage, "manage")];

    private static Scopes ScopeOf(string? name) => ScopeNames.FirstOrDefault(pair => pair.Name == name).Scope is var scope and not Scopes.None
        ? scope
        : throw ParleyError.Invalid("scopes", "A scope is unknown.", "Use read, send and manage.");
}
