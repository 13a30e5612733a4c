using Npgsql;
using Parley.Core;

namespace Parley.Storage.Postgres;

/// <summary>The pool of connections, to one server or to whichever of several is the primary.</summary>
internal static class PostgresSource
{
    /// <summary>For so long a server that was down, or a standby, is not asked again (Npgsql's default is 10).</summary>
    private const int RecheckSeconds = 1;

    /// <summary>For the engine: every new connection is looked at before it is used.</summary>
    public static NpgsqlDataSource Open(StorageOptions options, Func<NpgsqlConnection, Task> seen) => Open(
        Read(options),
        builder => builder.UsePhysicalConnectionInitializer(_ => throw new NotSupportedException("Connections are opened asynchronously."), seen));

    private static NpgsqlConnectionStringBuilder Read(StorageOptions options)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(options.PostgresConnectionString)
            {
                MaxPoolSize = Math.Max(3, options.PostgresConnections),
                MaxAutoPrepare = 200,
                AutoPrepareMinUsages = 2,
                // Every unit ends its transaction and changes no setting of its connection, so there is nothing to reset.
                NoResetOnClose = true,
            };
        }
        catch (ArgumentException fault)
        {
            throw ParleyError.Invalid("database", $"That is no connection string of PostgreSQL: {fault.Message}", "Write it as \"Host=db.example;Database=parley;Username=parley;Password=…\"; without --database Parley uses SQLite.");
        }
    }

    public static NpgsqlDataSource Open(NpgsqlConnectionStringBuilder address, Action<NpgsqlDataSourceBuilder>? change = null)
    {
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

    /// <summary>Only a primary takes writes, so that is what is meant where nothing is said.</summary>
    private static TargetSessionAttributes Wanted(string? attributes) => attributes switch
    {
        null or "" => TargetSessionAttributes.Primary,
        _ when Enum.TryParse<TargetSessionAttributes>(attributes.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var wanted) => wanted,
        _ => throw ParleyError.Invalid("database", $"'{attributes}' is no target of a session.", "Write Target Session Attributes=primary."),
    };
}
