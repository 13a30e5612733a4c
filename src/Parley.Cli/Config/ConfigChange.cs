namespace Parley.Cli.Config;

/// <summary>A key whose value is another one than before.</summary>
/// <param name="Source">Where the new value comes from.</param>
internal sealed record ConfigChange(string Key, string Old, string New, string Source)
{
    public const string NotSaid = "(not said)";

    public bool NeedsRestart => ConfigKeys.NeedsRestart(Key);

    /// <summary>In the order of the new settings, those that are gone last.</summary>
    public static IReadOnlyList<ConfigChange> Between(IReadOnlyList<Setting> before, IReadOnlyList<Setting> after)
    {
        var (old, now) = (before.ToDictionary(setting => setting.Key), after.Select(setting => setting.Key).ToHashSet());
        return
        [
            .. after.Where(setting => old.GetValueOrDefault(setting.Key)?.Text != setting.Text)
                .Select(setting => new ConfigChange(setting.Key, old.GetValueOrDefault(setting.Key)?.Text ?? NotSaid, setting.Text, setting.Source.Short)),
            .. before.Where(setting => !now.Contains(setting.Key)).Select(setting => new ConfigChange(setting.Key, setting.Text, NotSaid, setting.Source.Kind == SourceKind.File ? ConfigPlace.Name : setting.Source.Short)),
        ];
    }
}
