using System.Text.Json;
using Parley.Client.Wire;

namespace Parley.Cli.Config;

/// <summary>The configuration as it goes over the wire.</summary>
internal static class ConfigMapping
{
    public static SettingView ToView(Setting setting, string? next = null) => new(
        setting.Key, setting.Value is { } value ? JsonDocument.Parse(value.ToJsonString()).RootElement : null, setting.Text, setting.Source.Kind.ToString().ToLowerInvariant(), setting.Source.Name,
        setting.Source.Line > 0 ? setting.Source.Line : null, next);

    public static ConfigFaultView ToView(ConfigFault fault) => new(
        fault.Key, fault.Source.Name, fault.Source.Line > 0 ? fault.Source.Line : null, fault.Source.Column > 0 ? fault.Source.Column : null, fault.Text, fault.Fix);

    /// <summary>What a server runs with: what cannot change while it runs is as at its start, with what the file says now beside it.</summary>
    public static IReadOnlyList<SettingView> Effective(IReadOnlyList<Setting> started, IReadOnlyList<Setting> held)
    {
        var (first, now) = (started.ToDictionary(setting => setting.Key), held.ToDictionary(setting => setting.Key));
        var fixedKeys = started.Where(setting => ConfigKeys.NeedsRestart(setting.Key))
            .Select(setting => ToView(setting, now.GetValueOrDefault(setting.Key)?.Text is { } next && next == setting.Text ? null : now.GetValueOrDefault(setting.Key)?.Text ?? ConfigChange.NotSaid));
        var added = held.Where(setting => ConfigKeys.NeedsRestart(setting.Key) && !first.ContainsKey(setting.Key))
            .Select(setting => ToView(setting with { Value = null, Source = Source.Default }, setting.Text));
        return [.. held.Where(setting => !ConfigKeys.NeedsRestart(setting.Key)).Select(setting => ToView(setting)), .. added, .. fixedKeys];
    }
}
