using System.CommandLine;
using Parley.Cli.Serve;
using Parley.Cli.Shell;

namespace Parley.Cli;

/// <summary><c>parley up</c> and <c>parley serve</c></summary>
internal static class ServeCommand
{
    private static readonly Option<string[]> Listen = new("--listen") { Description = "Address and port; may be given several times (default 127.0.0.1:7275).", HelpName = "ADDRESS:PORT" };
    private static readonly Option<string?> Database = new("--database") { Description = "A PostgreSQL connection string instead of SQLite; default $PARLEY_DATABASE.", HelpName = "CONNECTION" };
    private static readonly Option<bool> Relaxed = new("--relaxed") { Description = "Answer before the disk has flushed: what was accepted last may be lost with the power." };
    private static readonly Option<string?> Otlp = new("--otlp") { Description = "Send OpenTelemetry traces, metrics and logs there.", HelpName = "URL" };
    private static readonly Option<string?> Certificate = new("--cert") { Description = "TLS certificate (PEM, or PKCS#12 without --key).", HelpName = "FILE" };
    private static readonly Option<string?> Key = new("--key") { Description = "The certificate's private key (PEM).", HelpName = "FILE" };
    private static readonly Option<bool> BehindProxy = new("--behind-proxy") { Description = "A reverse proxy terminates TLS in front." };
    private static readonly Option<string[]> Proxy = new("--proxy") { Description = "The proxy's address, where it is not on this machine.", HelpName = "ADDRESS" };
    private static readonly Option<bool> Insecure = new("--insecure") { Description = "Allow plain HTTP off this machine." };
    private static readonly Option<string[]> Host = new("--host") { Description = "A host name that clients may use; may be given several times.", HelpName = "NAME" };
    private static readonly Option<string[]> Origin = new("--origin") { Description = "A web site that may call; may be given several times.", HelpName = "ORIGIN" };
    private static readonly Option<int?> KeepDays = new("--keep-days") { Description = "Delete settled messages after that many days, at least 7; default: keep everything.", HelpName = "DAYS" };
    private static readonly Option<int?> Turns = new("--turns") { Description = "Turns of hosted agents that this server runs at once, 1 to 10000 (default 64).", HelpName = "N" };
    private static readonly Option<bool> JsonLogs = new("--json-logs") { Description = "Log one JSON object a line." };
    private static readonly Option<bool> Demo = new("--demo") { Description = "Hold a first meeting of three agents on built-in demonstration models: no key, no network." };
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Log more." };

    public static Command Build(string name) =>
        new ParleyCommand(
            name, name == "up" ? "Start the server. Ctrl+C stops it." : "Start the server (the same as 'parley up').",
            $"parley {name}", $"parley {name} --demo", $"parley {name} --data ./data --listen 127.0.0.1:8080", $"parley {name} --database \"Host=localhost;Database=parley;Username=parley\"",
            $"parley {name} --listen 0.0.0.0:443 --cert cert.pem --key key.pem --host parley.example.org")
        {
            Listen, Database, Relaxed, Otlp, Certificate, Key, BehindProxy, Proxy, Insecure, Host, Origin, KeepDays, Turns, JsonLogs, Verbose, Demo,
        }.Does((invocation, cancellation) => ServerProcess.RunAsync(invocation, Read(invocation), cancellation));

    private static ServeOptions Read(Invocation invocation) => new()
    {
        Listen = invocation.Get(Listen) is { Length: > 0 } listen ? listen : ["127.0.0.1:7275"],
        Database = invocation.Get(Database) ?? ServeOptions.DatabaseFromEnvironment,
        Relaxed = invocation.Get(Relaxed),
        Otlp = invocation.Get(Otlp),
        Certificate = invocation.Get(Certificate),
        Key = invocation.Get(Key),
        BehindProxy = invocation.Get(BehindProxy),
        Proxies = invocation.Get(Proxy) ?? [],
        Insecure = invocation.Get(Insecure),
        Hosts = invocation.Get(Host) ?? [],
        Origins = invocation.Get(Origin) ?? [],
        KeepDays = invocation.Get(KeepDays),
        Turns = invocation.Get(Turns),
        JsonLogs = invocation.Get(JsonLogs),
        Verbose = invocation.Get(Verbose),
        Demo = invocation.Get(Demo),
    };
}
