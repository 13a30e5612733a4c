using Parley.Core.Sessions;

namespace Parley.Cli.Config;

/// <summary>What is wrong between keys, each of which is right by itself.</summary>
internal static class Crossings
{
    public static IEnumerable<ConfigFault> Find(ConfigNode root)
    {
        var providers = root.At("models", "providers");
        if (providers?["demo"]?["baseUrl"] is { } address)
        {
            yield return new ConfigFault("models.providers.demo.baseUrl", address.Source, "The provider 'demo' is built in and has no address.", "Leave the key out.");
        }

        if (providers is { Kind: NodeKind.Object, Members.Count: 0 })
        {
            yield return Warning("models.providers", providers.Source, "No provider is named, so no model can be.", "Name one, such as \"local\": {}, or leave models.providers out.");
        }

        if (root.At("outbound", "allow") is { Items.Count: > 0 } allowed && ConfigPolicy.Switch(root.At("outbound", "enabled")) != true)
        {
            yield return Warning("outbound.allow", allowed.Source, "No call leaves this server, so none goes to these origins.", "Let calls out: \"enabled\": true beside it.");
        }

        var models = root.At("agents", "defaults", "models");
        foreach (var model in models?.Members ?? [])
        {
            if (!Provides(providers, model.Name))
            {
                yield return Warning($"agents.defaults.models.{model.Name}", model.Source, "models.providers does not list this model.", "Add it there, or it cannot be used.");
            }
        }

        foreach (var (path, model) in SubagentModels(root))
        {
            if (models is not null && models.Members.TrueForAll(member => member.Name != model.Text))
            {
                yield return Warning(path, model.Source, $"agents.defaults.models does not list '{Form.Shown(model.Text)}'.", $"Add \"{Form.Shown(model.Text)}\": {{}} there.");
            }
            else if (!Provides(providers, model.Text))
            {
                yield return Warning(path, model.Source, $"models.providers does not list '{Form.Shown(model.Text)}'.", "Add it there, or name another model.");
            }
        }
    }

    /// <summary>Warns of names of agents that are nobody's yet, each at its first place.</summary>
    public static IEnumerable<ConfigFault> Strangers(ConfigNode root, IReadOnlyCollection<string> agents) =>
        from named in NamedAgents(root).OrderBy(named => named.Node.Source.Line).ThenBy(named => named.Node.Source.Column).DistinctBy(named => named.Node.Text, StringComparer.OrdinalIgnoreCase)
        let name = named.Node.Text
        where name != SessionPolicy.Everyone && !agents.Contains(name, StringComparer.OrdinalIgnoreCase)
        let near = Form.Nearest(name, agents)
        select Warning(named.Path, named.Node.Source, $"There is no agent '{Form.Shown(name)}' yet.", near is null ? $"Add it: parley agent add {Form.Shown(name)}" : $"Did you mean '{near}'? Else add it: parley agent add {Form.Shown(name)}");

    private static IEnumerable<(string Path, ConfigNode Node)> NamedAgents(ConfigNode root)
    {
        var lists = new List<(string Path, ConfigNode? List)> { ("tools.agentToAgent.allow", root.At("tools", "agentToAgent", "allow")), ("agents.defaults.subagents.allowAgents", root.At("agents", "defaults", "subagents", "allowAgents")) };
        var entries = root.At("agents", "list")?.Items ?? [];
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i]["id"] is { } id)
            {
                yield return ($"agents.list[{i}].id", id);
            }

            lists.Add(($"agents.list[{i}].subagents.allowAgents", entries[i].At("subagents", "allowAgents")));
        }

        foreach (var (path, list) in lists)
        {
            for (var i = 0; i < (list?.Items.Count ?? 0); i++)
            {
                yield return ($"{path}[{i}]", list!.Items[i]);
            }
        }
    }

    private static IEnumerable<(string Path, ConfigNode Model)> SubagentModels(ConfigNode root)
    {
        if (root.At("agents", "defaults", "subagents", "model") is { } model)
        {
            yield return ("agents.defaults.subagents.model", model);
        }

        var entries = root.At("agents", "list")?.Items ?? [];
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].At("subagents", "model") is { } own)
            {
                yield return ($"agents.list[{i}].subagents.model", own);
            }
        }
    }

    private static bool Provides(ConfigNode? providers, string model)
    {
        var said = ConfigPolicy.FromFile(providers);
        if (said is null || said.Count == 0)
        {
            return true;
        }

        var slash = model.IndexOf('/', StringComparison.Ordinal);
        var provider = said.FirstOrDefault(member => member.Name.Equals(model[..slash], StringComparison.OrdinalIgnoreCase))?.Value;
        return provider is not null && (provider["models"] is not { } list || list.Items.Exists(id => id.Text == model[(slash + 1)..]));
    }

    private static ConfigFault Warning(string path, Source source, string text, string fix) => new(path, source, text, fix, IsWarning: true);
}
