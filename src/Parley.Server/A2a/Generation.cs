using Microsoft.AspNetCore.Http;
using Parley.Core;

namespace Parley.Server.A2a;

/// <summary>The versions of the protocol that are spoken here.</summary>
internal enum Generation
{
    /// <summary>0.3, and whoever names no version.</summary>
    Legacy,

    /// <summary>1.0.</summary>
    One,
}

/// <summary>Which version a request speaks.</summary>
internal static class Generations
{
    private const string Header = A2aErrors.Version;

    /// <summary>The version that the request names, in its header or query, else <paramref name="unnamed"/>. Throws <c>not_supported</c> for any other.</summary>
    public static Generation Of(HttpRequest request, Generation unnamed)
    {
        var named = request.Headers[Header].ToString();
        named = named.Length > 0 ? named : request.Query[Header].ToString();
        return named.Trim().Split('.') switch
        {
            [""] => unnamed,
            ["1"] or ["1", "0"] or ["1", "0", _] => Generation.One,
            ["0", "3"] or ["0", "3", _] => Generation.Legacy,
            _ => throw Refusal("This server does not speak that version of A2A."),
        };
    }

    /// <summary>The refusal of a version.</summary>
    public static ParleyError Refusal(string message) => new(ErrorCode.NotSupported, message, "Send 'A2A-Version: 1.0'; 0.3 is spoken over JSON-RPC.") { Field = Header };
}
