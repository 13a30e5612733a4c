namespace Parley.Cli.Config;

internal enum NodeKind
{
    Object,
    List,
    Text,
    Number,
    Switch,
    Null,
}

/// <summary>A piece of the configuration with the place it comes from. What the environment and the options say is set into the tree of the file.</summary>
/// <param name="kind">What kind of JSON it is.</param>
/// <param name="source">Where it stands.</param>
/// <param name="text">A text's value; a number or switch as written.</param>
internal sealed class ConfigNode(NodeKind kind, Source source, string text = "")
{
    public NodeKind Kind => kind;

    public Source Source => source;

    public string Text => text;

    public List<ConfigMember> Members { get; } = [];

    public List<ConfigNode> Items { get; } = [];

    public ConfigNode? this[string name] => Members.Find(member => member.Name == name)?.Value;

    /// <summary>The value at a path of names.</summary>
    public ConfigNode? At(params ReadOnlySpan<string> path)
    {
        var node = this;
        foreach (var name in path)
        {
            node = node?[name];
        }

        return node;
    }

    public void Set(string name, ConfigNode value)
    {
        Members.RemoveAll(member => member.Name == name);
        Members.Add(new ConfigMember(name, value.Source, value));
    }
}

/// <summary>A name with its value; the place is that of the name.</summary>
internal sealed record ConfigMember(string Name, Source Source, ConfigNode Value);
