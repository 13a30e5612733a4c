using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Parley.Core;
using Parley.Core.Messages;

namespace Parley.Server.Mcp;

/// <summary>The caller's own inbox: what it has not acknowledged, and reading it acknowledges nothing.</summary>
internal sealed class InboxResource(ReadInbox read, InboxAnswers answers) : IMcpResource
{
    public const string Uri = "parley://inbox";
    private const int Rows = 20;

    /// <inheritdoc/>
    public string Prefix => Uri;

    /// <inheritdoc/>
    public ResourceTemplate? Template => null;

    /// <inheritdoc/>
    public Task<IEnumerable<Resource>> ListAsync(Caller caller, CancellationToken cancellationToken) => Task.FromResult<IEnumerable<Resource>>(caller.IsAgent
        ? [McpResources.Of(Uri, "inbox", $"Messages for {caller.Name} that are not acknowledged. Reading acknowledges nothing; check_messages does.")]
        : []);

    /// <inheritdoc/>
    public async Task<JsonObject> ReadAsync(Caller caller, string key, CancellationToken cancellationToken) =>
        await answers.OfAsync(caller, await ViewAsync(caller, key, Rows, cancellationToken), from: null, cancellationToken);

    /// <inheritdoc/>
    public async Task<string> StampAsync(Caller caller, string key, CancellationToken cancellationToken)
    {
        var state = (await ViewAsync(caller, key, 1, cancellationToken)).State;
        return $"{state.Head}/{state.Cursor}";
    }

    private Task<InboxView> ViewAsync(Caller caller, string key, int rows, CancellationToken cancellationToken) =>
        key.Length == 0 ? read.RunAsync(caller, after: null, rows, cancellationToken) : throw ParleyError.NotFound("resource");
}
