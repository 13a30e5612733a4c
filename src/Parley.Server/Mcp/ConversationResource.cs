using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Parley.Core;
using Parley.Core.Conversations;
using Parley.Core.Messages;
using Parley.Server.Mapping;

namespace Parley.Server.Mcp;

/// <summary>The newest of a conversation that the caller may read.</summary>
internal sealed class ConversationResource(ReadMessages read) : IMcpResource
{
    private const string Start = "parley://conversations/";
    private const int Rows = 30;
    private const int Listed = 20;

    /// <inheritdoc/>
    public string Prefix => Start;

    /// <inheritdoc/>
    public ResourceTemplate? Template { get; } = McpResources.TemplateOf(Start + "{id}", "conversation", "The newest messages of a conversation you are in: direct, channel, meeting or session. Its id is parley/conversation_id of a receipt.");

    /// <summary>The conversation that an address means, or null.</summary>
    public static Guid? IdOf(string uri) => uri.StartsWith(Start, StringComparison.Ordinal) && Guid.TryParseExact(uri[Start.Length..], "D", out var id) ? id : null;

    /// <inheritdoc/>
    public async Task<IEnumerable<Resource>> ListAsync(Caller caller, CancellationToken cancellationToken) =>
        (await read.ConversationsAsync(caller, Listed, cancellationToken)).Select(one => McpResources.Of(Start + one.Id, $"{WireNames.Of(one.Kind)}: {one.Name}", Describe(one)));

    /// <inheritdoc/>
    public async Task<JsonObject> ReadAsync(Caller caller, string key, CancellationToken cancellationToken)
    {
        var page = await PageAsync(caller, key, Rows, cancellationToken);
        return new JsonObject { ["messages"] = ToolAnswer.List(page.OrderBy(message => message.Number), MessageAnswers.Of) };
    }

    /// <inheritdoc/>
    public async Task<string> StampAsync(Caller caller, string key, CancellationToken cancellationToken) =>
        string.Join(',', (await PageAsync(caller, key, Rows, cancellationToken)).Select(message => $"{message.Number}{(message.Withheld == Withheld.No ? "" : "?")}"));

    private Task<List<Message>> PageAsync(Caller caller, string key, int rows, CancellationToken cancellationToken) => IdOf(Start + key) is { } id
        ? read.PageAsync(caller, new HistoryQuery(caller.OrganizationId, id, Limit: rows), cancellationToken)
        : throw ParleyError.NotFound("conversation");

    private static string Describe(Conversation one) => $"The newest of {one.Head} messages.";
}
