using System.Text.Json;
using System.Text.Json.Nodes;

namespace Parley.Cli.Connect;

/// <summary>One thing that connecting puts into a file of the program.</summary>
/// <param name="File">The file.</param>
internal abstract record Change(string File)
{
    /// <summary>The file's text with it; null is no file. Throws <see cref="JsonException"/> or <see cref="FormatException"/> for what cannot be read or is taken.</summary>
    public abstract string Apply(string? text);

    /// <summary>The file's text without it; null where the file has no use any more.</summary>
    /// <param name="text">What the file holds now.</param>
    /// <param name="before">What it held before, where that is known.</param>
    public abstract string? Revert(string text, string? before);
}

/// <summary>A value of a JSON file: a member, or an element of a list.</summary>
internal sealed record JsonChange(string File, IReadOnlyList<string> Path, JsonNode Value) : Change(File)
{
    /// <summary>How a value of ours is told from another's.</summary>
    public required Func<JsonNode?, bool> IsOurs { get; init; }

    /// <summary>True for one more element of the list at the path.</summary>
    public bool IsElement { get; init; }

    /// <summary>True for what is only put where nothing is, and stays with who put it.</summary>
    public bool IsDefault { get; init; }

    /// <summary>What a new file begins with.</summary>
    public string Blank { get; init; } = "{\n}\n";

    public override string Apply(string? text)
    {
        var from = string.IsNullOrWhiteSpace(text) ? Blank : text;
        if (IsElement)
        {
            return JsonEdit.Append(from, Path, Value, IsOurs);
        }

        var there = JsonEdit.Find(from, Path);
        if (there is null)
        {
            return JsonEdit.Set(from, Path, Value);
        }

        if (IsDefault)
        {
            return from;
        }

        return IsOurs(there) ? JsonEdit.Set(from, Path, Merge(there, Value)) : throw new JsonException($"'{string.Join('.', Path)}' is there already, and is something else.");
    }

    public override string? Revert(string text, string? before)
    {
        if (string.IsNullOrWhiteSpace(text) || (IsDefault && (before is null || JsonEdit.Find(before, Path) is not null)))
        {
            return text;
        }

        if (IsElement)
        {
            text = JsonEdit.Remove(text, Path, IsOurs);
        }
        else if (IsDefault || IsOurs(JsonEdit.Find(text, Path)))
        {
            text = JsonEdit.Remove(text, Path);
        }

        for (var depth = IsElement ? Path.Count : Path.Count - 1; depth > 0; depth--)
        {
            string[] above = [.. Path.Take(depth)];
            if (JsonEdit.IsEmpty(text, above) && (string.IsNullOrWhiteSpace(before) || JsonEdit.Find(before, above) is null))
            {
                text = JsonEdit.Remove(text, above);
            }
        }

        return text;
    }

    /// <summary>What a person added to ours stays.</summary>
    private static JsonNode Merge(JsonNode there, JsonNode value)
    {
        if (there is not JsonObject || value is not JsonObject members)
        {
            return value;
        }

        var merged = there.DeepClone().AsObject();
        foreach (var (name, member) in members)
        {
            merged[name] = member?.DeepClone();
        }

        return merged;
    }
}

/// <summary>A table of a TOML file.</summary>
internal sealed record TomlChange(string File, IReadOnlyList<string> Table, IReadOnlyList<(string Key, string Value)> Values) : Change(File)
{
    public override string Apply(string? text)
    {
        if (text is not null && TomlEdit.Has(text, Table) && !IsOurs(text))
        {
            throw new FormatException($"'{string.Join('.', Table)}' is there already, and is something else.");
        }

        return TomlEdit.Set(text ?? "", Table, Values);
    }

    public override string? Revert(string text, string? before) => IsOurs(text) ? TomlEdit.Remove(text, Table) : text;

    private bool IsOurs(string text) => TomlEdit.Find(text, Table, "args") is { } args && args.Contains("\"mcp\"", StringComparison.Ordinal) && args.Contains("\"--as\"", StringComparison.Ordinal);
}

/// <summary>A file that is Parley's alone.</summary>
internal sealed record WholeFile(string File, string Text, string Mark) : Change(File)
{
    public override string Apply(string? text) =>
        text is null || text.Contains(Mark, StringComparison.Ordinal) ? Text : throw new FormatException("It is there already, and is something else.");

    public override string? Revert(string text, string? before) => text.Contains(Mark, StringComparison.Ordinal) ? null : text;
}
