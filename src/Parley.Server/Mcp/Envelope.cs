using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Parley.Server.Mcp;

/// <summary>
/// What the headers of a request have to say and whether the body says the same: from 2026-07-28 on every request names its version and target in both,
/// so that what lies between can route it. Before, a header may be missing.
/// </summary>
internal static class Envelope
{
    public const string VersionHeader = "MCP-Protocol-Version";
    private const string MethodHeader = "Mcp-Method";
    private const string NameHeader = "Mcp-Name";
    private const string EncodedStart = "=?base64?";
    private const string EncodedEnd = "?=";
    private const string VersionField = "io.modelcontextprotocol/protocolVersion";
    private const string CapabilitiesField = "io.modelcontextprotocol/clientCapabilities";
    private const string FirstWithoutSessions = "2026-07-28";
    /// <summary>Those that <c>server/discover</c> names: the others begin with a handshake.</summary>
    private static readonly string[] Modern = [FirstWithoutSessions];

    private static readonly string[] Versions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", FirstWithoutSessions];

    /// <summary>Whether that version has requests that stand for themselves, without a session or a handshake.</summary>
    public static bool StandsAlone(string? version) => string.CompareOrdinal(version, FirstWithoutSessions) >= 0;

    /// <summary>The version that the header names; null where there is none.</summary>
    public static string? VersionOf(HttpRequest request) => request.Headers[VersionHeader] is [{ Length: > 0 } version] ? version : null;

    /// <summary>What is wrong, or null.</summary>
    public static JsonRpcErrorDetail? Check(HttpRequest request, JsonRpcMessage message)
    {
        var version = VersionOf(request);
        var (method, parameters) = message switch
        {
            JsonRpcRequest one => (one.Method, one.Params),
            JsonRpcNotification one => (one.Method, one.Params),
            _ => (null, null),
        };
        var meta = (parameters as JsonObject)?["_meta"] as JsonObject;
        var claimed = Text(meta, VersionField);
        if (request.Headers[VersionHeader].Count > 1 || (version is not null && !Versions.Contains(version)))
        {
            return Unsupported(request.Headers[VersionHeader].ToString(), claimed is null ? Versions : Modern);
        }

        if (method is null || !(StandsAlone(version) || StandsAlone(claimed)))
        {
            return null;
        }

        if (version is null || (claimed is not null && claimed != version))
        {
            return Mismatch($"The header {VersionHeader} has to be the '{VersionField}' of the body's _meta.");
        }

        return CheckTarget(request, method, parameters) ?? (message is JsonRpcRequest ? CheckMeta(meta, claimed) : null);
    }

    private static JsonRpcErrorDetail? CheckTarget(HttpRequest request, string method, JsonNode? parameters)
    {
        if (request.Headers[MethodHeader].ToString() != method)
        {
            return Mismatch($"The header {MethodHeader} has to be the method of the body.");
        }

        var field = method switch
        {
            RequestMethods.ToolsCall or RequestMethods.PromptsGet => "name",
            RequestMethods.ResourcesRead => "uri",
            _ => null,
        };
        return field is null || (Decoded(request.Headers[NameHeader].ToString()) is { } named && named == Text(parameters as JsonObject, field))
            ? null
            : Mismatch($"The header {NameHeader} has to be the {field} in the body's params.");
    }

    private static JsonRpcErrorDetail? CheckMeta(JsonObject? meta, string? claimed) => claimed is not null && meta?[CapabilitiesField] is JsonObject
        ? null
        : new JsonRpcErrorDetail { Code = (int)McpErrorCode.InvalidParams, Message = $"The body's _meta needs '{VersionField}' and '{CapabilitiesField}'." };

    /// <summary>Names that a header cannot carry come as Base64; null for what is neither.</summary>
    private static string? Decoded(string header)
    {
        if (!header.StartsWith(EncodedStart, StringComparison.Ordinal) || !header.EndsWith(EncodedEnd, StringComparison.Ordinal) || header.Length < EncodedStart.Length + EncodedEnd.Length)
        {
            return header;
        }

        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header[EncodedStart.Length..^EncodedEnd.Length], bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static string? Text(JsonObject? of, string field) => of?[field] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static JsonRpcErrorDetail Mismatch(string what) => new() { Code = (int)McpErrorCode.HeaderMismatch, Message = $"Header mismatch: {what}" };

    private static JsonRpcErrorDetail Unsupported(string version, string[] supported) => new()
    {
        Code = (int)McpErrorCode.UnsupportedProtocolVersion,
        Message = $"This server does not speak that version of the protocol; it speaks {string.Join(", ", Versions)}.",
        Data = new JsonObject { ["supported"] = new JsonArray([.. supported.Select(one => JsonValue.Create(one))]), ["requested"] = version },
    };
}
