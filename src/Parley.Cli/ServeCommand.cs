using System.CommandLine;
using Parley.Cli.Config;
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
    private static readonly Option<bool> Demo = new("--demo") { Description = "Hold a first meeting of three agents, and add ghost with six specialists, on built-in demonstration models: no key, no network." };
    private static readonly Option<string?> Config = new("--config") { Description = "The configuration; default $PARLEY_CONFIG, else parley.json in the data folder, which may be missing.", HelpName = "FILE" };
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Log more." };

    public static Command Build(string name) =>
        new ParleyCommand(
            name, name == "up" ? "Start the server. Ctrl+C stops it." : "Start the server (the same as 'parley up').",
            $"parley {name}", $"parley {name} --demo", $"parley {name} --data ./data --listen 127.0.0.1:8080", $"parley {name} --database \"Host=localhost;Database=parley;Username=parley\"",
            $"parley {name} --listen 0.0.0.0:443 --cert cert.pem --key key.pem --host parley.example.org")
        {
            Listen, Database, Relaxed, Otlp, Certificate, Key, BehindProxy, Proxy, Insecure, Host, Origin, KeepDays, Turns, JsonLogs, Verbose, Demo, Config,
        }.Does((invocation, cancellation) =>
        {
            var config = LoadedConfig.Read(ConfigPlace.Find(invocation.Get(Config), invocation.Folder, Read(invocation)));
            return ServerProcess.RunAsync(invocation, ConfigRefusal.Require(config), invocation.Get(Demo), cancellation);
        });

    /// <summary>What the command line says; the environment, the file and the defaults say the rest.</summary>
    private static List<Given> Read(Invocation invocation)
    {
        var given = new List<Given>();
        Add("server.listen", Listen, value => value!);
        Add("server.database", Database, value => [value!]);
        Add("server.relaxed", Relaxed, Switch);
        Add("server.otlp", Otlp, value => [value!]);
        Add("server.cert", Certificate, value => [value!]);
        Add("server.key", Key, value => [value!]);
        Add("server.behindProxy", BehindProxy, Switch);
        Add("server.proxies", Proxy, value => value!);
        Add("server.insecure", Insecure, Switch);
        Add("server.hosts", Host, value => value!);
        Add("server.origins", Origin, value => value!);
        Add("server.keepDays", KeepDays, value => [Format.Number(value!.Value)]);
        Add("server.turnsAtOnce", Turns, value => [Format.Number(value!.Value)]);
        Add("server.jsonLogs", JsonLogs, Switch);
        Add("server.verbose", Verbose, Switch);
        return given;

        void Add<T>(string key, Option<T> option, Func<T?, IReadOnlyList<string>> values)
        {
            if (invocation.IsGiven(option))
            {
                given.Add(Given.Option(key, option.Name, values(invocation.Get(option))));
            }
        }
    }

    private static IReadOnlyList<string> Switch(bool value) => [value ? "true" : "false"];
}
