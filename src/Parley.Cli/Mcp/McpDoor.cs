using Parley.Cli.Shell;

namespace Parley.Cli.Mcp;

/// <summary>Where the server is now and which token opens it. A server that was started again may listen elsewhere.</summary>
internal sealed class McpDoor(Invocation invocation) : IDisposable
{
    private readonly SemaphoreSlim one = new(1, 1);

    /// <summary>The address and the token. Throws <see cref="Client.ParleyException"/>.</summary>
    public async Task<(Uri Address, string Token)> FindAsync(CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!invocation.NamesServer && invocation.Folder.ReadServer() is { } running)
            {
                // While a server is away its last address stays: another's token is not tried where another listens.
                invocation.Use(running.Url);
            }

            return (new Uri(invocation.Credentials.Server, "/mcp"), await invocation.TokenOfAgentAsync(cancellation).ConfigureAwait(false));
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();
}
