using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Parley.Core;

namespace Parley.Server.Mcp;

/// <summary>A refusal outside of the tools: an error of the protocol, with the fix in its message and the code in its data.</summary>
internal static class McpRefusal
{
    private const string CodeField = "code";
    private const string UriField = "uri";

    /// <summary>The error, with the address of the resource that is meant where there is one.</summary>
    public static McpProtocolException Of(ParleyError error, string? uri, bool modern)
    {
        var code = error.Code == ErrorCode.Internal ? McpErrorCode.InternalError
            : error.Code == ErrorCode.NotFound && uri is not null && !modern ? McpErrorCode.ResourceNotFound
            : McpErrorCode.InvalidParams;
        var refusal = new McpProtocolException($"{error.Message} {error.Fix}", code);
        refusal.Data[CodeField] = error.Code.Name;
        if (uri is not null)
        {
            refusal.Data[UriField] = uri;
        }

        return refusal;
    }

    /// <summary>The same, for an answer that the protocol's library does not write.</summary>
    public static JsonRpcErrorDetail Detail(McpProtocolException refusal) => new()
    {
        Code = (int)refusal.ErrorCode, Message = refusal.Message, Data = new JsonObject { [CodeField] = (string?)refusal.Data[CodeField], [UriField] = (string?)refusal.Data[UriField] },
    };
}
