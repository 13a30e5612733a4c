using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Parley.Client.Wire;

namespace Parley.Server.Http;

/// <summary>How bodies are read: as <see cref="WireJson"/> writes them, with unknown and repeated fields refused.</summary>
internal static class WireOptions
{
    public static readonly JsonSerializerOptions Reading = new(WireJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        TypeInfoResolver = WireJson.Default.WithAddedModifier(TakeNumbers),
    };

    /// <summary>Makes the options of the framework those of the wire.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.MaxDepth = Core.Limits.JsonDepth;
        // The answer is JSON by its content type and never part of a page: quotes need not be escaped for HTML.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.TypeInfoResolverChain.Insert(0, WireJson.Default);
    }

    /// <summary>An acknowledgement may name an inbox number as the number that it is, as on the WebSocket.</summary>
    private static void TakeNumbers(JsonTypeInfo type)
    {
        if (type.Type == typeof(AckRequest))
        {
            type.Properties.Single(property => property.Name == "cursor").CustomConverter = new NumberOrText();
        }
    }

    private sealed class NumberOrText : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number.ToString(CultureInfo.InvariantCulture) : reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
