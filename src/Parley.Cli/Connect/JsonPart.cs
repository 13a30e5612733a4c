using System.Text;
using System.Text.Json;

namespace Parley.Cli.Connect;

/// <summary>Where a value stands in a JSON text that may have comments and commas at the end. Places are in characters.</summary>
internal sealed class JsonPart
{
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public required JsonTokenType Kind { get; init; }

    /// <summary>The member's name; null for an element of an array and the whole text.</summary>
    public string? Name { get; init; }

    /// <summary>Where it begins, with its name.</summary>
    public required int Start { get; init; }

    /// <summary>Where its value begins.</summary>
    public required int ValueStart { get; init; }

    /// <summary>Behind its last character.</summary>
    public int End { get; private set; }

    public List<JsonPart> Parts { get; } = [];

    public bool IsObject => Kind == JsonTokenType.StartObject;

    public bool IsArray => Kind == JsonTokenType.StartArray;

    /// <summary>The member of that name; the last, where there are several, as programs read it.</summary>
    public JsonPart? Find(string name) => Parts.LastOrDefault(part => part.Name == name);

    /// <summary>Throws <see cref="JsonException"/> where the text is no JSON.</summary>
    public static JsonPart Parse(string text)
    {
        var skipped = text.StartsWith('\uFEFF') ? 1 : 0;
        var bytes = Encoding.UTF8.GetBytes(text[skipped..]);
        var reader = new Utf8JsonReader(bytes, Lenient);
        reader.Read();
        var places = new Places(bytes, skipped);
        var whole = Read(ref reader, places, name: null, start: null);
        if (reader.Read())
        {
            throw new JsonException("Something stands behind the JSON.");
        }

        return whole;
    }

    private static JsonPart Read(ref Utf8JsonReader reader, Places places, string? name, int? start)
    {
        var begins = places.Of(reader.TokenStartIndex);
        var part = new JsonPart { Kind = reader.TokenType, Name = name, Start = start ?? begins, ValueStart = begins };
        while (part.IsObject || part.IsArray)
        {
            reader.Read();
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                break;
            }

            if (part.IsObject)
            {
                var (key, at) = (reader.GetString(), places.Of(reader.TokenStartIndex));
                reader.Read();
                part.Parts.Add(Read(ref reader, places, key, at));
            }
            else
            {
                part.Parts.Add(Read(ref reader, places, name: null, start: null));
            }
        }

        part.End = places.Of(reader.BytesConsumed);
        return part;
    }

    /// <summary>From bytes to characters, going forward only.</summary>
    private sealed class Places(byte[] bytes, int skipped)
    {
        private int atByte;
        private int atCharacter = skipped;

        public int Of(long place)
        {
            atCharacter += Encoding.UTF8.GetCharCount(bytes.AsSpan(atByte, (int)place - atByte));
            atByte = (int)place;
            return atCharacter;
        }
    }
}
