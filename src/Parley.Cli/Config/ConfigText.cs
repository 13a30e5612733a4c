using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Parley.Core;

namespace Parley.Cli.Config;

/// <summary>Reads JSON with comments and trailing commas, and keeps the line and column of everything.</summary>
internal sealed class ConfigText
{
    public const int MostBytes = 1024 * 1024;
    private const string Repair = "Correct the JSON there; a missing comma, quote or bracket is the usual reason.";
    private readonly byte[] bytes;
    private readonly string file;
    private readonly List<ConfigFault> faults;
    private readonly List<int> lines = [0];

    private ConfigText(byte[] bytes, string file, List<ConfigFault> faults)
    {
        (this.bytes, this.file, this.faults) = (bytes, file, faults);
        lines.AddRange(Enumerable.Range(0, bytes.Length).Where(i => bytes[i] == '\n').Select(i => i + 1));
    }

    /// <summary>The file as a tree, or null with a fault where it is no JSON.</summary>
    public static ConfigNode? Read(byte[] bytes, string file, List<ConfigFault> faults)
    {
        var start = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        return new ConfigText(bytes[start..], file, faults).Read();
    }

    private ConfigNode? Read()
    {
        if (bytes.Length > MostBytes)
        {
            return Refuse(new Source(SourceKind.File, file), "The file is larger than 1 MiB.", "Is it the right file? A configuration is a few kilobytes.");
        }

        if (bytes.All(letter => char.IsWhiteSpace((char)letter)))
        {
            return Refuse(new Source(SourceKind.File, file, 1, 1), "The file is empty.", "Write {} for a configuration that says nothing, or delete the file.");
        }

        if (!Utf8.IsValid(bytes))
        {
            return Refuse(new Source(SourceKind.File, file), "The file is not UTF-8 text.", "Save it as UTF-8.");
        }

        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = Limits.JsonDepth });
        try
        {
            reader.Read();
            var root = Value(ref reader, "");
            reader.Read(); // What stands after the end is a fault of the reader's.
            return root;
        }
        catch (JsonException fault)
        {
            var line = (int)Math.Min(fault.LineNumber ?? 0, lines.Count - 1);
            return Refuse(Place(lines[line] + (int)(fault.BytePositionInLine ?? 0)), Sentence(fault), Repair);
        }
        catch (InvalidOperationException)
        {
            return Refuse(Place((int)reader.TokenStartIndex), "The text has half of a pair of surrogates (\\ud800 to \\udfff).", "Write the letter itself.");
        }
    }

    private ConfigNode Value(ref Utf8JsonReader reader, string path)
    {
        var place = Place((int)reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => Object(ref reader, place, path),
            JsonTokenType.StartArray => List(ref reader, place, path),
            JsonTokenType.String => new ConfigNode(NodeKind.Text, place, reader.GetString()!),
            JsonTokenType.Number => new ConfigNode(NodeKind.Number, place, Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.True or JsonTokenType.False => new ConfigNode(NodeKind.Switch, place, reader.TokenType == JsonTokenType.True ? "true" : "false"),
            _ => new ConfigNode(NodeKind.Null, place),
        };
    }

    private ConfigNode Object(ref Utf8JsonReader reader, Source place, string path)
    {
        var node = new ConfigNode(NodeKind.Object, place);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (name, at) = (reader.GetString()!, Place((int)reader.TokenStartIndex));
            var below = path.Length == 0 ? name : $"{path}.{name}";
            reader.Read();
            var value = Value(ref reader, below);
            if (node[name] is not null)
            {
                faults.Add(new ConfigFault(below, at, "The key is there twice.", "Keep one of the two."));
                continue;
            }

            node.Members.Add(new ConfigMember(name, at, value));
        }

        return node;
    }

    private ConfigNode List(ref Utf8JsonReader reader, Source place, string path)
    {
        var node = new ConfigNode(NodeKind.List, place);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            node.Items.Add(Value(ref reader, $"{path}[{node.Items.Count}]"));
        }

        return node;
    }

    private Source Place(int position)
    {
        position = Math.Min(position, bytes.Length);
        var line = lines.BinarySearch(position) is var found && found >= 0 ? found : ~found - 1;
        return new Source(SourceKind.File, file, line + 1, Encoding.UTF8.GetCharCount(bytes, lines[line], position - lines[line]) + 1);
    }

    private ConfigNode? Refuse(Source place, string text, string fix)
    {
        faults.Add(new ConfigFault("", place, text, fix));
        return null;
    }

    /// <summary>The library's sentence without its own line, its path and its options.</summary>
    private static string Sentence(JsonException fault)
    {
        var text = fault.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0].Split(" Change the reader options", 2)[0];
        return $"This is no JSON: {text}";
    }
}
