using Microsoft.Extensions.Hosting;

namespace Parley.Server.Live;

/// <summary>When the server begins to stop.</summary>
internal sealed class Stopping(IHostApplicationLifetime lifetime)
{
    public CancellationToken Token => lifetime.ApplicationStopping;
}
