namespace Parley.Cli.Config;

/// <summary>Keys that may stand in several places are moved to the one that the rest of the program reads.</summary>
internal static class OtherPlaces
{
    public static void Move(ConfigNode root, Action<ConfigFault> report)
    {
        foreach (var (path, key) in ConfigKeys.All.Where(entry => entry.Key.SameAs is not null))
        {
            var names = path.Split('.');
            if (root.At(names.AsSpan(..^1)) is not { Kind: NodeKind.Object } parent || parent[key.Name] is not { } value)
            {
                continue;
            }

            parent.Members.RemoveAll(member => member.Name == key.Name);
            Put(root, value, path, key.SameAs!, report);
        }
    }

    private static void Put(ConfigNode root, ConfigNode value, string path, string target, Action<ConfigFault> report)
    {
        var node = root;
        var names = target.Split('.');
        foreach (var name in names[..^1])
        {
            if (node[name] is not { } child)
            {
                child = new ConfigNode(NodeKind.Object, value.Source);
                node.Set(name, child);
            }

            if (child.Kind != NodeKind.Object)
            {
                return; // A fault of its own.
            }

            node = child;
        }

        if (node[names[^1]] is { } there)
        {
            report(new ConfigFault(path, value.Source, $"{target} says the same, at {there.Source.Short}.", "Keep one of the two."));
            return;
        }

        node.Set(names[^1], value);
    }
}
