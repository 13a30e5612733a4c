using Parley.Server;

namespace Parley.Cli.Serve;

/// <summary>What the configuration, the environment and the options of <c>parley serve</c> say of the server, put together.</summary>
internal sealed record ServeOptions
{
    public required IReadOnlyList<string> Listen { get; init; }

    public string? Database { get; init; }

    public bool Relaxed { get; init; }

    public string? Otlp { get; init; }

    public string? Certificate { get; init; }

    public string? Key { get; init; }

    public bool BehindProxy { get; init; }

    public IReadOnlyList<string> Proxies { get; init; } = [];

    public bool Insecure { get; init; }

    public IReadOnlyList<string> Hosts { get; init; } = [];

    public IReadOnlyList<string> Origins { get; init; } = [];

    public int? KeepDays { get; init; }

    public required int TurnsAtOnce { get; init; }

    public bool JsonLogs { get; init; }

    public bool Verbose { get; init; }

    /// <summary>True where a person looks at something else than the server's log.</summary>
    public bool Quiet { get; init; }

    /// <summary>The same for the server.</summary>
    /// <param name="templates">The folder with users' own templates of meetings.</param>
    public ServerOptions ToServer(string? templates) => new()
    {
        Listen = Listen,
        CertificatePath = Certificate,
        KeyPath = Key,
        BehindProxy = BehindProxy,
        Proxies = Proxies,
        Insecure = Insecure,
        AllowedHosts = Hosts,
        AllowedOrigins = Origins,
        OtlpUrl = Otlp,
        KeepDays = KeepDays,
        TurnsAtOnce = TurnsAtOnce,
        TemplatesFolder = templates,
        JsonLogs = JsonLogs,
        LogLevel = Quiet ? LogLevel.Error : Verbose ? LogLevel.Debug : LogLevel.Information,
    };
}
