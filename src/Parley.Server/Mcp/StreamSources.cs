using Parley.Core;
using Parley.Server.Live;

namespace Parley.Server.Mcp;

/// <summary>What every stream of changes works with.</summary>
internal sealed class StreamSources(McpResources resources, LiveConnections live, ConnectionList connections, IDatabase database, TimeProvider time)
{
    public McpResources Resources => resources;

    public LiveConnections Live => live;

    public ConnectionList Connections => connections;

    public IDatabase Database => database;

    public TimeProvider Time => time;
}
