using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Parley.Core;

namespace Parley.Server.Mcp;

/// <summary>What an agent can read without a call of a tool: its inbox, its conversations, the agents it knows.</summary>
internal sealed class McpResources(InboxResource inbox, ConversationResource conversations, AgentResource agents)
{
    /// <summary>What a subscription to something that is not there any more knows of it.</summary>
    private const string Gone = "gone";

    private const string Json = "application/json";
    private static readonly TimeSpan KeepTemplates = TimeSpan.FromMinutes(10);
    private readonly IMcpResource[] all = [inbox, conversations, agents];

    public static Resource Of(string uri, string name, string description) => new() { Uri = uri, Name = name, Description = description, MimeType = Json };

    public static ResourceTemplate TemplateOf(string uri, string name, string description) => new() { UriTemplate = uri, Name = name, Description = description, MimeType = Json };

    public ListResourceTemplatesResult Templates() => new()
    {
        ResourceTemplates = [.. all.Select(kind => kind.Template).OfType<ResourceTemplate>()], TimeToLive = KeepTemplates, CacheScope = CacheScope.Public,
    };

    public async Task<ListResourcesResult> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var found = new List<Resource>();
        foreach (var kind in all)
        {
            found.AddRange(await kind.ListAsync(caller, cancellationToken));
        }

        return new ListResourcesResult { Resources = found, TimeToLive = TimeSpan.Zero, CacheScope = CacheScope.Private };
    }

    /// <summary>Reads one. Throws <see cref="ParleyError"/>.</summary>
    public async Task<ReadResourceResult> ReadAsync(Caller caller, string uri, CancellationToken cancellationToken)
    {
        var (kind, key) = Find(uri);
        var text = ToolAnswer.TextOf(await kind.ReadAsync(caller, key, cancellationToken));
        return new ReadResourceResult { Contents = [new TextResourceContents { Uri = uri, MimeType = Json, Text = text }], TimeToLive = TimeSpan.Zero, CacheScope = CacheScope.Private };
    }

    /// <summary>Follows one from its present state on. Throws <see cref="ParleyError"/> where it cannot be read.</summary>
    public async Task FollowAsync(Caller caller, string uri, Subscriptions subscriptions, CancellationToken cancellationToken)
    {
        var (kind, key) = Find(uri);
        subscriptions.Add(uri, await kind.StampAsync(caller, key, cancellationToken));
    }

    /// <summary>The state of one that is followed.</summary>
    public async Task<string> StampAsync(Caller caller, string uri, CancellationToken cancellationToken)
    {
        try
        {
            var (kind, key) = Find(uri);
            return await kind.StampAsync(caller, key, cancellationToken);
        }
        catch (ParleyError error) when (error.Code != ErrorCode.Busy)
        {
            return Gone;
        }
    }

    /// <summary>What a name in an address may go on with.</summary>
    public Task<IEnumerable<string>> NamesAsync(Caller caller, CancellationToken cancellationToken) => agents.NamesAsync(caller, cancellationToken);

    private (IMcpResource Kind, string Key) Find(string uri) => all.FirstOrDefault(kind => uri.StartsWith(kind.Prefix, StringComparison.Ordinal)) is { } found
        ? (found, uri[found.Prefix.Length..])
        : throw ParleyError.NotFound("resource");
}
