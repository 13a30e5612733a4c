using Microsoft.Win32.SafeHandles;
using Parley.Client.Wire;
using Parley.Core.Outbound;
using Parley.Core.Sessions;
using Parley.Server;

namespace Parley.Cli.Config;

/// <summary>Holds the newest policy that was free of faults, and looks at the file for a newer one.</summary>
internal sealed class ConfigWatch : ISessionPolicy, IOutboundPolicy, IRunningConfig
{
    /// <summary>How often the file is looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConfigPlace place;
    private readonly IReadOnlyList<Setting> started;
    private readonly Func<CancellationToken, Task<IReadOnlyCollection<string>>> agents;
    private readonly ILogger<ConfigWatch> log;
    private volatile SessionPolicy current;
    private volatile OutboundPolicy outbound;
    private volatile LoadedConfig held;
    private volatile IReadOnlyList<ConfigFault> faults = [];
    private Stamp? seen;
    private Stamp? doubted;

    /// <summary>Begins with the configuration that the server started with, which is sound.</summary>
    /// <param name="start">That configuration.</param>
    /// <param name="agents">The names of the agents that there are.</param>
    /// <param name="log">Where changes and faults are told.</param>
    public ConfigWatch(LoadedConfig start, Func<CancellationToken, Task<IReadOnlyCollection<string>>> agents, ILogger<ConfigWatch> log)
    {
        (place, this.agents, this.log) = (start.Place, agents, log);
        (held, current, outbound, started) = (start, start.Policy, start.Outbound, start.Settings);
    }

    public SessionPolicy Current => current;

    OutboundPolicy IOutboundPolicy.Current => outbound;

    /// <summary>The faults of the file as it is now; empty where what it says is what holds.</summary>
    public IReadOnlyList<ConfigFault> Faults => faults;

    public ConfigView Read() => new(place.File, ConfigMapping.Effective(started, held.Settings), [.. faults.Select(ConfigMapping.ToView)]);

    /// <summary>Takes a file that has changed. One with faults, or none where there was one, changes nothing and is told once.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellation)
    {
        if (seen is null)
        {
            await BeginAsync(cancellation).ConfigureAwait(false);
        }

        var stamp = Stamp.Of(place.File);
        if (stamp == seen)
        {
            return false;
        }

        var next = LoadedConfig.Read(place);
        if (!next.Exists && held.Exists)
        {
            next = next with { Findings = [new ConfigFault("", new Source(SourceKind.File, place.File), "The file is gone.", "Bring it back, or restart the server to go on without it.")] };
        }

        // An editor may be in the middle of writing: faults count when a second look finds the same file.
        if (!next.IsSound && stamp != doubted)
        {
            doubted = stamp;
            return false;
        }

        (seen, doubted) = (stamp, null);
        await TakeAsync(next, cancellation).ConfigureAwait(false);
        return false;
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        // What was written between the start's reading and this look is found by the difference of what it says.
        seen = Stamp.Never;
        foreach (var change in ConfigChange.Between(Setting.Defaults, started))
        {
            // Who started it knows: 'parley config show' has it, and lines between those of the start only hide them.
            log.LogDebug("Configuration: {Key} {Default} → {Value} ({Source})", change.Key, change.Old, change.New, change.Source);
        }

        await WarnAsync(held, cancellation).ConfigureAwait(false);
    }

    private async Task TakeAsync(LoadedConfig next, CancellationToken cancellation)
    {
        var before = faults.Count;
        faults = [.. next.Faults];
        if (!next.IsSound)
        {
            foreach (var fault in faults)
            {
                log.LogError("Configuration: {Place}: {Fault} Fix: {Fix}", fault.Source.Exact, fault.Sentence, fault.Fix);
            }

            log.LogError("The configuration has {Faults}; what held before goes on", ConfigRefusal.Count(faults.Count, "fault"));
            return;
        }

        var changes = ConfigChange.Between(held.Settings, next.Settings);
        (current, outbound) = (next.Policy, next.Outbound);
        held = next;
        foreach (var change in changes)
        {
            log.LogInformation("Configuration: {Key} {Old} → {New} ({Source}){Restart}", change.Key, change.Old, change.New, change.Source, change.NeedsRestart ? "; it counts from the next start" : "");
        }

        if (before > 0)
        {
            log.LogInformation("The configuration is free of faults again");
        }

        if (changes.Count > 0)
        {
            await WarnAsync(next, cancellation).ConfigureAwait(false);
        }
    }

    private async Task WarnAsync(LoadedConfig config, CancellationToken cancellation)
    {
        foreach (var warning in config.Warnings.Concat(Crossings.Strangers(config.Root, await agents(cancellation).ConfigureAwait(false))))
        {
            log.LogWarning("Configuration: {Place}: {Warning} Fix: {Fix}", warning.Source.Exact, warning.Sentence, warning.Fix);
        }
    }

    /// <summary>What tells one state of a file from another.</summary>
    private sealed record Stamp(DateTime Written, long Length)
    {
        /// <summary>No file has it.</summary>
        public static readonly Stamp Never = new(default, -2);

        private static readonly Stamp Missing = new(default, -1);

        /// <summary>Of what the path leads to; a link that is turned to another file is a change.</summary>
        public static Stamp Of(string path)
        {
            try
            {
                using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                return new Stamp(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return Missing;
            }
        }
    }
}
