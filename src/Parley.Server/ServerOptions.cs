using Microsoft.Extensions.Logging;

namespace Parley.Server;

/// <summary>How the server listens, whom it trusts, and where its telemetry goes.</summary>
public sealed record ServerOptions
{
    /// <summary>As many turns at once as suit a small machine.</summary>
    public const int UsualTurns = 64;

    /// <summary>Where to listen: <c>127.0.0.1:7275</c>, <c>[::1]:7275</c>, <c>localhost:7275</c>; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Listen { get; init; } = ["127.0.0.1:7275"];

    /// <summary>The certificate (PEM, or PKCS#12 without a key file); null for plain HTTP.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The certificate's private key (PEM).</summary>
    public string? KeyPath { get; init; }

    /// <summary>True where a reverse proxy terminates TLS in front.</summary>
    public bool BehindProxy { get; init; }

    /// <summary>The addresses of that proxy, whose <c>X-Forwarded-*</c> headers count; loopback always does.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>True where plain HTTP off loopback was asked for by name.</summary>
    public bool Insecure { get; init; }

    /// <summary>Host names that may be asked for besides loopback and the listen addresses.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Origins of other sites that may call, exactly: <c>https://console.example.org</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>What people call this server among those that share its database; machine and process by default. No two that run may share one.</summary>
    public string NodeName { get; init; } = $"{Environment.MachineName.ToLowerInvariant()}:{Environment.ProcessId}";

    /// <summary>Where OpenTelemetry data goes (OTLP); null sends none.</summary>
    public string? OtlpUrl { get; init; }

    /// <summary>Whether logs go to standard error.</summary>
    public bool LogToConsole { get; init; } = true;

    /// <summary>One JSON object a log line, instead of text.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>What is logged of Parley itself; of the framework only warnings are.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Days after which settled messages are deleted, at least 7; null keeps everything.</summary>
    public int? KeepDays { get; init; }

    /// <summary>The folder with users' own templates of meetings (<c>*.md</c>); null for none. It need not exist.</summary>
    public string? TemplatesFolder { get; init; }

    /// <summary>Turns of hosted agents that this node runs at once, 1 to 10000.</summary>
    public int TurnsAtOnce { get; init; } = UsualTurns;

    /// <summary>Whether the background loops run; tests that drive them by hand switch them off.</summary>
    public bool RunLoops { get; init; } = true;
}
