using Parley.Client.Wire;

namespace Parley.Cli.Config;

/// <summary>What <c>parley doctor</c> says of the configuration.</summary>
internal static class ConfigFindings
{
    private const string Look = "parley config check";

    /// <summary>Of the file as a command sees it.</summary>
    public static DoctorFinding OfFile(LoadedConfig config)
    {
        var (faults, warnings) = (config.Faults.ToList(), config.Warnings.Count());
        return faults.Count > 0 ? new DoctorFinding("configuration", "fault", $"{config.Place.File} has {ConfigRefusal.Count(faults.Count, "fault")}; the first: {faults[0].Sentence}", Look)
            : warnings > 0 ? new DoctorFinding("configuration", "warning", $"{config.Place.File} has {ConfigRefusal.Count(warnings, "warning")}.", Look)
            : new DoctorFinding("configuration", "ok", config.Exists ? $"{config.Place.File} is free of faults." : $"There is no {config.Place.File}; the defaults hold.", "");
    }

    /// <summary>Of what the server runs with.</summary>
    public static DoctorFinding OfServer(ConfigView config)
    {
        var waiting = config.Settings.Count(setting => setting.NextText is not null);
        return config.Faults.Count > 0 ? new DoctorFinding("configuration in use", "fault", $"The server sees {ConfigRefusal.Count(config.Faults.Count, "fault")} in {config.File} and goes on with what held before.", Look)
            : waiting > 0 ? new DoctorFinding("configuration in use", "warning", $"Not in use before the next start: {ConfigRefusal.Count(waiting, "change")} in {config.File}.", "Restart the server: 'parley config show' names them.")
            : new DoctorFinding("configuration in use", "ok", "The server runs with what the configuration says.", "");
    }
}
