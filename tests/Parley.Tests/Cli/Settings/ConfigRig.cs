using System.Text;
using Parley.Cli.Config;

namespace Parley.Tests.Cli.Settings;

/// <summary>A configuration in memory.</summary>
internal static class ConfigRig
{
    public static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    public static LoadedConfig Read(string text, params (string Name, string Value)[] variables) =>
        LoadedConfig.Of(Place(variables.ToDictionary(pair => pair.Name, pair => pair.Value)), Encoding.UTF8.GetBytes(text));

    public static ConfigPlace Place(IReadOnlyDictionary<string, string>? variables = null, params IReadOnlyList<Given> options) => new("/etc/parley/parley.json", Required: false, variables ?? Nothing, options);

    public static LoadedConfig Sound(this LoadedConfig config)
    {
        config.Faults.ShouldBeEmpty();
        return config;
    }
}
