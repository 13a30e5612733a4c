using System.Globalization;
using Npgsql;
using Parley.Bench.Processes;

namespace Parley.Bench.Systems.Postgres;

/// <summary>A plain PostgreSQL table used as a queue, with Debian's default settings, on a cluster of its own.</summary>
sealed class PostgresSystem(bool install) : ISystem
{
    const string Superuser = "postgres";
    const int MaxConnections = 250;

    static readonly DebianPackage Package = new("postgresql", FindNewest);

    public string Name => "postgres";

    public async Task<IServer> StartAsync(string folder, CancellationToken cancellation)
    {
        var program = await Package.LocateAsync(install, cancellation);
        var data = await CreateClusterAsync(program, folder, cancellation);
        var port = ServerProcess.FreePort();
        // SIGINT is PostgreSQL's fast shutdown.
        var process = ServerProcess.Start(
            As(
                program,
                "-D", data,
                "-h", "127.0.0.1",
                "-p", port.ToString(CultureInfo.InvariantCulture),
                "-c", "unix_socket_directories=",
                "-c", $"max_connections={MaxConnections}"),
            Libc.Interrupt);

        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = Superuser,
            Database = Superuser,
            Pooling = false,
            SslMode = SslMode.Disable,
            // At the end of a run the loops are cancelled and the connections closed: no need to ask the server about it.
            CancellationTimeout = -1,
            // The table is empty when the claim is planned, and a scan of it would never be given up for the index.
            Options = "-c enable_seqscan=off -c enable_bitmapscan=off",
        };
        var server = new PostgresServer(process, settings.ConnectionString);
        try
        {
            await process.WaitUntilReadyAsync(server.CreateTableAsync, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    static async Task<string> CreateClusterAsync(string program, string folder, CancellationToken cancellation)
    {
        var data = Path.Combine(folder, "data");
        if (Environment.IsPrivilegedProcess)
            await new Command("install", "--directory", "--owner", Superuser, "--mode", "700", data).RunAsync(cancellation);
        var initialize = Path.Combine(Path.GetDirectoryName(program)!, "initdb");
        await As(initialize, "-D", data, "-A", "trust", "-U", Superuser, "--no-sync").RunAsync(cancellation);
        return data;
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    static Command As(string program, params string[] arguments) => new(program, arguments) { User = Superuser };

    static string? FindNewest() => !Directory.Exists("/usr/lib/postgresql")
        ? null
        : Directory.EnumerateDirectories("/usr/lib/postgresql")
            .Select(folder => Path.Combine(folder, "bin", "postgres"))
            .Where(File.Exists)
            .OrderByDescending(path => path.Length)
            .ThenByDescending(path => path, StringComparer.Ordinal)
            .FirstOrDefault();
}
