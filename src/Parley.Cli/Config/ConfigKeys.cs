namespace Parley.Cli.Config;

/// <summary>The table of all keys. The checker, the schema, the environment, <c>config show</c> and the guide go by it.</summary>
internal static class ConfigKeys
{
    public const string Children = "agents.defaults.subagents.maxChildrenPerAgent";
    public const string Concurrent = "agents.defaults.subagents.maxConcurrent";

    private static readonly NumberValue ChildrenBounds = new(1, Core.Sessions.SessionPolicy.MostChildren);
    private static readonly NumberValue ConcurrentBounds = new(1, 10_000);
    private static readonly NumberValue Minutes = new(0.1m, (decimal)Core.Sessions.SessionPolicy.LongestTimeout.TotalMinutes, Decimals: 3);

    public static readonly Group Root = new(
        new("$schema", "The schema, for editors.", new TextValue(Form.Any)),
        new("tools", "What agents may use.", new Group(
            new ConfigKey("agentToAgent", "Agents that hand work to each other.", new Group(
                new("enabled", "Whether agents may use the session tools with each other at all.", new SwitchValue(), "true"),
                new("allow", "The agents that may, by name; \"*\" is everyone. Without it nobody is restricted.", new TextList(Form.AgentOrEveryone), Unset: "everyone"))))),
        new("agents", "Agents as parents and children of sessions.", new Group(
            new ConfigKey("list", "Agents with settings of their own.", new Entries("id", Agent())),
            new ConfigKey("defaults", "What holds for every agent.", new Group(
                new ConfigKey("subagents", "What holds for every sub-agent.", Defaults()),
                new ConfigKey("models", "The models that a spawn may name, each with {}. Without it: all that the server knows.", new NamedValues(Form.Model, new Nothing()), Unset: "all that the server knows"),
                Children10(), Concurrent10())),
            Children10(), Concurrent10())),
        new("models", "Who serves language models.", new Group(
            new ConfigKey("providers", "The providers that a spawn may use: those named here and no others. Without it: all.", new NamedValues(Form.KnownProvider, ProviderSettings()), Unset: "all"))),
        Children10(),
        Concurrent10(),
        new("outbound", "Which calls may leave the server: webhooks, and agents of other servers.", new Group(
            new ConfigKey("enabled", "Whether any call may leave.", new SwitchValue(), "false"),
            new ConfigKey("allow", "Origins that may be called though their address is private or they are not encrypted.", new TextList(Form.Origin), "[]"),
            new ConfigKey("onlyAllowed", "Whether no other origin than those of outbound.allow may be called.", new SwitchValue(), "false"))),
        new("server", "How the server runs; a change counts from its next start.", Server()));

    /// <summary>Every key by its path, entries of lists as <c>[]</c> and names as <c>*</c>.</summary>
    public static IReadOnlyList<(string Path, ConfigKey Key)> All { get; } = [.. Walk("", Root)];

    /// <summary>True where a running server does not take a new value.</summary>
    public static bool NeedsRestart(string path) => path.StartsWith("server.", StringComparison.Ordinal) || path.EndsWith(".baseUrl", StringComparison.Ordinal);

    private static Group Agent() => new(
        new ConfigKey("id", "The agent's name.", new TextValue(Form.Agent)),
        new ConfigKey("subagents", "What it may spawn, and how it runs as a sub-agent.", new Group(
            new ConfigKey("allowAgents", "The agents that it may spawn; \"*\" is everyone. Without it: what holds for every agent, else itself alone.", new TextList(Form.AgentOrEveryone), Unset: "as agents.defaults"),
            new ConfigKey("model", "Its model when it is spawned and the spawn names none.", new TextValue(Form.Model), Unset: "as agents.defaults"),
            new ConfigKey("maxChildrenPerAgent", "Its children that run or wait at once.", ChildrenBounds, Unset: "as agents.defaults"))));

