namespace Parley.Cli.Config;

/// <summary>Where a value comes from; a later kind goes before an earlier one.</summary>
internal enum SourceKind
{
    Default,
    File,
    Environment,
    Option,
}

/// <summary>The place of a value or of a fault.</summary>
/// <param name="Kind">What kind of place.</param>
/// <param name="Name">The file's path, the variable's name, or the option.</param>
/// <param name="Line">From 1; 0 where the place is no line of a file.</param>
/// <param name="Column">From 1, in characters.</param>
internal sealed record Source(SourceKind Kind, string Name, int Line = 0, int Column = 0)
{
    public static readonly Source Default = new(SourceKind.Default, "default");

    /// <summary>What editors and terminals can follow: <c>file:line:column</c>.</summary>
    public string Exact => Line > 0 ? $"{Name}:{Line}:{Column}" : Name;

    /// <summary>For a column of a table: <c>parley.json:12</c>.</summary>
    public string Short => Line > 0 ? $"{Path.GetFileName(Name)}:{Line}" : Name;
}

/// <summary>Something wrong, with what to do about it.</summary>
/// <param name="Key">The path of the key, such as <c>agents.list[0].id</c>; empty for the file as a whole.</param>
/// <param name="Source">Where it stands.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="Fix">What to do.</param>
/// <param name="IsWarning">True where it can be lived with.</param>
internal sealed record ConfigFault(string Key, Source Source, string Text, string Fix, bool IsWarning = false)
{
    public string Sentence => Key.Length > 0 ? $"{Key}: {Text}" : Text;
}
