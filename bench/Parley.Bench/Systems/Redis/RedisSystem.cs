using System.Globalization;
using Parley.Bench.Processes;

namespace Parley.Bench.Systems.Redis;

/// <summary>Redis Streams with every write flushed before its answer.</summary>
sealed class RedisSystem(bool install) : ISystem
{
    static readonly DebianPackage Package = new("redis-server", DebianPackage.At("/usr/bin/redis-server"));

    public string Name => "redis";

    public async Task<IServer> StartAsync(string folder, CancellationToken cancellation)
    {
        var program = await Package.LocateAsync(install, cancellation);
        var port = ServerProcess.FreePort();
        // Snapshots and rewrites of the log are off: they would only cost it time.
        var process = ServerProcess.Start(new Command(
            program,
            "--port", port.ToString(CultureInfo.InvariantCulture),
            "--bind", "127.0.0.1",
            "--dir", folder,
            "--appendonly", "yes",
            "--appendfsync", "always",
            "--save", "",
            "--auto-aof-rewrite-percentage", "0"));
        var server = new RedisServer(process, port);
        try
        {
            await process.WaitUntilReadyAsync(
                async token => (await RespConnection.OpenAsync(port, token)).Dispose(),
                cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
