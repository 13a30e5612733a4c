using System.Globalization;

namespace Parley.Cli.Config;

/// <summary>A value that somebody gave outside the file.</summary>
/// <param name="Path">The names of the key, outermost first.</param>
/// <param name="Values">One value; several where the key takes a list.</param>
/// <param name="Source">The variable or the option.</param>
internal sealed record Given(IReadOnlyList<string> Path, IReadOnlyList<string> Values, Source Source)
{
    public static Given Option(string key, string option, params IReadOnlyList<string> values) => new(key.Split('.'), values, new Source(SourceKind.Option, option));
}

/// <summary>Sets what the environment and the options say into the tree of the file.</summary>
internal sealed class Overrides(ConfigNode root, Action<ConfigFault> report)
{
    public const string Prefix = "PARLEY__";

    /// <summary>What the environment says: the variables of single keys, then <c>PARLEY__…</c>, which go before them.</summary>
    public static IEnumerable<Given> Of(IReadOnlyDictionary<string, string> variables)
    {
        var single = ConfigKeys.All.Where(entry => entry.Key.Variable is not null).Select(entry => (entry.Path, Variable: entry.Key.Variable!))
            .Concat(Runtimes.Models.Provider.All.Where(provider => provider.AddressVariable.Length > 0).Select(provider => (Path: $"models.providers.{provider.Name}.baseUrl", Variable: provider.AddressVariable)));
        foreach (var (path, variable) in single)
        {
            if (variables.GetValueOrDefault(variable) is { } value && !string.IsNullOrWhiteSpace(value))
            {
                yield return new Given(path.Split('.'), [value.Trim()], new Source(SourceKind.Environment, variable));
            }
        }

        foreach (var (name, value) in variables.Where(pair => pair.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && pair.Value.Length > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            yield return new Given(name[Prefix.Length..].Split("__"), [value], new Source(SourceKind.Environment, name));
        }
    }

    public void Set(Given given) => Set(root, ConfigKeys.Root, "", given, 0);

    private void Set(ConfigNode node, Shape shape, string path, Given given, int depth)
    {
        var name = given.Path[depth];
        switch (shape)
        {
            case Group group:
                var key = Array.Find(group.Keys, child => child.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
                if (key is null)
                {
                    report(ConfigChecker.Unknown(name, given.Source, group, path));
                }
                else if (key.SameAs is { } other)
                {
                    Set(given with { Path = other.Split('.') });
                }
                else
                {
                    Into(node, key.Name, key.Shape, ConfigChecker.Join(path, key.Name), given, depth);
                }

                break;
            case NamedValues { Value: Group } named:
                Into(node, name.ToLowerInvariant(), named.Value, ConfigChecker.Join(path, name.ToLowerInvariant()), given, depth);
                break;
            case Entries entries:
                var id = name.ToLowerInvariant();
                var item = node.Items.Find(entry => entry[entries.Id] is { Kind: NodeKind.Text } known && known.Text.Equals(id, StringComparison.OrdinalIgnoreCase));
                if (item is null)
                {
                    item = new ConfigNode(NodeKind.Object, given.Source);
                    item.Set(entries.Id, new ConfigNode(NodeKind.Text, given.Source, id));
                    node.Items.Add(item);
                }

                Below(item, entries.Item, $"{path}[{id}]", given, depth);
                break;
            default:
                report(new ConfigFault(path, given.Source, "The environment cannot say this.", "Write it into the file."));
                break;
        }
    }

    /// <summary>Goes into the member, which is created where it is missing, or sets it where the path ends.</summary>
    private void Into(ConfigNode node, string name, Shape shape, string path, Given given, int depth)
    {
        if (depth == given.Path.Count - 1 && Value(shape, given) is { } value)
        {
            node.Set(name, value);
            return;
        }

        if (node[name] is not { } child)
        {
            child = new ConfigNode(shape is Entries ? NodeKind.List : NodeKind.Object, given.Source);
            node.Set(name, child);
        }

        Below(child, shape, path, given, depth);
    }

    private void Below(ConfigNode node, Shape shape, string path, Given given, int depth)
    {
        if (depth == given.Path.Count - 1)
        {
            report(new ConfigFault(path, given.Source, "That is no single value.", "Name a key below it, or write it into the file."));
        }
        else if (node.Kind == (shape is Entries ? NodeKind.List : NodeKind.Object))
        {
            Set(node, shape, path, given, depth + 1);
        }
    }

    private static ConfigNode? Value(Shape shape, Given given)
    {
        var text = given.Values[0];
        return shape switch
        {
            TextValue => new ConfigNode(NodeKind.Text, given.Source, text),
            SwitchValue => new ConfigNode(text.ToLowerInvariant() is "true" or "false" ? NodeKind.Switch : NodeKind.Text, given.Source, text.ToLowerInvariant()),
            NumberValue => new ConfigNode(decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? NodeKind.Number : NodeKind.Text, given.Source, text),
            TextList => List(given.Source.Kind == SourceKind.Environment ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : given.Values, given.Source),
            _ => null,
        };
    }

    private static ConfigNode List(IEnumerable<string> texts, Source source)
    {
        var list = new ConfigNode(NodeKind.List, source);
        list.Items.AddRange(texts.Select(text => new ConfigNode(NodeKind.Text, source, text)));
        return list;
    }
}
