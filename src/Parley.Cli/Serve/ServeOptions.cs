namespace Parley.Cli.Serve;

/// <summary>What the options of <c>parley serve</c> say.</summary>
internal sealed record ServeOptions
{
    /// <summary>The PostgreSQL of <c>PARLEY_DATABASE</c>, or null.</summary>
    public static string? DatabaseFromEnvironment => Environment.GetEnvironmentVariable("PARLEY_DATABASE") is { Length: > 0 } named ? named : null;

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

    public int? Turns { get; init; }

    public bool JsonLogs { get; init; }

    public bool Verbose { get; init; }

    public bool Demo { get; init; }

    /// <summary>True where a person looks at something else than the server's log.</summary>
    public bool Quiet { get; init; }
}
