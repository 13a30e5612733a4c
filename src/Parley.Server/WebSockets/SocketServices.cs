using Microsoft.Extensions.Logging;
using Parley.Core;
using Parley.Core.Messages;
using Parley.Server.Live;
using Parley.Server.Security;

namespace Parley.Server.WebSockets;

/// <summary>What the sessions of WebSockets work with.</summary>
internal sealed record SocketServices(
    IDatabase Database, SendMessage Send, Acknowledge Acknowledge, ReadInbox ReadInbox, ReadMessages ReadMessages, FeedSources Sources, LiveConnections Live,
    RequestRate Rate, ILogger<SocketSession> Log);
