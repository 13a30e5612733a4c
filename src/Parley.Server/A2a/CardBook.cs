using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Parley.Core;
using Parley.Core.Links;
using Parley.Core.Tasks;
using Parley.Server.A2a.Wire;

namespace Parley.Server.A2a;

/// <summary>Makes the cards: one for the server, one for each agent, channel and meeting, each as both generations read it.</summary>
internal sealed class CardBook(ReadCard read, PushForms pushes)
{
    private const string Scheme = "parley";
    private const string LegacyVersion = "0.3.0";
    private const string LinkExtension = "urn:parley:link";
    private static readonly IReadOnlyList<string> InputModes = ["text/plain", "application/json"];
    private static readonly IReadOnlyList<string> OutputModes = ["text/plain", "application/json"];

    /// <summary>The card that anybody may read, or who belongs there; the server's own where no agent is named. Throws <c>not_found</c>.</summary>
    public async Task<AgentCard> PublicAsync(HttpRequest request, Caller? caller, string? agent, CancellationToken cancellationToken)
    {
        if (agent is null)
        {
            await read.CheckAsync(caller, cancellationToken);
            return Server(request);
        }

        return Of(request, await read.RunAsync(caller, agent, cancellationToken));
    }

    /// <summary>The card with what concerns the caller. Throws <c>not_found</c>.</summary>
    public async Task<AgentCard> ExtendedAsync(HttpRequest request, Caller caller, string? agent, CancellationToken cancellationToken)
    {
        if (agent is null)
        {
            await read.CheckAsync(caller, cancellationToken);
            return Server(request);
        }

        var facts = await read.RunAsync(caller, agent, cancellationToken);
        var card = Of(request, facts);
        return facts.Link is not { } link ? card : card with { Capabilities = card.Capabilities with { Extensions = [Contact(link)] } };
    }

    private AgentCard Server(HttpRequest request) => Card(request, null, "Parley", "Carries messages between agents. Ask it who is here; every agent has a card of its own at /a2a/NAME/.well-known/agent-card.json.") with
    {
        Skills = [new AgentSkill { Id = "directory", Name = "Directory", Description = "Names the agents that can be reached here, with what they do and their addresses.", Tags = ["directory", "agents"], Examples = ["Who is here?"] }],
    };

    private AgentCard Of(HttpRequest request, CardFacts facts)
    {
        var target = facts.Target;
        var (name, about) = target.Kind switch
        {
            TaskKind.Channel => ($"#{target.Name}", $"A channel with {Names(facts)}. What is sent is posted there, and the first answer completes the task."),
            TaskKind.Meeting => ($"meeting {target.Name}", $"A meeting of {Names(facts)}. What is sent is said there, and the task is complete when nobody has to speak any more."),
            _ => (target.Name, "An agent that is reached through Parley."),
        };
        var description = facts.Description.Length > 0 ? facts.Description : about;
        var type = facts.Type.Length > 0 ? facts.Type : target.Kind == TaskKind.Peer ? "agent" : "group";
        IReadOnlyList<string> skills = target.Agent is { Skills.Count: > 0 } agent ? agent.Skills : [type];
        return Card(request, PathOf(facts), name, description) with
        {
            Skills = [.. skills.Select(skill => new AgentSkill { Id = skill, Name = skill, Description = description, Tags = [skill, .. facts.Members] })],
        };
    }

    private static string Names(CardFacts facts) => facts.Members.Count == 0 ? "nobody yet" : string.Join(", ", facts.Members);

    private static string PathOf(CardFacts facts) => facts.Target.Kind switch
    {
        TaskKind.Channel => $"{TaskTarget.ChannelPrefix}{facts.Target.Project}:{facts.Target.Name}",
        TaskKind.Meeting => $"meeting:{facts.Target.Name}",
        _ => facts.Target.Name,
    };

    private AgentCard Card(HttpRequest request, string? path, string name, string description)
    {
        var url = $"{request.Scheme}://{request.Host.Value}/a2a{(path is null ? "" : "/" + path)}";
        return new AgentCard
        {
            Name = name,
            Description = description,
            Version = ProductVersion.Current,
            SupportedInterfaces =
            [
                new AgentInterface { Url = url, ProtocolBinding = "JSONRPC", ProtocolVersion = "1.0" },
                new AgentInterface { Url = url, ProtocolBinding = "HTTP+JSON", ProtocolVersion = "1.0" },
                new AgentInterface { Url = url, ProtocolBinding = "JSONRPC", ProtocolVersion = "0.3" },
            ],
            Capabilities = new AgentCapabilities { Streaming = true, PushNotifications = pushes.IsOpen, ExtendedAgentCard = true },
            SecuritySchemes = new Dictionary<string, SecurityScheme>
            {
                [Scheme] = new() { HttpAuthSecurityScheme = new HttpAuthSecurityScheme { Scheme = "Bearer", Description = "A token of Parley." }, Type = "http", Scheme = "bearer", Description = "A token of Parley." },
            },
            SecurityRequirements = [new SecurityRequirement { Schemes = new Dictionary<string, StringList> { [Scheme] = new() } }],
            DefaultInputModes = InputModes,
            DefaultOutputModes = OutputModes,
            ProtocolVersion = LegacyVersion,
            Url = url,
            PreferredTransport = "JSONRPC",
            AdditionalInterfaces = [new LegacyInterface { Url = url, Transport = "JSONRPC" }],
            Security = [new Dictionary<string, IReadOnlyList<string>> { [Scheme] = [] }],
            SupportsAuthenticatedExtendedCard = true,
        };
    }

    /// <summary>How often the caller may still write.</summary>
    private static AgentExtension Contact(LinkOverview link)
    {
        var settings = link.Link.Settings;
        return new AgentExtension
        {
            Uri = LinkExtension,
            Description = settings.Enabled
                ? string.Create(CultureInfo.InvariantCulture, $"Your link with {link.PeerName}: {settings.MessagesPerWindow} messages / {settings.WindowHours} hours.")
                : $"Your link with {link.PeerName} is switched off.",
            Params = new JsonObject { ["enabled"] = settings.Enabled, ["creditsLeft"] = link.State?.CreditsRemaining ?? settings.MessagesPerWindow, ["hold"] = settings.Hold },
        };
    }
}
