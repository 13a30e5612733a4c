using System.Collections;
using Parley.Cli.Serve;
using Parley.Core;
using Parley.Core.Outbound;
using Parley.Core.Sessions;
using Parley.Server;

namespace Parley.Cli.Config;

/// <summary>Where the configuration is looked for.</summary>
/// <param name="File">The file.</param>
/// <param name="Required">True where somebody named it; else it may be missing.</param>
/// <param name="Variables">The environment.</param>
/// <param name="Options">What the command line says.</param>
internal sealed record ConfigPlace(string File, bool Required, IReadOnlyDictionary<string, string> Variables, IReadOnlyList<Given> Options)
{
    public const string Name = "parley.json";
    public const string Variable = "PARLEY_CONFIG";

    /// <summary>The file of the option, of <c>PARLEY_CONFIG</c>, or of the data folder.</summary>
    public static ConfigPlace Find(string? option, Shell.DataFolder folder, params IReadOnlyList<Given> options)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => entry.Value as string ?? "");
        var named = option ?? (variables.GetValueOrDefault(Variable) is { Length: > 0 } file ? file : null);
        return new ConfigPlace(Path.GetFullPath(named ?? Path.Combine(folder.Path, Name)), named is not null, variables, options);
    }

    /// <summary>The file's bytes; null where there is none. At most one byte more than is read.</summary>
    public byte[]? ReadFile()
    {
        try
        {
            using var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[ConfigText.MostBytes + 1];
            return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>A configuration as read: the tree of everything that was said, and what is wrong with it.</summary>
internal sealed record LoadedConfig(ConfigPlace Place, bool Exists, ConfigNode Root, IReadOnlyList<ConfigFault> Findings)
{
    public IEnumerable<ConfigFault> Faults => Findings.Where(finding => !finding.IsWarning);

    public IEnumerable<ConfigFault> Warnings => Findings.Where(finding => finding.IsWarning);

    public bool IsSound => !Faults.Any();

    /// <summary>Only of a sound one.</summary>
    public SessionPolicy Policy => ConfigPolicy.Of(Root);

    /// <summary>Only of a sound one.</summary>
    public OutboundPolicy Outbound => ConfigPolicy.Outbound(Root);

    /// <summary>Only of a sound one.</summary>
    public IReadOnlyList<Setting> Settings => Setting.Of(Root);

    /// <summary>Only of a sound one.</summary>
    public ServeOptions Server => ServerSettings.Of(Root);

    public static LoadedConfig Read(ConfigPlace place)
    {
        try
        {
            return Of(place, place.ReadFile());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Of(place, "{}"u8.ToArray(), [new ConfigFault("", new Source(SourceKind.File, place.File), $"The file cannot be read: {fault.Message}", "Check the file and the rights to it.")]);
        }
    }

    /// <summary>Of the file's bytes, or without a file where they are null. Touches nothing else.</summary>
    public static LoadedConfig Of(ConfigPlace place, byte[]? bytes, params IReadOnlyList<ConfigFault> before)
    {
        var findings = before.ToList();
        if (bytes is null && place.Required)
        {
            findings.Add(new ConfigFault("", new Source(SourceKind.File, place.File), "There is no such file.", $"Name another one, or write it: parley config init {place.File}"));
        }

        var root = bytes is null ? null : ConfigText.Read(bytes, place.File, findings);
        root ??= new ConfigNode(NodeKind.Object, new Source(SourceKind.Default, ""));
        new ConfigChecker(findings.Add).Check(root, ConfigKeys.Root, "");
        OtherPlaces.Move(root, findings.Add);
        if (root.Kind == NodeKind.Object)
        {
            Override(place, root, findings);
        }

        if (!findings.Exists(finding => !finding.IsWarning))
        {
            findings.AddRange(Crossings.Find(root));
            findings.AddRange(Start(root));
        }

        return new LoadedConfig(place, bytes is not null, root, [.. findings.OrderBy(finding => finding.Source.Kind).ThenBy(finding => finding.Source.Line).ThenBy(finding => finding.Source.Column)]);
    }

    private static void Override(ConfigPlace place, ConfigNode root, List<ConfigFault> findings)
    {
        var overrides = new Overrides(root, findings.Add);
        foreach (var given in Overrides.Of(place.Variables).Concat(place.Options))
        {
            overrides.Set(given);
        }

        // What the file says has been checked; a variable that other programs share may be of no use here and is no reason to stop.
        new ConfigChecker(fault =>
        {
            if (fault.Source.Kind is SourceKind.Environment or SourceKind.Option)
            {
                findings.Add(fault with { IsWarning = fault.Source.Kind == SourceKind.Environment && !fault.Source.Name.StartsWith("PARLEY_", StringComparison.OrdinalIgnoreCase) });
            }
        }).Check(root, ConfigKeys.Root, "");
    }

    /// <summary>What the server would refuse to start with.</summary>
    private static IEnumerable<ConfigFault> Start(ConfigNode root)
    {
        if (root["server"] is not { } server)
        {
            yield break;
        }

        ParleyError? refusal = null;
        try
        {
            ParleyServer.Check(ServerSettings.Of(root).ToServer(templates: null));
        }
        catch (ParleyError error)
        {
            refusal = error;
        }

        if (refusal is not null)
        {
            yield return new ConfigFault($"server.{refusal.Field}", (server[refusal.Field ?? ""] ?? server).Source, refusal.Message, refusal.Fix);
        }
    }
}
