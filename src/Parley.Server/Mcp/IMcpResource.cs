using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Parley.Core;

namespace Parley.Server.Mcp;

/// <summary>A kind of resource. Reading one changes nothing.</summary>
internal interface IMcpResource
{
    /// <summary>What its addresses begin with; the rest is the key.</summary>
    string Prefix { get; }

    /// <summary>The form of its addresses; null where there is one address.</summary>
    ResourceTemplate? Template { get; }

    /// <summary>Those that the caller can read, the likely ones first.</summary>
    Task<IEnumerable<Resource>> ListAsync(Caller caller, CancellationToken cancellationToken);

    /// <summary>What it says now. Throws <see cref="ParleyError"/>.</summary>
    Task<JsonObject> ReadAsync(Caller caller, string key, CancellationToken cancellationToken);

    /// <summary>A short text that changes whenever <see cref="ReadAsync"/> would say something else. Throws <see cref="ParleyError"/>.</summary>
    Task<string> StampAsync(Caller caller, string key, CancellationToken cancellationToken);
}
