using System.Globalization;
using Parley.Core.Outbound;
using Parley.Core.Sessions;

namespace Parley.Cli.Config;

/// <summary>What a tree without faults allows agents to do.</summary>
internal static class ConfigPolicy
{
    public static SessionPolicy Of(ConfigNode root)
    {
        var (defaults, common) = (new SessionPolicy(), root.At("agents", "defaults", "subagents"));
        return new SessionPolicy
        {
            AgentToAgent = Switch(root.At("tools", "agentToAgent", "enabled")) ?? defaults.AgentToAgent,
            Allow = Names(root.At("tools", "agentToAgent", "allow")),
            Agents = (root.At("agents", "list")?.Items ?? []).ToDictionary(entry => entry["id"]!.Text.Trim().ToLowerInvariant(), entry => OfAgent(entry["subagents"])),
            Defaults = OfAgent(common),
            Models = root.At("agents", "defaults", "models")?.Members.ConvertAll(model => model.Name),
            Providers = FromFile(root.At("models", "providers"))?.ToDictionary(member => member.Name, member => member.Value["models"] is { } list ? Texts(list) : null),
            MaxConcurrent = (int)(Number(common?["maxConcurrent"]) ?? defaults.MaxConcurrent),
            MaxSpawnDepth = (int)(Number(common?["maxSpawnDepth"]) ?? defaults.MaxSpawnDepth),
            Timeout = Minutes(common?["timeoutMinutes"]) ?? defaults.Timeout,
            NoProgress = Minutes(common?["noProgressMinutes"]) ?? defaults.NoProgress,
            MaxTokens = (long?)Number(common?["maxTokens"]),
            MaxCost = (long?)(Number(common?["maxCost"]) * 1_000_000),
            RefuseInvalidModel = Switch(common?["refuseInvalidModel"]) ?? defaults.RefuseInvalidModel,
            HoldSpawns = Switch(common?["hold"]) ?? defaults.HoldSpawns,
        };
    }

    public static OutboundPolicy Outbound(ConfigNode root) => new()
    {
        Enabled = Switch(root.At("outbound", "enabled")) ?? false,
        Allow = Texts(root.At("outbound", "allow")) ?? [],
        OnlyAllowed = Switch(root.At("outbound", "onlyAllowed")) ?? false,
    };

    /// <summary>
    /// The addresses of providers that the runtimes do not find by themselves. A variable such as <c>OPENAI_BASE_URL</c> is theirs to read.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Addresses(ConfigNode root) =>
        (from provider in root.At("models", "providers")?.Members ?? []
         let address = provider.Value["baseUrl"]
         where address is not null && (address.Source.Kind != SourceKind.Environment || address.Source.Name.StartsWith(Overrides.Prefix, StringComparison.OrdinalIgnoreCase))
         select (provider.Name, address.Text)).ToDictionary(pair => pair.Name, pair => pair.Text);

    /// <summary>The providers that the file names. An address in the environment moves a provider; it does not forbid the others.</summary>
    public static IReadOnlyList<ConfigMember>? FromFile(ConfigNode? providers) =>
        providers is { Source.Kind: SourceKind.File } ? providers.Members.FindAll(member => member.Value.Source.Kind == SourceKind.File) : null;

    public static bool? Switch(ConfigNode? node) => node is null ? null : node.Text == "true";

    public static decimal? Number(ConfigNode? node) => node is null ? null : decimal.Parse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture);

    public static IReadOnlyList<string>? Texts(ConfigNode? node) => node?.Items.ConvertAll(item => item.Text);

    private static AgentSessionPolicy OfAgent(ConfigNode? node) => new()
    {
        AllowAgents = Names(node?["allowAgents"]),
        Model = node?["model"]?.Text,
        MaxChildren = (int?)Number(node?["maxChildrenPerAgent"]),
    };

    private static List<string>? Names(ConfigNode? node) => node?.Items.ConvertAll(item => item.Text.Trim().ToLowerInvariant());

    private static TimeSpan? Minutes(ConfigNode? node) => Number(node) is { } minutes ? TimeSpan.FromMinutes((double)minutes) : null;
}
