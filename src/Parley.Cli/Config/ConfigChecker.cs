using System.Globalization;

namespace Parley.Cli.Config;

/// <summary>Compares a tree with the table of keys and names everything that does not fit.</summary>
internal sealed class ConfigChecker(Action<ConfigFault> report)
{
    private static readonly string[] SecretNames = ["key", "apikey", "token", "secret", "password", "authorization", "authtoken", "headers"];

    public void Check(ConfigNode node, Shape shape, string path)
    {
        switch (shape)
        {
            case Group group when Is(node, NodeKind.Object, shape, path):
                foreach (var member in node.Members)
                {
                    CheckMember(member, group, path);
                }

                break;
            case NamedValues named when Is(node, NodeKind.Object, shape, path):
                foreach (var member in node.Members)
                {
                    CheckForm(member.Name, member.Source, named.Name, Join(path, member.Name));
                    Check(member.Value, named.Value, Join(path, member.Name));
                }

                break;
            case Entries entries when Is(node, NodeKind.List, shape, path):
                CheckEntries(node, entries, path);
                break;
            case TextList list when Is(node, NodeKind.List, shape, path):
                for (var i = 0; i < node.Items.Count; i++)
                {
                    Check(node.Items[i], new TextValue(list.Item), $"{path}[{i}]");
                }

                break;
            case TextValue text when Is(node, NodeKind.Text, shape, path):
                CheckForm(node.Text, node.Source, text.Form, path);
                break;
            case NumberValue number when Is(node, NodeKind.Number, shape, path):
                CheckNumber(node, number, path);
                break;
            case SwitchValue:
                Is(node, NodeKind.Switch, shape, path);
                break;
            case Nothing when Is(node, NodeKind.Object, shape, path) && node.Members.Count > 0:
                Report(path, node.Members[0].Source, "There are no parameters for a model.", "Write {}.");
                break;
        }
    }

    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The fault of a key that is not in the table.</summary>
    public static ConfigFault Unknown(string name, Source source, Group group, string path)
    {
        var key = Join(path, Form.Shown(name));
        if (path.StartsWith("models.providers.", StringComparison.Ordinal) && SecretNames.Contains(name.Replace("_", "").Replace("-", ""), StringComparer.OrdinalIgnoreCase))
        {
            var provider = path["models.providers.".Length..];
            return new ConfigFault(key, source, "A key of a provider does not belong in the configuration.", $"Remove it here, and store it encrypted: parley key set {provider}. Or set the provider's environment variable: parley key list.");
        }

        var known = group.Keys.Select(child => child.Name).Where(child => child != "$schema").ToArray();
        var elsewhere = ConfigKeys.All.Where(entry => entry.Key.SameAs is null && entry.Key.Name == name).Select(entry => entry.Path).ToArray();
        var fix = Form.Nearest(name, known) is { } near ? $"Did you mean '{near}'?"
            : elsewhere.Length > 0 ? $"It belongs at {string.Join(" or ", elsewhere)}."
            : $"The keys here are {string.Join(", ", known)}.";
        return new ConfigFault(key, source, "There is no such key.", fix);
    }

    private void CheckMember(ConfigMember member, Group group, string path)
    {
        if (group.Find(member.Name) is { } key)
        {
            Check(member.Value, key.Shape, Join(path, key.Name));
        }
        else
        {
            report(Unknown(member.Name, member.Source, group, path));
        }
    }

    private void CheckEntries(ConfigNode node, Entries entries, string path)
    {
        var seen = new Dictionary<string, ConfigNode>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < node.Items.Count; i++)
        {
            var (item, at) = (node.Items[i], $"{path}[{i}]");
            Check(item, entries.Item, at);
            if (item.Kind != NodeKind.Object)
            {
                continue;
            }

            if (item[entries.Id] is not { } id)
            {
                Report(at, item.Source, $"The entry has no '{entries.Id}'.", $"Say whom it is about: \"{entries.Id}\": \"tesla\".");
            }
            else if (id.Kind == NodeKind.Text && !seen.TryAdd(id.Text, id))
            {
                Report($"{at}.{entries.Id}", id.Source, $"'{Form.Shown(id.Text)}' has an entry already, at {seen[id.Text].Source.Short}.", "Put both into one entry.");
            }
        }
    }

    private void CheckForm(string text, Source source, Form form, string path)
    {
        if (form.Check(text) is { } wrong)
        {
            Report(path, source, wrong.Text, wrong.Fix);
        }
    }

    private void CheckNumber(ConfigNode node, NumberValue bounds, string path)
    {
        var fits = decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= bounds.Least && number <= bounds.Most && decimal.Round(number, bounds.Decimals) == number;
        if (!fits)
        {
            var digits = bounds.Decimals > 0 ? $" with at most {bounds.Decimals} digits after the point" : "";
            Report(path, node.Source, $"{Form.Shown(node.Text)} is not {bounds.Meant}{digits}.", $"Write {bounds.Meant}, or leave the key out.");
        }
    }

    private bool Is(ConfigNode node, NodeKind kind, Shape shape, string path)
    {
        if (node.Kind != kind)
        {
            var unquoted = node.Kind == NodeKind.Text && node.Source.Kind == SourceKind.File
                && ((kind == NodeKind.Switch && node.Text is "true" or "false") || (kind == NodeKind.Number && decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)));
            var fix = unquoted ? $"Write it without quotes: {node.Text}" : node.Kind == NodeKind.Null ? "Leave the key out." : $"Write {shape.Meant}.";
            Report(path, node.Source, $"This is {Name(node.Kind)}, not {shape.Meant}.", fix);
        }

        return node.Kind == kind;
    }

    private void Report(string path, Source source, string text, string fix) => report(new ConfigFault(path, source, text, fix));

    private static string Name(NodeKind kind) => kind switch
    {
        NodeKind.Object => "an object",
        NodeKind.List => "a list",
        NodeKind.Text => "a text",
        NodeKind.Number => "a number",
        NodeKind.Switch => "true or false",
        _ => "null",
    };
}
