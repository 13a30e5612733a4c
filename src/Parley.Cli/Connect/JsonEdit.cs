using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Parley.Cli.Connect;

/// <summary>Changes single values of a JSON text and leaves every other character, comments too, where it is.</summary>
internal static class JsonEdit
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Puts a value at a path of names; what is missing on the way is added.</summary>
    public static string Set(string text, IReadOnlyList<string> path, JsonNode value)
    {
        var (at, depth) = Descend(text, path);
        if (depth == path.Count)
        {
            return JsonNode.DeepEquals(Node(text, at), value) ? text : Replace(text, at, value);
        }

        Require(at.IsObject, path.Take(depth));
        return JsonInsert.Member(text, at, path[depth], path.Skip(depth + 1).Reverse().Aggregate(value, (inner, name) => new JsonObject { [name] = inner.DeepClone() }));
    }

    /// <summary>Puts a value into the array at a path: in place of the first element that is meant, else at the end.</summary>
    public static string Append(string text, IReadOnlyList<string> path, JsonNode value, Func<JsonNode?, bool> isMeant)
    {
        var (at, depth) = Descend(text, path);
        if (depth < path.Count)
        {
            return Set(text, path, new JsonArray(value.DeepClone()));
        }

        Require(at.IsArray, path);
        if (at.Parts.Find(part => isMeant(Node(text, part))) is not { } there)
        {
            return JsonInsert.Element(text, at, value);
        }

        return JsonNode.DeepEquals(Node(text, there), value) ? text : Replace(text, there, value);
    }

    /// <summary>The value at a path; null where there is none.</summary>
    public static JsonNode? Find(string text, IReadOnlyList<string> path)
    {
        var (at, depth) = Descend(text, path);
        return depth == path.Count ? Node(text, at) : null;
    }

    /// <summary>Takes the member at a path away.</summary>
    public static string Remove(string text, IReadOnlyList<string> path)
    {
        var (holder, depth) = Descend(text, [.. path.SkipLast(1)]);
        return depth == path.Count - 1 && holder.IsObject && holder.Find(path[^1]) is { } part ? JsonCut.Cut(text, holder, part) : text;
    }

    /// <summary>Takes the elements that are meant out of the array at a path.</summary>
    public static string Remove(string text, IReadOnlyList<string> path, Func<JsonNode?, bool> isMeant)
    {
        while (true)
        {
            var (holder, depth) = Descend(text, path);
            if (depth < path.Count || !holder.IsArray || holder.Parts.Find(part => isMeant(Node(text, part))) is not { } part)
            {
                return text;
            }

            text = JsonCut.Cut(text, holder, part);
        }
    }

    /// <summary>True where an object or array with nothing in it, not even a comment, is at the path.</summary>
    public static bool IsEmpty(string text, IReadOnlyList<string> path)
    {
        var (at, depth) = Descend(text, path);
        return depth == path.Count && (at.IsObject || at.IsArray) && string.IsNullOrWhiteSpace(text[(at.ValueStart + 1)..(at.End - 1)]);
    }

    private static (JsonPart At, int Depth) Descend(string text, IReadOnlyList<string> path)
    {
        var at = JsonPart.Parse(text);
        for (var depth = 0; depth < path.Count; depth++)
        {
            if (!at.IsObject || at.Find(path[depth]) is not { } next)
            {
                return (at, depth);
            }

            at = next;
        }

        return (at, path.Count);
    }

    private static string Replace(string text, JsonPart at, JsonNode value) =>
        text[..at.ValueStart] + JsonStyle.Of(text).Write(value, JsonStyle.IndentOfLine(text, at.Start)) + text[at.End..];

    private static JsonNode? Node(string text, JsonPart part) => JsonNode.Parse(text[part.ValueStart..part.End], documentOptions: Lenient);

    private static void Require(bool fits, IEnumerable<string> path)
    {
        if (!fits)
        {
            throw new JsonException(path.Any() ? $"What stands at '{string.Join('.', path)}' is of another kind." : "It is no JSON object.");
        }
    }
}

/// <summary>How a JSON text is laid out.</summary>
internal sealed record JsonStyle(string Unit, string NewLine)
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonStyle Of(string text)
    {
        var whole = JsonPart.Parse(text);
        var unit = whole.Parts.Count > 0 && text[..whole.Parts[0].Start].Contains('\n', StringComparison.Ordinal) ? IndentOfLine(text, whole.Parts[0].Start) : "";
        return new JsonStyle(unit.Length > 0 ? unit : "  ", text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n");
    }

    /// <summary>The blanks with which the line of a place begins.</summary>
    public static string IndentOfLine(string text, int place)
    {
        var line = place == 0 ? 0 : text.LastIndexOf('\n', place - 1) + 1;
        var end = line;
        while (end < place && text[end] is ' ' or '\t')
        {
            end++;
        }

        return text[line..end];
    }

    /// <summary>The value over several lines, those after the first indented.</summary>
    public string Write(JsonNode value, string indent) => value switch
    {
        JsonObject { Count: > 0 } members => Block('{', '}', members.Select(member => $"{Name(member.Key)}: {Write(member.Value!, indent + Unit)}"), indent),
        JsonArray { Count: > 0 } elements when elements.Any(element => element is JsonObject or JsonArray) => Block('[', ']', elements.Select(element => Write(element!, indent + Unit)), indent),
        JsonArray elements => $"[{string.Join(", ", elements.Select(element => Write(element!, indent)))}]",
        _ => OneLine(value),
    };

    public static string OneLine(JsonNode value) => value.ToJsonString(Compact);

    public static string Name(string name) => JsonSerializer.Serialize(name, Compact);

    private string Block(char open, char close, IEnumerable<string> parts, string indent) =>
        $"{open}{NewLine}{string.Join("," + NewLine, parts.Select(part => indent + Unit + part))}{NewLine}{indent}{close}";
}
