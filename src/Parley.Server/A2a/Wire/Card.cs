using System.Text.Json.Nodes;

namespace Parley.Server.A2a.Wire;

/// <summary>
/// An agent card that both generations read: <see cref="SupportedInterfaces"/>, <see cref="SecurityRequirements"/> and the wrapped scheme belong to 1.0; <see cref="Url"/>,
/// <see cref="PreferredTransport"/>, <see cref="ProtocolVersion"/>, <see cref="AdditionalInterfaces"/>, <see cref="Security"/> and <see cref="SupportsAuthenticatedExtendedCard"/> to 0.3.
/// </summary>
internal sealed record AgentCard
{
    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public string Version { get; init; } = "";

    public IReadOnlyList<AgentInterface> SupportedInterfaces { get; init; } = [];

    public AgentProvider? Provider { get; init; }

    public string? DocumentationUrl { get; init; }

    public string? IconUrl { get; init; }

    public AgentCapabilities Capabilities { get; init; } = new();

    public IReadOnlyDictionary<string, SecurityScheme>? SecuritySchemes { get; init; }

    public IReadOnlyList<SecurityRequirement>? SecurityRequirements { get; init; }

    public IReadOnlyList<string> DefaultInputModes { get; init; } = [];

    public IReadOnlyList<string> DefaultOutputModes { get; init; } = [];

    public IReadOnlyList<AgentSkill> Skills { get; init; } = [];

    public string? ProtocolVersion { get; init; }

    public string? Url { get; init; }

    public string? PreferredTransport { get; init; }

    public IReadOnlyList<LegacyInterface>? AdditionalInterfaces { get; init; }

    public IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<string>>>? Security { get; init; }

    public bool? SupportsAuthenticatedExtendedCard { get; init; }
}

/// <summary>An address with the binding (<c>JSONRPC</c>, <c>HTTP+JSON</c>, <c>GRPC</c>) and version that it speaks.</summary>
internal sealed record AgentInterface
{
    public string Url { get; init; } = "";

    public string ProtocolBinding { get; init; } = "";

    public string ProtocolVersion { get; init; } = "";

    public string? Tenant { get; init; }
}

/// <summary>An address of 0.3.</summary>
internal sealed record LegacyInterface
{
    public string Url { get; init; } = "";

    public string Transport { get; init; } = "";
}

/// <summary>Who runs the agent.</summary>
internal sealed record AgentProvider(string Organization, string Url);

/// <summary>What the agent's door can do beyond the least.</summary>
internal sealed record AgentCapabilities
{
    public bool? Streaming { get; init; }

    public bool? PushNotifications { get; init; }

    public bool? ExtendedAgentCard { get; init; }

    public IReadOnlyList<AgentExtension>? Extensions { get; init; }
}

/// <summary>An extension of the protocol.</summary>
internal sealed record AgentExtension
{
    public string Uri { get; init; } = "";

    public string? Description { get; init; }

    public bool? Required { get; init; }

    public JsonObject? Params { get; init; }
}

/// <summary>Something that the agent is good at.</summary>
internal sealed record AgentSkill
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<string>? Examples { get; init; }

    public IReadOnlyList<string>? InputModes { get; init; }

    public IReadOnlyList<string>? OutputModes { get; init; }
}

/// <summary>How to authenticate: 1.0 wraps the scheme, 0.3 has its members beside <see cref="Type"/>. Other schemes than HTTP's are not read.</summary>
internal sealed record SecurityScheme
{
    public HttpAuthSecurityScheme? HttpAuthSecurityScheme { get; init; }

    public string? Type { get; init; }

    public string? Scheme { get; init; }

    public string? Description { get; init; }
}

/// <summary>An HTTP authentication scheme, such as <c>Bearer</c>.</summary>
internal sealed record HttpAuthSecurityScheme
{
    public string Scheme { get; init; } = "";

    public string? Description { get; init; }

    public string? BearerFormat { get; init; }
}

/// <summary>Schemes that have to be met together, each with its scopes.</summary>
internal sealed record SecurityRequirement
{
    public IReadOnlyDictionary<string, StringList> Schemes { get; init; } = new Dictionary<string, StringList>();
}

/// <summary>A list of texts.</summary>
internal sealed record StringList
{
    public IReadOnlyList<string> List { get; init; } = [];
}
