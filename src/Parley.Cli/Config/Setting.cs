using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Parley.Cli.Config;

/// <summary>A key with the value that holds.</summary>
/// <param name="Key">The path; entries of agents by name.</param>
/// <param name="Value">The value as JSON; null where there is none.</param>
/// <param name="Unset">What holds instead, in words.</param>
/// <param name="Source">Where it comes from.</param>
internal sealed partial record Setting(string Key, JsonNode? Value, string Unset, Source Source)
{
    /// <summary>What holds where nobody says anything.</summary>
    public static IReadOnlyList<Setting> Defaults => Of(new ConfigNode(NodeKind.Object, Source.Default));

    /// <summary>The value as a person reads it.</summary>
    public string Text => Value switch
    {
        null => $"({Unset})",
        JsonArray { Count: 0 } => "(none)",
        JsonArray list => string.Join(", ", list.Select(item => item!.ToString())),
        JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => value.ToJsonString(),
        _ => Value.ToString(),
    };

    /// <summary>Every key with a value, in the order of the table: what a tree says, and the defaults of what it does not say.</summary>
    public static IReadOnlyList<Setting> Of(ConfigNode root) => [.. Walk("", root, ConfigKeys.Root).Where(setting => setting.Key != "$schema")];

    private static IEnumerable<Setting> Walk(string path, ConfigNode? node, Group group) => group.Keys.Where(key => key.SameAs is null).SelectMany(key => OfKey(ConfigChecker.Join(path, key.Name), node?[key.Name], key));

    private static IEnumerable<Setting> OfKey(string path, ConfigNode? node, ConfigKey key) => key.Shape switch
    {
        Group group => Walk(path, node, group),
        Entries entries => (node?.Items ?? []).SelectMany(item => Said(Walk($"{path}[{item[entries.Id]!.Text}]", item, entries.Item), $".{entries.Id}", item.Source)),
        NamedValues { Value: Group below } when node is { Members.Count: > 0 } => node.Members.SelectMany(member => Said(Walk($"{path}.{member.Name}", member.Value, below), "", member.Source)),
        NamedValues when node is not null => [new Setting(path, new JsonArray([.. node.Members.Select(member => (JsonNode)member.Name)]), key.Unset, node.Source)],
        _ => [new Setting(path, node is null ? key.Default is null ? null : JsonNode.Parse(key.Default) : Json(node, key), key.Unset, node?.Source ?? Source.Default)],
    };

    /// <summary>Of an agent or a provider only what is said; one of which nothing is said is there all the same.</summary>
    private static Setting[] Said(IEnumerable<Setting> all, string id, Source source)
    {
        var walked = all.ToArray();
        var said = walked.Where(setting => setting.Source != Source.Default && (id.Length == 0 || !setting.Key.EndsWith(id, StringComparison.Ordinal))).ToArray();
        return said.Length > 0 ? said : [new Setting(walked[0].Key[..walked[0].Key.LastIndexOf('.')], new JsonObject(), "", source)];
    }

    private static JsonNode Json(ConfigNode node, ConfigKey key) => node.Kind switch
    {
        NodeKind.List => new JsonArray([.. node.Items.Select(item => (JsonNode)item.Text)]),
        NodeKind.Text => key.HoldsSecret ? UserInfo().Replace(Password().Replace(node.Text, "$1=***"), "***") : node.Text,
        _ => JsonNode.Parse(node.Text)!,
    };

    [GeneratedRegex("""(?<=://[^/@\s]*:)[^@\s]*(?=@)""", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    [GeneratedRegex("""\b(password|passwd|pwd|psw)\s*=\s*("(?:""|[^"])*"|'(?:''|[^'])*'|[^;]*)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Password();
}
