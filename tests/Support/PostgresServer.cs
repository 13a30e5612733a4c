using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Parley.Tests.Support;

/// <summary>
/// The PostgreSQL that tests share: the one <c>./test</c> has started, else a private one of this process that ends with it.
/// A test that asks for a database where there is no server is skipped with the reason.
/// </summary>
public static class PostgresServer
{
    private static readonly Lazy<Task<(string? ConnectionString, string Reason)>> s_server = new(StartAsync);
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> s_templates = new();
    private static int s_databases;

    /// <summary>Kept, because its pipe would be closed with it, and the server would end.</summary>
    private static Process? s_script;

    /// <summary>The connection string of the server's superuser. Skips the calling test where there is no server.</summary>
    public static async Task<string> ConnectionStringAsync()
    {
        var (connectionString, reason) = await s_server.Value;
        Assert.SkipWhen(connectionString is null, reason);
        return connectionString!;
    }

    /// <summary>A fresh, empty database, dropped when disposed.</summary>
    public static Task<PostgresDatabase> CreateDatabaseAsync() => CreateAsync("template0");

    /// <summary>
    /// A fresh copy of a database that <paramref name="prepare"/> (it gets a connection string) has filled once in this process:
    /// much faster than preparing each one.
    /// </summary>
    public static async Task<PostgresDatabase> CreateDatabaseFromAsync(string template, Func<string, Task> prepare) =>
        await CreateAsync(await s_templates.GetOrAdd(template, _ => new(() => PrepareAsync(prepare))).Value);

    private static async Task<string> PrepareAsync(Func<string, Task> prepare)
    {
        var database = await CreateAsync("template0"); // stays until the server ends
        // A pooled connection would stay open, and a database in use cannot be copied.
        await prepare(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false }.ConnectionString);
        return database.Name;
    }

    private static async Task<PostgresDatabase> CreateAsync(string template)
    {
        var server = await ConnectionStringAsync();
        var name = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref s_databases)}";
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE {template}");
        return new PostgresDatabase(name, server);
    }

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<(string? ConnectionString, string Reason)> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("PARLEY_TEST_POSTGRES") is { Length: > 0 } given)
        {
            return (given, "");
        }

        if (Environment.GetEnvironmentVariable("PARLEY_TEST_POSTGRES_MISSING") is { Length: > 0 } missing)
        {
            return (null, missing);
        }

        // The script ends the server when this process, and with it the pipe, is gone.
        s_script = Process.Start(new ProcessStartInfo("bash", [Repository.PathOf("tests/scripts/postgres"), "memory"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var connectionString = await s_script.StandardOutput.ReadLineAsync();
        return connectionString is null ? (null, (await s_script.StandardError.ReadToEndAsync()).Trim()) : (connectionString, "");
    }
}
