using System.Globalization;
using Parley.Bench.Processes;
using RabbitMQ.Client;

namespace Parley.Bench.Systems.RabbitMq;

/// <summary>
/// RabbitMQ with durable queues, persistent messages and publisher confirms, on a node, port mapper and cookie of its own. A classic queue
/// may deliver, and once the consumer has acknowledged also confirm, what was never flushed; a quorum queue flushes first.
/// </summary>
sealed class RabbitMqSystem(string name, string queueType, bool install) : ISystem
{
    static readonly DebianPackage Package = new("rabbitmq-server", DebianPackage.At("/usr/lib/rabbitmq/bin/rabbitmq-server"));

    public string Name => name;

    public async Task<IServer> StartAsync(string folder, CancellationToken cancellation)
    {
        var program = await Package.LocateAsync(install, cancellation);
        var port = ServerProcess.FreePort();
        var environment = WriteSettings(folder, port, mapperPort: ServerProcess.FreePort());
        var mapper = ServerProcess.Start(new Command("epmd", "-address", "127.0.0.1", "-port", environment["ERL_EPMD_PORT"]));
        var process = ServerProcess.Start(new Command(program) { Environment = environment });

        var server = new RabbitMqServer(mapper, process, new ConnectionFactory { HostName = "127.0.0.1", Port = port }, queueType);
        try
        {
            await process.WaitUntilReadyAsync(server.TryConnectAsync, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    static Dictionary<string, string> WriteSettings(string folder, int port, int mapperPort)
    {
        File.WriteAllText(In("rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{port}
            log.file.level = error

            """);
        File.WriteAllText(In("enabled_plugins"), "[].");
        return new Dictionary<string, string>
        {
            ["HOME"] = folder,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["ERL_EPMD_PORT"] = Number(mapperPort),
            ["RABBITMQ_NODENAME"] = $"parley-bench-{Environment.ProcessId}@localhost",
            ["RABBITMQ_DIST_PORT"] = Number(ServerProcess.FreePort()),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
            ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
            ["RABBITMQ_MNESIA_BASE"] = In("data"),
            ["RABBITMQ_LOG_BASE"] = In("log"),
            ["RABBITMQ_PID_FILE"] = In("pid"),
        };

        string In(string name) => Path.Combine(folder, name);
    }

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
