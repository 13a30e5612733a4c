using System.Globalization;
using Npgsql;
using Parley.Bench.Processes;

namespace Parley.Bench.Systems.Postgres;

/// <summary>A running PostgreSQL with Debian's default settings, on a cluster of its own.</summary>
sealed record PostgresCluster(ServerProcess Process, NpgsqlConnectionStringBuilder Settings)
{
    const string Superuser = "postgres";
    const int MaxConnections = 250;

    static readonly DebianPackage Package = new("postgresql", FindNewest);

    public static async Task<PostgresCluster> StartAsync(string folder, bool install, CancellationToken cancellation)
    {
        var program = await Package.LocateAsync(install, cancellation);
        var data = await CreateAsync(program, folder, cancellation);
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
        var settings = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = Superuser, Database = Superuser, SslMode = SslMode.Disable };
        try
        {
            await process.WaitUntilReadyAsync(token => TryAsync(settings.ConnectionString, token), cancellation);
            return new PostgresCluster(process, settings);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    static async Task TryAsync(string connectionString, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(cancellation);
    }

    static async Task<string> CreateAsync(string program, string folder, CancellationToken cancellation)
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
