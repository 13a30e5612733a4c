using Npgsql;
using Parley.Core;

namespace Parley.Storage.Postgres;

/// <summary>The pool of connections, to one server or to whichever of several is the primary.</summary>
internal static class PostgresSource
{
    /// <summary>For so long a server that was down, or a standby, is not asked again (Npgsql's default is 10).</summary>
    private const int RecheckSeconds = 1;

    /// <summary>How long a connection may take to open where nothing is said (Npgsql's default is 15): a server that is there answers at once.</summary>
    private const int OpenSeconds = 8;

    private const int UsualOpenSeconds = 15;

    /// <summary>
    /// What PostgreSQL does by itself about a node of which nothing comes any more: its locks are free and its session is gone within some seconds, so that the others do not wait for it.
    /// And that a page is hardly dearer out of order than in order, which holds in memory and on SSDs: else it reads and hashes whole tables for one row while they are small.
    /// </summary>
    private const string Settings =
        """
        set idle_in_transaction_session_timeout = '10s'; set tcp_user_timeout = '10s';
        set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 3; set tcp_keepalives_count = 3;
        set random_page_cost = 1.1
        """;

    /// <summary>For the engine: every new connection is looked at before it is used.</summary>
    public static NpgsqlDataSource Open(StorageOptions options, Func<NpgsqlConnection, Task> seen) => Open(
        Read(options),
        builder => builder.UsePhysicalConnectionInitializer(_ => throw new NotSupportedException("Connections are opened asynchronously."), connection => BeginAsync(connection, seen)));

    private static NpgsqlConnectionStringBuilder Read(StorageOptions options)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(options.PostgresConnectionString)
            {
                MaxPoolSize = Math.Max(6, options.PostgresConnections),
                MaxAutoPrepare = 200,
                AutoPrepareMinUsages = 2,
                // Every unit ends its transaction and changes no setting of its connection, so there is nothing to reset.
                NoResetOnClose = true,
                TcpKeepAlive = true,
                TcpKeepAliveTime = 10,
                TcpKeepAliveInterval = 3,
            };
        }
        catch (ArgumentException fault)
        {
            throw ParleyError.Invalid("database", $"That is no connection string of PostgreSQL: {fault.Message}", "Write it as \"Host=db.example;Database=parley;Username=parley;Password=…\"; without --database Parley uses SQLite.");
        }
    }

    public static NpgsqlDataSource Open(NpgsqlConnectionStringBuilder address, Action<NpgsqlDataSourceBuilder>? change = null)
    {
        address.Timeout = address.Timeout == UsualOpenSeconds ? OpenSeconds : address.Timeout;
        var several = address.Host?.Contains(',', StringComparison.Ordinal) == true;
        var wanted = Wanted(address.TargetSessionAttributes);
        if (several)
        {
            address.TargetSessionAttributes = null; // the pool takes it apart from the address
            address.HostRecheckSeconds = Math.Min(address.HostRecheckSeconds, RecheckSeconds);
        }

        var builder = new NpgsqlDataSourceBuilder(address.ConnectionString);
        change?.Invoke(builder);
        return several ? builder.BuildMultiHost().WithTargetSession(wanted) : builder.Build();
    }

    private static async Task BeginAsync(NpgsqlConnection connection, Func<NpgsqlConnection, Task> seen)
    {
        await using (var command = new NpgsqlCommand(Settings, connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        await seen(connection);
    }

    /// <summary>Only a primary takes writes, so that is what is meant where nothing is said.</summary>
    private static TargetSessionAttributes Wanted(string? attributes) => attributes switch
    {
        null or "" => TargetSessionAttributes.Primary,
        _ when Enum.TryParse<TargetSessionAttributes>(attributes.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var wanted) => wanted,
        _ => throw ParleyError.Invalid("database", $"'{attributes}' is no target of a session.", "Write Target Session Attributes=primary."),
    };
}