    private static Group Defaults() => new(
        new ConfigKey("model", "The model of a sub-agent where the spawn names none. Without it: the agent's own.", new TextValue(Form.Model), Unset: "the agent's own"),
        new ConfigKey("allowAgents", "Whom every agent may spawn; \"*\" is everyone. Without it an agent may spawn itself alone.", new TextList(Form.AgentOrEveryone), Unset: "itself alone"),
        new ConfigKey("maxChildrenPerAgent", "Children of one agent that run or wait at once.", ChildrenBounds, "5"),
        new ConfigKey("maxConcurrent", "Sub-agents that run at once in the whole system.", ConcurrentBounds, "10"),
        new ConfigKey("maxSpawnDepth", "How deep a spawned session may spawn again; 1 lets no sub-agent spawn.", new NumberValue(1, 10), "3"),
        new ConfigKey("timeoutMinutes", "Minutes for a session that asks for no time of its own.", Minutes, "15"),
        new ConfigKey("noProgressMinutes", "Minutes without a stored step after which a running session is ended.", Minutes, "10"),
        new ConfigKey("maxTokens", "Tokens that one session may use.", new NumberValue(1, 1_000_000_000_000), Unset: "no limit"),
        new ConfigKey("maxCost", "US dollars that one session may cost.", new NumberValue(0.000001m, 1_000_000, Decimals: 6), Unset: "no limit"),
        new ConfigKey("refuseInvalidModel", "Whether a spawn that names a model it may not have is refused, instead of running on the default with a warning.", new SwitchValue(), "false"),
        new ConfigKey("hold", "Whether a person approves every spawn before it starts.", new SwitchValue(), "false"));

    private static Group ProviderSettings() => new(
        new ConfigKey("models", "The ids of its models that may be used. Without it: all of its own.", new TextList(Form.ModelId), Unset: "all of its own"),
        new ConfigKey("baseUrl", "Where it is asked.", new TextValue(Form.Url), Unset: "the provider's own"));

    private static Group Server() => new(
        new ConfigKey("listen", "Addresses and ports.", new TextList(Form.Listen), "[\"127.0.0.1:7275\"]"),
        new ConfigKey("database", "A PostgreSQL connection string; without it SQLite in the data folder.", new TextValue(Form.Filled), Unset: "SQLite") { Variable = "PARLEY_DATABASE", HoldsSecret = true },
        new ConfigKey("relaxed", "Answer before the disk has flushed: what was accepted last may be lost with the power.", new SwitchValue(), "false"),
        new ConfigKey("turnsAtOnce", "Turns of hosted agents that this server runs at once.", new NumberValue(1, 10_000), "64"),
        new ConfigKey("keepDays", "Days after which settled messages are deleted; without it everything is kept.", new NumberValue(7, 36_500), Unset: "everything is kept"),
        new ConfigKey("otlp", "Where OpenTelemetry traces, metrics and logs are sent.", new TextValue(Form.Url)),
        new ConfigKey("cert", "The TLS certificate: PEM, or PKCS#12 without a key. A file's path counts from the folder of this file.", new TextValue(Form.Filled)),
        new ConfigKey("key", "The certificate's private key (PEM).", new TextValue(Form.Filled)),
        new ConfigKey("behindProxy", "Whether a reverse proxy terminates TLS in front.", new SwitchValue(), "false"),
        new ConfigKey("proxies", "The proxy's addresses, where it is not on this machine.", new TextList(Form.Ip), "[]"),
        new ConfigKey("insecure", "Whether plain HTTP off this machine is allowed.", new SwitchValue(), "false"),
        new ConfigKey("hosts", "Host names that clients may use.", new TextList(Form.Host), "[]"),
        new ConfigKey("origins", "Web sites that may call.", new TextList(Form.Site), "[]"),
        new ConfigKey("jsonLogs", "Whether each line of the log is one JSON object.", new SwitchValue(), "false"),
        new ConfigKey("verbose", "Whether more is logged.", new SwitchValue(), "false"));

    private static ConfigKey Children10() => new("maxChildrenPerAgent", $"The same as {Children}.", ChildrenBounds) { SameAs = Children };

    private static ConfigKey Concurrent10() => new("maxConcurrent", $"The same as {Concurrent}.", ConcurrentBounds) { SameAs = Concurrent };

    private static IEnumerable<(string Path, ConfigKey Key)> Walk(string path, Shape shape) => shape switch
    {
        Group group => group.Keys.SelectMany(key => Walk(path.Length == 0 ? key.Name : $"{path}.{key.Name}", key.Shape).Prepend((path.Length == 0 ? key.Name : $"{path}.{key.Name}", key))),
        Entries entries => Walk($"{path}[]", entries.Item),
        NamedValues named => Walk($"{path}.*", named.Value),
        _ => [],
    };
}
