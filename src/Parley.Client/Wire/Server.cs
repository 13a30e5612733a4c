namespace Parley.Client.Wire;

/// <summary>What the server is: <c>GET /api/v1/server</c>.</summary>
/// <param name="Version">The program's version.</param>
/// <param name="Database"><c>sqlite</c> or <c>postgres</c>.</param>
/// <param name="Durability">What accepted means here.</param>
/// <param name="Epoch">Changes when the store was restored.</param>
/// <param name="StartedAt">When this node started.</param>
/// <param name="Connections">Live WebSocket connections to this node.</param>
/// <param name="Health"><c>ready</c>, <c>full</c> or <c>faulted</c>.</param>
public sealed record ServerInfo(string Version, string Database, string Durability, string Epoch, DateTimeOffset StartedAt, int Connections, string Health);

/// <summary>A line of <c>GET /api/v1/export</c>.</summary>
/// <param name="Message">The message.</param>
/// <param name="Deliveries">What became of it at each recipient.</param>
public sealed record ExportLine(MessageView Message, IReadOnlyList<DeliveryView> Deliveries);

/// <summary>The answer to a restore.</summary>
/// <param name="BackupOf">The moment whose state the store has now.</param>
/// <param name="Rows">How many rows were restored.</param>
/// <param name="Epoch">The store's new epoch.</param>
public sealed record RestoredView(DateTimeOffset BackupOf, long Rows, string Epoch);

/// <summary>An error as the server sends it (RFC 9457 problem details).</summary>
public sealed record Problem
{
    /// <summary>Where the code is documented.</summary>
    public string Type { get; init; } = "about:blank";

    /// <summary>The sentence.</summary>
    public string Title { get; init; } = "";

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>The stable code.</summary>
    public string Code { get; init; } = "internal";

    /// <summary>What to do about it.</summary>
    public string Fix { get; init; } = "";

    /// <summary>The field that is wrong.</summary>
    public string? Field { get; init; }

    /// <summary>Seconds after which the same call may succeed.</summary>
    public double? RetryAfter { get; init; }

    /// <summary>The trace under which the log has it.</summary>
    public string? TraceId { get; init; }

    /// <summary>Further facts, such as <c>oldest</c> for an inbox.</summary>
    public IReadOnlyDictionary<string, System.Text.Json.JsonElement>? Details { get; init; }
}

/// <summary>What a check of the server found: <c>GET /api/v1/doctor</c>.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Status"><c>ok</c>, <c>warning</c> or <c>fault</c>.</param>
/// <param name="Text">What was found.</param>
/// <param name="Fix">What to do about it; empty where nothing is to be done.</param>
public sealed record DoctorFinding(string Check, string Status, string Text, string Fix);
