using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Parley.Client.Wire;

namespace Parley.Server.Http;

/// <summary>How bodies are read: as <see cref="WireJson"/> writes them, with unknown and repeated fields refused.</summary>
internal static class WireOptions
{
    public static readonly JsonSerializerOptions Reading = new(WireJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
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
}
