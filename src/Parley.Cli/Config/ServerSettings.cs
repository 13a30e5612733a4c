using Parley.Cli.Serve;

namespace Parley.Cli.Config;

/// <summary>What a tree without faults says of the server.</summary>
internal static class ServerSettings
{
    private static readonly Parley.Server.ServerOptions Default = new();

    public static ServeOptions Of(ConfigNode root)
    {
        var server = root["server"];
        return new ServeOptions
        {
            Listen = Listed("listen") ?? Default.Listen,
            Database = server?["database"]?.Text,
            Relaxed = Said("relaxed"),
            Otlp = server?["otlp"]?.Text,
            Certificate = FilePath(server?["cert"]),
            Key = FilePath(server?["key"]),
            BehindProxy = Said("behindProxy"),
            Proxies = Listed("proxies") ?? [],
            Insecure = Said("insecure"),
            Hosts = Listed("hosts") ?? [],
            Origins = Listed("origins") ?? [],
            KeepDays = (int?)ConfigPolicy.Number(server?["keepDays"]),
            TurnsAtOnce = (int)(ConfigPolicy.Number(server?["turnsAtOnce"]) ?? Default.TurnsAtOnce),
            JsonLogs = Said("jsonLogs"),
            Verbose = Said("verbose"),
        };

        bool Said(string name) => ConfigPolicy.Switch(server?[name]) ?? false;
        IReadOnlyList<string>? Listed(string name) => ConfigPolicy.Texts(server?[name]);
    }

    /// <summary>What stands in a file counts from that file's folder, what was typed from where it was typed.</summary>
    private static string? FilePath(ConfigNode? node) =>
        node is { Source.Kind: SourceKind.File } ? Path.GetFullPath(node.Text, Path.GetDirectoryName(node.Source.Name)!) : node?.Text;
}
