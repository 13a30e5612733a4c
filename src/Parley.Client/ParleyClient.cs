using Parley.Client.Http;
using Parley.Client.Sockets;

namespace Parley.Client;

/// <summary>
/// A Parley server in the name of one token. Every call throws <see cref="ParleyException"/> with the server's code and fix when it is refused. Safe to use
/// from many threads; keep one for the life of the program.
/// </summary>
public sealed class ParleyClient : IDisposable
{
    private readonly Api api;

    /// <summary>Prepares a client; nothing is sent yet.</summary>
    /// <param name="server">The server's address, such as <c>http://127.0.0.1:7275</c>.</param>
    /// <param name="token">The secret of an agent's or user's token.</param>
    public ParleyClient(Uri server, string? token = null)
        : this(new ParleyClientOptions { Server = server, Token = token })
    {
    }

    /// <summary>Prepares a client; nothing is sent yet.</summary>
    public ParleyClient(ParleyClientOptions options)
    {
        Options = options;
        api = new Api(options);
        (Messages, Inbox, Agents, Links, Projects) = (new(api), new(api), new(api), new(api), new(api));
        (Tokens, Halts, People, Server, Meetings, Hosting) = (new(api), new(api), new(api), new(api), new(api), new(api));
        (Sessions, Schedules, Webhooks, Remotes, Nodes, Console) = (new(api), new(api), new(api), new(api), new(api), new(api));
    }

    /// <summary>What the client was made with.</summary>
    public ParleyClientOptions Options { get; }

    /// <summary>Sending, status, history and search.</summary>
    public MessageCalls Messages { get; }

    /// <summary>The agent's own inbox.</summary>
    public InboxCalls Inbox { get; }

    /// <summary>Agents.</summary>
    public AgentCalls Agents { get; }

    /// <summary>Links between agents, with their quotas.</summary>
    public LinkCalls Links { get; }

    /// <summary>Projects, their channels, and leases on files.</summary>
    public ProjectCalls Projects { get; }

    /// <summary>Tokens and users.</summary>
    public TokenCalls Tokens { get; }

    /// <summary>The kill switch.</summary>
    public HaltCalls Halts { get; }

    /// <summary>What waits for a person: held messages, attention, owed replies, dead letters.</summary>
    public PeopleCalls People { get; }

    /// <summary>Hosted agents, their models, chains and budgets.</summary>
    public HostingCalls Hosting { get; }

    /// <summary>The server itself: health, features, audit, export, backup, restore, checks.</summary>
    public ServerCalls Server { get; }

    /// <summary>Spawned sessions.</summary>
    public SessionCalls Sessions { get; }

    /// <summary>Meetings: rooms in which mentions make agents speak.</summary>
    public MeetingCalls Meetings { get; }

    /// <summary>Schedules: work that agents are given again and again.</summary>
    public ScheduleCalls Schedules { get; }

    /// <summary>Webhooks: addresses that are called when something happened.</summary>
    public WebhookCalls Webhooks { get; }

    /// <summary>Agents of other servers that speak A2A.</summary>
    public RemoteCalls Remotes { get; }

    /// <summary>The servers that share a database.</summary>
    public NodeCalls Nodes { get; }

    /// <summary>Signing in to the web console.</summary>
    public ConsoleCalls Console { get; }

    /// <summary>
    /// Opens a WebSocket for the token's agent: everything it has not acknowledged, then live messages, and sends that are answered one by one. Reconnects by
    /// itself. Throws when the first connection is refused.
    /// </summary>
    public Task<ChannelSocket> OpenSocketAsync(SocketOptions? options = null, CancellationToken cancellation = default) =>
        ChannelSocket.OpenAsync(Options, options ?? new SocketOptions(), cancellation);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => api.Dispose();
}
