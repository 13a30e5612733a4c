using Parley.Cli.Shell;
using Parley.Client;

namespace Parley.Cli.Config;

/// <summary>Ends a start over faults of the configuration, with all of them.</summary>
internal static class ConfigRefusal
{
    public static LoadedConfig Require(LoadedConfig config)
    {
        var faults = config.Faults.ToList();
        if (faults.Count == 0)
        {
            return config;
        }

        var first = faults[0];
        throw faults.Count == 1 && first.Source.Kind == SourceKind.Option
            ? Refusal.Wrong($"{first.Source.Exact}: {first.Text}", first.Fix, first.Key)
            : new ConfigException(config);
    }

    /// <summary>A fault as two lines, the first of which editors and terminals can follow.</summary>
    public static string Lines(ConfigFault fault) =>
        $"{SafeText.Line(fault.Source.Exact)}: {(fault.IsWarning ? "warning" : "fault")}: {SafeText.Line(fault.Sentence)}{Environment.NewLine}    fix: {SafeText.Line(CommandName.In(fault.Fix))}";

    public static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{Format.Number(number)} {noun}s";
}

/// <summary>The server does not start with this configuration.</summary>
internal sealed class ConfigException(LoadedConfig config) : Exception("The configuration is at fault.")
{
    public int Tell(Screen screen)
    {
        foreach (var fault in config.Faults)
        {
            screen.Note(ConfigRefusal.Lines(fault));
        }

        var faults = config.Faults.Count();
        return screen.Error($"The configuration has {ConfigRefusal.Count(faults, "fault")}; no server starts with it.", "Correct what is named above, then look again with: parley config check", ExitCode.WrongInput);
    }
}
